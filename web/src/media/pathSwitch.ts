import type { VideoSetting } from './captureSettings';
import { LinkReadiness, SlotReturn, type StatsSource } from './linkReadiness';
import { nothing, type Outgoing } from './outgoing';
import {
  type LinkPath,
  nextPath,
  type Part,
  type PathEvent,
  type PathState,
  type PathView,
  reportOf,
  serverOnly,
  viewOf,
} from './pathState';
import { type LinkMessage, PeerLink } from './peerLink';
import { type PlayoutSource, whenPlayed } from './playout';
import { SilenceWatch } from './silenceWatch';

/** What the server says of a link that is to be made. */
export interface LinkInvitation {
  linkId: string;
  peerId: string;
  offers: boolean;
  iceServers: RTCIceServer[];
}

export interface PathSwitchOptions {
  video?: VideoSetting;
  createPeerConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Brings a message to the other end; false when the hub is away, and it did not go out. */
  signal(linkId: string, message: LinkMessage): Promise<boolean>;
  /** Tells the server of the link; the code of its refusal, null when it took it. */
  report(linkId: string, state: 'ready' | 'released' | 'failed'): Promise<string | null>;
  /** What is to be sent to the server. */
  sendToServer(outgoing: Outgoing): void;
  /** Whether something must be coming from the other now. */
  expects(participantId: string): boolean;
  /** Which of their devices the other has on. */
  mediaOf(participantId: string): Record<Part, boolean>;
  /** Who gets the other's picture from the server; null while no slot has it. */
  slotOf(participantId: string, source: 'camera' | 'screen'): StatsSource | null;
  /** The server has paused this picture: it will not come. */
  pausedByServer(participantId: string, source: 'camera' | 'screen'): boolean;
  /** Who gets the mix; null while there is no leg to the server. */
  mixReceiver(): PlayoutSource | null;
  /** Whether the server says that the other is there, and both ways to it are up. */
  serverCarries(participantId: string): boolean;
}

/** What is to be drawn and played. */
export interface PathSnapshot {
  state: PathState;
  view: PathView;
  /** The other's streams on the link; null while there are none. */
  streams: Readonly<Record<Part, MediaStream>> | null;
}

/** A hand-over is watched this often, in milliseconds; a link in use more seldom. */
const watchEvery = 60;
const listenEvery = 250;
/** A link that stays silent for this long though the other sends is broken, whatever ICE says. */
const givenUpAfter = 6_000;
/** A server that was restarted says `inMix` only once the other has named the link too: with both ways to it up for this long, the voice is taken as there. */
const voiceWithin = 2_000;
/** A link that the server does not know is closed this much after our own release: the other may still play it. */
const forgottenFor = 5_000;

/** Switches between the server and a link to the one other person, so that nobody hears or sees a gap (protocol.md §6). */
export class PathSwitch {
  onChange: (snapshot: PathSnapshot) => void = () => {};

  #state = serverOnly;
  #link: PeerLink | null = null;
  #streams: PathSnapshot['streams'] = null;
  #outgoing = nothing;
  #readiness: LinkReadiness | null = null;
  #slotReturns = { cam: new SlotReturn(), screen: new SlotReturn() };
  #carriedSince: number | null = null;
  #silence = new SilenceWatch();
  #timers = new Set<ReturnType<typeof setTimeout>>();
  #watchTimer: ReturnType<typeof setTimeout> | undefined;
  #watches = 0;
  #closed = false;
  #stopWaiting = () => {};
  /** Could not go out, as the hub is away. */
  #unsent: LinkMessage[] = [];
  readonly #options: PathSwitchOptions;

  constructor(options: PathSwitchOptions) {
    this.#options = options;
  }

