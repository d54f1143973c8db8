import { allLayers, offeredEncodings, type Size, type VideoLine } from './encodings';
import { LipSync } from './lipSync';
import { nothing, type Outgoing, sources } from './outgoing';
import { putTrack } from './putTrack';

/** The order of m-lines is fixed (protocol.md §5): the voice, our camera, our screen, and then the slots. */
const firstSlot = sources.length;

/** One video slot: the mid of its m-line and its stream, one and the same whoever is in it. */
export interface Slot {
  mid: string;
  stream: MediaStream;
  receiver: RTCRtpReceiver;
}

/** One RTCPeerConnection with the m-lines of the protocol. Its path may be restarted; a peer that fails is replaced. */
export class Peer {
  readonly pc: RTCPeerConnection;
  /** The mix of all others. */
  readonly mix: MediaStream;
  /** Empty until `offer`: mids are given by the offer. */
  slots: readonly Slot[] = [];

  readonly #transceivers: RTCRtpTransceiver[];
  /** The size of a picture until its track says its own. */
  readonly #size: Size;
  readonly #layers: Record<VideoLine, number> = { cam: allLayers, screen: allLayers };
  #outgoing = nothing;
  #answered = false;
  #fitted = '';
  readonly #lips: LipSync;

  constructor(pc: RTCPeerConnection, slotCount: number, size: Size) {
    this.pc = pc;
    this.#size = size;
    const voice = pc.addTransceiver('audio', { direction: 'sendrecv' });
    this.#transceivers = [
      voice,
      pc.addTransceiver('video', { direction: 'sendonly', sendEncodings: offeredEncodings('cam', size) }),
      pc.addTransceiver('video', { direction: 'sendonly', sendEncodings: offeredEncodings('screen', size) }),
      ...Array.from({ length: slotCount }, () => pc.addTransceiver('video', { direction: 'recvonly' })),
    ];
    this.mix = new MediaStream([voice.receiver.track]);
    // The first slot is in the mix's own stream: that one the browser does.
    const [held, ...others] = this.#transceivers.slice(firstSlot).map(({ receiver }) => receiver);
    this.#lips = new LipSync(voice.receiver, held, others);
  }

  /** Puts tracks in and takes them out without a new offer. */
  async send(outgoing: Outgoing): Promise<void> {
    this.#outgoing = outgoing;
    await this.#put();
  }

  /** Only the lowest so many encodings of a picture are of use to anybody. */
  async limit(line: VideoLine, layers: number): Promise<void> {
    this.#layers[line] = layers;
    await this.#put();
  }

  /** A picture may have another size than before: a window that is shared, a phone that is turned. */
  async fit(): Promise<void> {
    if (this.#sizes() !== this.#fitted) {
      await this.#put();
    }
  }

  /** Holds the pictures until their voices are played; from time to time. */
  matchLips(): Promise<void> {
    return this.#lips.follow();
  }

  /** Makes the offer and takes the answer that `negotiate` brings. */
  async offer(negotiate: (sdp: string) => Promise<string>): Promise<void> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    this.slots = this.#transceivers.slice(firstSlot).map((transceiver) => ({
      mid: transceiver.mid ?? '',
      stream: new MediaStream([transceiver.receiver.track]),
      receiver: transceiver.receiver,
    }));
    await this.#answer(await negotiate(this.pc.localDescription?.sdp ?? ''));
  }

  /** New ICE credentials and candidates with the same everything else (RFC 8445 §9); the streams go on meanwhile. */
  async restart(iceServers: RTCIceServer[] | null, negotiate: (sdp: string) => Promise<string>): Promise<void> {
    if (iceServers) {
      this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers });
    }
    this.pc.restartIce();
    await this.pc.setLocalDescription(await this.pc.createOffer());
    await this.#answer(await negotiate(this.pc.localDescription?.sdp ?? ''));
  }

  /** Takes back an offer that was not answered. */
  async undo(): Promise<void> {
    if (this.pc.signalingState === 'have-local-offer') {
      await this.pc.setLocalDescription({ type: 'rollback' });
    }
  }

  close(): void {
    this.pc.close();
  }

  async #answer(sdp: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
    this.#answered = true;
    // An answer without simulcast leaves the first encoding alone, and in Chromium any answer makes all of them active.
    await this.#put();
  }

  async #put(): Promise<void> {
    this.#fitted = this.#sizes();
    await Promise.all(
      sources.map(async (source, index) => {
        const sender = this.#transceivers[index]?.sender;
        const track = this.#outgoing[source];
        if (sender && (source === 'mic' || !this.#answered)) {
          await putTrack(sender, { track });
        } else if (sender && source !== 'mic') {
          await putTrack(sender, { track, video: { line: source, size: this.#size, layers: this.#layers[source] } });
        }
      }),
    );
  }

  #sizes(): string {
    return [this.#outgoing.cam, this.#outgoing.screen]
      .map((track) => track?.getSettings?.() ?? {})
      .map(({ width, height }) => `${width}x${height}`)
      .join();
  }
}
