/** The screen as a person shares it: chosen in the browser's own window, ended there or here. */
export class ScreenShare {
  onChange: (track: MediaStreamTrack | null) => void = () => {};

  #track: MediaStreamTrack | null = null;
  #closed = false;
  #choosing = false;
  readonly #devices: Pick<MediaDevices, 'getDisplayMedia'> | null;

  /** `devices` is null where the browser cannot share. */
  constructor(devices: Pick<MediaDevices, 'getDisplayMedia'> | null) {
    this.#devices = devices;
  }

  get possible(): boolean {
    return this.#devices !== null;
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /** Asks what to share. False when it failed; that the person changed their mind is no failure. */
  async start(): Promise<boolean> {
    if (!this.#devices || this.#track || this.#choosing || this.#closed) {
      return true;
    }
    this.#choosing = true;
    try {
      const stream = await this.#devices.getDisplayMedia({ video: true });
      const track = stream.getVideoTracks()[0] ?? null;
      if (this.#closed) {
        track?.stop();
        return true;
      }
      // Text must stay sharp: rather fewer frames than fewer pixels.
      if (track && 'contentHint' in track) {
        track.contentHint = 'detail';
      }
      track?.addEventListener('ended', () => this.#track === track && this.stop());
      this.#set(track);
      return track !== null;
    } catch (error) {
      return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
    } finally {
      this.#choosing = false;
    }
  }

  stop(): void {
    this.#track?.stop();
    this.#set(null);
  }

  close(): void {
    this.#closed = true;
    this.stop();
  }

  #set(track: MediaStreamTrack | null): void {
    if (track !== this.#track) {
      this.#track = track;
      this.onChange(track);
    }
  }
}