  get snapshot(): PathSnapshot {
    return { state: this.#state, view: viewOf(this.#state), streams: this.#streams };
  }

  /** The link in use or in the making, for figures; null without one. */
  get pc(): RTCPeerConnection | null {
    return this.#link?.pc ?? null;
  }

  /** The voice of the other on the link, for who asks how loud it is. */
  get voice(): RTCRtpReceiver | null {
    return this.#link?.receivers?.mic ?? null;
  }

  /** The link that a join may name as still ours. */
  get linkId(): string | null {
    const { link } = this.#state;
    return link && link.phase !== 'failed' ? link.id : null;
  }

  /** What is sent from now on, whichever way. */
  send(outgoing: Outgoing): void {
    this.#outgoing = outgoing;
    this.#sendBothWays();
  }

  started(invitation: LinkInvitation): void {
    const { linkId, peerId, offers, iceServers } = invitation;
    if (this.#closed || this.#state.link?.id === linkId) {
      return;
    }
    this.#drop();
    const { video, createPeerConnection } = this.#options;
    const link = new PeerLink({
      offers,
      iceServers,
      ...(video && { video }),
      ...(createPeerConnection && { createPeerConnection }),
      signal: (message) => this.#signal(linkId, message),
    });
    this.#link = link;
    this.#dispatch({ type: 'started', id: linkId, peerId });
    link.onState = (state) => this.#onLinkState(link, state);
    link.onReceivers = (receivers) => {
      this.#readiness = new LinkReadiness(receivers);
      this.#streams = {
        mic: new MediaStream([receivers.mic.track]),
        cam: new MediaStream([receivers.cam.track]),
        screen: new MediaStream([receivers.screen.track]),
      };
      this.#tell();
    };
    link.send(this.#outgoing);
    link.start();
    this.#watch(link);
  }

  /** What the other end told; of a link that is over it means nothing. */
  take(linkId: string, message: LinkMessage): void {
    if (this.#state.link?.id === linkId) {
      this.#link?.take(message);
    }
  }

  ended(linkId: string): void {
    this.#dispatch({ type: 'ended', id: linkId });
  }

  mode(mode: 'server' | 'peerToPeer', reason: string): void {
    this.#dispatch({ type: 'mode', mode, reason });
  }

  inMix(participantId: string, rtpTimestamp: number): void {
    const { link } = this.#state;
    if (link?.phase === 'returning' && link.peerId === participantId) {
      // In the mix, but not yet through its jitter buffer.
      this.#stopWaiting();
      this.#stopWaiting = whenPlayed(this.#options.mixReceiver, rtpTimestamp, () =>
        this.#dispatchOf(link.id, { type: 'back', part: 'mic' }),
      );
    }
  }

  /** After a rejoin: what the server was not told is told again. A new place knows nothing of the old one's link. */
  rejoined(resumed: boolean, mode: 'server' | 'peerToPeer', reason: string): void {
    const { link } = this.#state;
    if (link && !resumed) {
      this.ended(link.id);
    }
    if (this.linkId) {
      for (const message of this.#unsent.splice(0)) {
        this.#signal(this.linkId, message);
      }
    }
    if (link?.interrupted) {
      // What the other told us meanwhile went to a hub connection that was dead.
      this.#link?.restart();
    }
    const before = this.#state.link?.phase;
    this.mode(mode, reason);
    if (before && this.#state.link?.phase === before) {
      this.#report();
    }
  }

