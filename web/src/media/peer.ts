import type { VideoSetting } from './captureSettings';
import { maxBitrate } from './captureSettings';

/** The order of m-lines is fixed (protocol.md §5): 0 the voice, 1 our camera, 2 our screen, from 3 on the slots. */
const camera = 1;
const firstSlot = 3;

/** One video slot: the mid of its m-line and its stream, one and the same whoever is in it. */
export interface Slot {
  mid: string;
  stream: MediaStream;
}

/** One RTCPeerConnection with the m-lines of the protocol. Offers once; a peer that fails is replaced, not repaired. */
export class Peer {
  readonly pc: RTCPeerConnection;
  /** The mix of all others. */
  readonly mix: MediaStream;
  /** Empty until `offer`: mids are given by the offer. */
  slots: readonly Slot[] = [];

  readonly #transceivers: RTCRtpTransceiver[];

  constructor(pc: RTCPeerConnection, slotCount: number, video: VideoSetting) {
    this.pc = pc;
    const voice = pc.addTransceiver('audio', { direction: 'sendrecv' });
    this.#transceivers = [
      voice,
      pc.addTransceiver('video', { direction: 'sendonly', sendEncodings: [{ maxBitrate: maxBitrate(video) }] }),
      pc.addTransceiver('video', { direction: 'sendonly' }),
      ...Array.from({ length: slotCount }, () => pc.addTransceiver('video', { direction: 'recvonly' })),
    ];
    this.mix = new MediaStream([voice.receiver.track]);
  }

  /** Puts tracks in and takes them out without a new offer; null sends nothing. */
  async send(mic: MediaStreamTrack | null, cam: MediaStreamTrack | null): Promise<void> {
    await Promise.all([this.#replace(0, mic), this.#replace(camera, cam)]);
  }

  /** Makes the offer and takes the answer that `negotiate` brings. */
  async offer(negotiate: (sdp: string) => Promise<string>): Promise<void> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    this.slots = this.#transceivers.slice(firstSlot).map((transceiver) => ({
      mid: transceiver.mid ?? '',
      stream: new MediaStream([transceiver.receiver.track]),
    }));
    const sdp = await negotiate(this.pc.localDescription?.sdp ?? '');
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
  }

  close(): void {
    this.pc.close();
  }

  async #replace(index: number, track: MediaStreamTrack | null): Promise<void> {
    const sender = this.#transceivers[index]?.sender;
    if (sender && sender.track !== track) {
      await sender.replaceTrack(track).catch(() => {
        // The peer was closed meanwhile; the next one gets the track when it is made.
      });
    }
  }
}
