import { mediaSchedule } from '../retrySchedule';
import { defaultVideo, type VideoSetting } from './captureSettings';
import type { VideoLine } from './encodings';
import { nothing, type Outgoing } from './outgoing';
import { Peer } from './peer';
import { SilenceWatch } from './silenceWatch';

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
  /** Relays, for when the server's own candidates do not work. */
  relays?: () => RTCIceServer[];
  /** Whether something should be coming from the server now. */
  expects?: () => boolean;
  /** An offer got no answer in time: the way to the server itself is in doubt. */
  onUnanswered?: () => void;
  createPeerConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
  video?: VideoSetting;
  random?: () => number;
}

/** A `disconnected` longer than this is taken as lost, in milliseconds. */
const disconnectedFor = 5_000;
/** An answered offer that does not connect within this is taken as lost. */
const connectWithin = 15_000;
/** Connected for this long, the schedule starts again from its beginning. */
const steadyAfter = 10_000;
/** Without relays for this long at first (protocol.md §5). */
const relaysAfter = 4_000;
/** A restart whose offer is not answered within this: the hub is asked whether it is still there. */
const answerWithin = 1_200;
const listenEvery = 250;
/** How many of these looks there are from one at the lips to the next. */
const lipsEvery = 4;

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
  #relayTimer: ReturnType<typeof setTimeout> | undefined;
  #listenTimer: ReturnType<typeof setInterval> | undefined;
  #restarting: Peer | null = null;
  #outgoing = nothing;
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

  /** What is sent from now on. */
  send(outgoing: Outgoing): void {
    this.#outgoing = outgoing;
    void this.#peer?.send(outgoing);
  }

  /** The server can use only the lowest so many encodings; a new peer sends all until it is told again. */
  limit(line: VideoLine, layers: number): void {
    void this.#peer?.limit(line, layers);
  }

  /** True when the leg still works, so that a new hub connection need not offer again. */
  get alive(): boolean {
    return this.#answered && this.#peer?.pc.connectionState === 'connected';
  }

  /** True when another path may do, as it was not given up yet. */
  get repairable(): boolean {
    return this.alive || (this.#answered && this.#peer?.pc.connectionState === 'disconnected');
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

  /** The network changed, or nothing comes any more: another path for the same leg. */
  restart(): void {
    if (this.#peer && this.#answered) {
      void this.#restart(this.#peer, this.#attempt > 0);
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
    const { createPeerConnection, slots, relays, video = defaultVideo } = this.#options;
    const given = { ...configuration, iceServers: this.#attempt > 0 ? (relays?.() ?? []) : [] };
    const pc = createPeerConnection?.(given) ?? new RTCPeerConnection(given);
    const peer = new Peer(pc, slots, video);
    this.#peer = peer;
    pc.onconnectionstatechange = () => this.#onConnectionState(peer);
    try {
      await peer.send(this.#outgoing);
      await peer.offer((sdp) => this.#negotiate(sdp));
      if (this.#peer !== peer) {
        return;
      }
      this.#answered = true;
      this.#watch(connectWithin);
      this.#relayTimer = setTimeout(() => this.#tryRelays(peer), relaysAfter);
      this.#listen(peer);
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

  async #negotiate(sdp: string): Promise<string> {
    const outcome = await this.#options.negotiate(sdp);
    if ('code' in outcome) {
      throw new Refused(outcome.code, outcome.message);
    }
    return outcome.sdp;
  }

  #tryRelays(peer: Peer): void {
    if (this.#peer === peer && peer.pc.connectionState !== 'connected' && this.#options.relays?.().length) {
      void this.#restart(peer, true);
    }
  }

  /** One at a time; what does not help is found out by the watch, which makes a new peer. */
  async #restart(peer: Peer, withRelays: boolean): Promise<void> {
    if (this.#restarting === peer || this.#peer !== peer || peer.pc.signalingState !== 'stable') {
      return;
    }
    this.#restarting = peer;
    const unanswered = setTimeout(() => this.#options.onUnanswered?.(), answerWithin);
    try {
      await peer.restart(withRelays ? (this.#options.relays?.() ?? []) : null, (sdp) => this.#negotiate(sdp));
    } catch {
      // The path that is there may still do; if not, the watch says so.
      await peer.undo().catch(() => this.#peer === peer && this.#retry(''));
    } finally {
      clearTimeout(unanswered);
      this.#restarting = this.#restarting === peer ? null : this.#restarting;
    }
  }

  /** Silence where something should come is noticed long before ICE says `disconnected`. */
  #listen(peer: Peer): void {
    const silence = new SilenceWatch();
    let looks = 0;
    clearInterval(this.#listenTimer);
    this.#listenTimer = setInterval(async () => {
      const expected = peer.pc.connectionState === 'connected' && (this.#options.expects?.() ?? false);
      void peer.fit();
      if (expected && looks++ % lipsEvery === 0) {
        void peer.matchLips().catch(() => {});
      }
      const bytes = await SilenceWatch.bytesOf(peer.pc).catch(() => 0);
      if (this.#peer === peer && silence.heard(bytes, expected, performance.now())) {
        this.restart();
      }
    }, listenEvery);
  }

  #onConnectionState(peer: Peer): void {
    if (this.#peer !== peer || !this.#answered) {
      return;
    }
    switch (peer.pc.connectionState) {
      case 'connected':
        this.#become('connected', '');
        this.#unwatch();
        clearTimeout(this.#relayTimer);
        this.#watchTimer = setTimeout(() => {
          this.#attempt = 0;
        }, steadyAfter);
        break;
      case 'disconnected':
        this.#become('interrupted', '');
        this.#watch(disconnectedFor);
        this.restart();
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
    clearTimeout(this.#relayTimer);
    clearInterval(this.#listenTimer);
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