  /** The network changed. */
  restart(): void {
    this.#link?.restart();
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  /** Messages stay in order: behind one that waits, all do. */
  #signal(linkId: string, message: LinkMessage): void {
    if (this.#unsent.length) {
      this.#unsent.push(message);
      return;
    }
    void this.#options.signal(linkId, message).then((went) => {
      if (!went && this.linkId === linkId) {
        this.#unsent.push(message);
      }
    });
  }

  #onLinkState(link: PeerLink, state: PeerLink['state']): void {
    if (link !== this.#link) {
      return;
    }
    switch (state) {
      case 'connected':
        this.#dispatch({ type: 'recovered' });
        break;
      case 'interrupted':
        this.#dispatch({ type: 'interrupted' });
        break;
      case 'failed':
        this.#dispatch({ type: 'broken' });
        break;
    }
  }

  #dispatchOf(linkId: string, event: PathEvent): void {
    if (this.#state.link?.id === linkId) {
      this.#dispatch(event);
    }
  }

  #dispatch(event: PathEvent): void {
    const before = this.#state;
    this.#state = nextPath(before, event);
    if (this.#closed || this.#state === before) {
      return;
    }
    const { link } = this.#state;
    const phase = link?.phase;
    if (!link || phase === 'failed') {
      this.#closeLink();
    }
    if (phase === 'returning' && before.link?.phase !== 'returning') {
      this.#slotReturns = { cam: new SlotReturn(), screen: new SlotReturn() };
      this.#carriedSince = null;
      if (this.#link) {
        this.#watch(this.#link);
      }
    }
    // First what is sent and played, then what is said of it.
    this.#sendBothWays();
    this.#tell();
    if (phase !== before.link?.phase || link?.id !== before.link?.id) {
      this.#report();
    }
  }

  #report(): void {
    const { link } = this.#state;
    const state = reportOf(link?.phase);
    if (!link || !state) {
      return;
    }
    void this.#options.report(link.id, state).then((refusal) => {
      if (refusal === 'linkUnknown') {
        this.#later(state === 'released' ? forgottenFor : 0, () => this.ended(link.id));
      }
    });
  }

  #sendBothWays(): void {
    this.#options.sendToServer(viewOf(this.#state).sendToServer ? this.#outgoing : nothing);
    this.#link?.send(this.#outgoing);
  }

  #tell(): void {
    if (!this.#closed) {
      this.onChange(this.snapshot);
    }
  }

  /** Looks at the link again and again as long as it is the one; a hand-over wants it often. */
  #watch(link: PeerLink): void {
    clearTimeout(this.#watchTimer);
    const watch = ++this.#watches;
    const phase = this.#state.link?.phase;
    const every = phase === 'connecting' || phase === 'returning' ? watchEvery : listenEvery;
    void this.#lookOf(link)
      .catch(() => {})
      .then(() => {
        if (watch === this.#watches && link === this.#link) {
          this.#watchTimer = setTimeout(() => this.#watch(link), every);
        }
      });
  }

  async #lookOf(link: PeerLink): Promise<void> {
    const path = this.#state.link;
    if (!path || link !== this.#link) {
      return;
    }
    const media = this.#options.mediaOf(path.peerId);
    switch (path.phase) {
      case 'connecting':
        if (link.state === 'connected' && (await this.#readiness?.read(media))) {
          this.#dispatchOf(path.id, { type: 'ready' });
        }
        break;
      case 'playing':
        await this.#listen(link, path);
        break;
      case 'returning':
        await this.#lookAtReturn(path.id, path.peerId, media);
        break;
    }
  }

  /** Silence is noticed long before ICE says `disconnected`: another path is looked for, and the server gets it all meanwhile. */
  async #listen(link: PeerLink, path: LinkPath): Promise<void> {
    const bytes = await SilenceWatch.bytesOf(link.pc);
    if (link !== this.#link) {
      return;
    }
    const now = performance.now();
    const alarm = this.#silence.heard(bytes, this.#options.expects(path.peerId), now);
    const silent = this.#silence.silence(now);
    if (silent >= givenUpAfter) {
      this.#dispatchOf(path.id, { type: 'broken' });
    } else if (alarm) {
      this.#dispatchOf(path.id, { type: 'interrupted' });
      link.restart();
    } else if (silent === 0 && path.interrupted && link.state === 'connected') {
      this.#dispatchOf(path.id, { type: 'recovered' });
    }
  }

  async #lookAtReturn(linkId: string, peerId: string, media: Record<Part, boolean>): Promise<void> {
    const { slotOf, pausedByServer, serverCarries } = this.#options;
    const [cam, screen] = await Promise.all([
      !media.cam || pausedByServer(peerId, 'camera') || this.#slotReturns.cam.read(slotOf(peerId, 'camera')),
      !media.screen || pausedByServer(peerId, 'screen') || this.#slotReturns.screen.read(slotOf(peerId, 'screen')),
    ]);
    const now = performance.now();
    this.#carriedSince = serverCarries(peerId) ? (this.#carriedSince ?? now) : null;
    const mic = !media.mic || (this.#carriedSince !== null && now - this.#carriedSince >= voiceWithin);
    for (const [part, there] of Object.entries({ mic, cam, screen }) as [Part, boolean][]) {
      if (there) {
        this.#dispatchOf(linkId, { type: 'back', part });
      }
    }
  }

  #later(wait: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, wait);
    this.#timers.add(timer);
  }

  #closeLink(): void {
    this.#stopWaiting();
    clearTimeout(this.#watchTimer);
    this.#watches++;
    this.#link?.close();
    this.#link = null;
    this.#unsent = [];
    this.#readiness = null;
    this.#streams = null;
    this.#silence = new SilenceWatch();
  }

  #drop(): void {
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
    this.#timers.clear();
    this.#closeLink();
  }
}
