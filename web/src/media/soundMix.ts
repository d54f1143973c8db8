/** The microphone goes on through the mix for so long after its end, in milliseconds: until the sender has it without. */
const overlap = 1_000;

/** A shared screen's sound and the microphone as one track: the meeting has one line for what a person sends as sound (protocol.md §5). */
export class SoundMix {
  readonly track: MediaStreamTrack;

  readonly #context: AudioContext;
  readonly #destination: MediaStreamAudioDestinationNode;
  readonly #screen: MediaStreamAudioSourceNode;
  #microphone: { track: MediaStreamTrack; node: MediaStreamAudioSourceNode } | null = null;

  private constructor(context: AudioContext, sound: MediaStreamTrack) {
    this.#context = context;
    this.#destination = context.createMediaStreamDestination();
    this.#screen = context.createMediaStreamSource(new MediaStream([sound]));
    this.#screen.connect(this.#destination);
    this.track = this.#destination.stream.getAudioTracks()[0] as MediaStreamTrack;
  }

  /** Resolves once it runs: a voice that is put into one that stands still would be lost. Rejects where there is no audio system. */
  static async open(sound: MediaStreamTrack): Promise<SoundMix> {
    const context = new AudioContext({ latencyHint: 'interactive' });
    try {
      await context.resume();
      return new SoundMix(context, sound);
    } catch (error) {
      void context.close().catch(() => {});
      throw error;
    }
  }

  /** What of the microphone is heard with it: null while it is off, and nothing of it comes in here then. */
  take(microphone: MediaStreamTrack | null): void {
    if (microphone === (this.#microphone?.track ?? null)) {
      return;
    }
    this.#microphone?.node.disconnect();
    this.#microphone = null;
    if (microphone) {
      const node = this.#context.createMediaStreamSource(new MediaStream([microphone]));
      node.connect(this.#destination);
      this.#microphone = { track: microphone, node };
    }
  }

  /** The screen's sound ends at once. */
  close(): void {
    this.#screen.disconnect();
    setTimeout(() => {
      this.track.stop();
      void this.#context.close().catch(() => {});
    }, overlap);
  }
}
