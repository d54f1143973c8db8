import { mediaSchedule } from '../retrySchedule';
import { defaultVideo, type VideoSetting } from './captureSettings';
import { Peer } from './peer';

/** How the media leg is, in the words of the person who waits for it. */
export type LegState =
  | 'idle'
  | 'connecting'
  | 'connected'
  /** Lost for a moment; it may come back by itself. */
  | 'interrupted'
  /** Lost or never there; a new attempt is waiting for its time. */
  | 'waiting'
  /** The server cannot answer our offer: another attempt would change nothing. */
  | 'refused';

/** What came of an offer: an answer, or why there is none. */
export type Negotiation = { sdp: string } | { code: string; message: string };

export interface MediaLegOptions {
  slots: number;
  negotiate(sdp: string): Promise<Negotiation>;
  createPeerConnection?: () => RTCPeerConnection;
  video?: VideoSetting;
  random?: () => number;
}

/** A `disconnected` longer than this is taken as lost, in milliseconds. */
const disconnectedFor = 5_000;
/** An answered offer that does not connect within this is taken as lost. */
const connectWithin = 15_000;
/** Connected for this long, the schedule starts again from its beginning. */
const steadyAfter = 10_000;

const configuration: RTCConfiguration = { bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' };

/** The media leg of a meeting over any number of peers: offers, watches, and offers anew when one was lost. */
export class MediaLeg {
  onChange: (state: LegState, message: string) => void = () => {};
  /** A new peer was answered: its slots are known, and a view may be set. */
  onPeer: (peer: Peer) => void = () => {};

  #state: LegState = 'idle';
  #peer: Peer | null = null;
  #answered = false;
  #attempt = 0;
  #closed = false;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #watchTimer: ReturnType<typeof setTimeout> | undefined;
  #mic: MediaStreamTrack | null = null;
  #cam: MediaStreamTrack | null = null;
  readonly #options: MediaLegOptions;

  constructor(options: MediaLegOptions) {
    this.#options = options;
  }

  get state(): LegState {
    return this.#state;
  }

  get pc(): RTCPeerConnection | null {
    return this.#peer?.pc ?? null;
  }

  /** What is sent from now on; null is nothing. */
  send(mic: MediaStreamTrack | null, cam: MediaStreamTrack | null): void {
    this.#mic = mic;
    this.#cam = cam;
    void this.#peer?.send(mic, cam);
  }

  /** True when the leg still works, so that a new hub connection need not offer again. */
  get alive(): boolean {
    return this.#answered && this.#peer?.pc.connectionState === 'connected';
  }

  /** Makes a new peer and offers, now. */
  start(): void {
    this.#attempt = 0;
    void this.#connect();
  }

  /** The server says that our leg failed. */
  serverFailed(message: string): void {
    // Before the answer it can only mean the peer that this one replaces.
    if (this.#answered) {
      this.#retry(message);
    }
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  async #connect(): Promise<void> {
    this.#drop();
    if (this.#closed) {
      return;
    }
    this.#become('connecting', '');
    const { createPeerConnection, slots, video = defaultVideo } = this.#options;
    const pc = createPeerConnection ? createPeerConnection() : new RTCPeerConnection(configuration);
    const peer = new Peer(pc, slots, video);
    this.#peer = peer;
    pc.onconnectionstatechange = () => this.#onConnectionState(peer);
    try {
      await peer.send(this.#mic, this.#cam);
      await peer.offer(async (sdp) => {
        const outcome = await this.#options.negotiate(sdp);
        if ('code' in outcome) {
          throw new Refused(outcome.code, outcome.message);
        }
        return outcome.sdp;
      });
      if (this.#peer !== peer) {
        return;
      }
      this.#answered = true;
      this.#watch(connectWithin);
      this.onPeer(peer);
      this.#onConnectionState(peer);
    } catch (error) {
      if (this.#peer !== peer) {
        return;
      }
      if (error instanceof Refused && error.code === 'offerInvalid') {
        this.#drop();
        this.#become('refused', error.message);
      } else {
        this.#retry(error instanceof Refused ? error.message : '');
      }
    }
  }

  #onConnectionState(peer: Peer): void {
    if (this.#peer !== peer || !this.#answered) {
      return;
    }
    switch (peer.pc.connectionState) {
      case 'connected':
        this.#become('connected', '');
        this.#unwatch();
        this.#watchTimer = setTimeout(() => {
          this.#attempt = 0;
        }, steadyAfter);
        break;
      case 'disconnected':
        this.#become('interrupted', '');
        this.#watch(disconnectedFor);
        break;
      case 'failed':
      case 'closed':
        this.#retry('');
        break;
    }
  }

  #watch(patience: number): void {
    this.#unwatch();
    this.#watchTimer = setTimeout(() => this.#retry(''), patience);
  }

  #unwatch(): void {
    clearTimeout(this.#watchTimer);
  }

  #retry(message: string): void {
    this.#drop();
    if (this.#closed) {
      return;
    }
    this.#become('waiting', message);
    this.#retryTimer = setTimeout(() => void this.#connect(), mediaSchedule(this.#attempt++, this.#options.random));
  }

  #drop(): void {
    this.#unwatch();
    clearTimeout(this.#retryTimer);
    this.#answered = false;
    this.#peer?.close();
    this.#peer = null;
  }

  #become(state: LegState, message: string): void {
    if (state !== this.#state || message) {
      this.#state = state;
      this.onChange(state, message);
    }
  }
}

class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
