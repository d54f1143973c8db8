import type { VideoSetting } from './captureSettings';
import { maxBitrate } from './captureSettings';
import { type Outgoing, sources } from './outgoing';
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

  /** Puts tracks in and takes them out without a new offer. */
  async send(outgoing: Outgoing): Promise<void> {
    await Promise.all(sources.map((source, line) => this.#replace(line, outgoing[source])));
  }

  /** Makes the offer and takes the answer that `negotiate` brings. */
  async offer(negotiate: (sdp: string) => Promise<string>): Promise<void> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    this.slots = this.#transceivers.slice(firstSlot).map((transceiver) => ({
      mid: transceiver.mid ?? '',
      stream: new MediaStream([transceiver.receiver.track]),
      receiver: transceiver.receiver,
    }));
    const sdp = await negotiate(this.pc.localDescription?.sdp ?? '');
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
  }

  /** New ICE credentials and candidates with the same everything else (RFC 8445 §9); the streams go on meanwhile. */
  async restart(iceServers: RTCIceServer[] | null, negotiate: (sdp: string) => Promise<string>): Promise<void> {
    if (iceServers) {
      this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers });
    }
    this.pc.restartIce();
    await this.pc.setLocalDescription(await this.pc.createOffer());
    const sdp = await negotiate(this.pc.localDescription?.sdp ?? '');
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
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

  async #replace(index: number, track: MediaStreamTrack | null): Promise<void> {
    const transceiver = this.#transceivers[index];
    if (transceiver) {
      await putTrack(transceiver.sender, track, transceiver.receiver.track.kind);
    }
  }
}
