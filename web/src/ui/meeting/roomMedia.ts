import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { relaysOf, rtcIceServers } from '../../media/iceServers';
import { type LegState, MediaLeg } from '../../media/mediaLeg';
import type { Outgoing } from '../../media/outgoing';
import { isRelayed, type PathKind, pathReport } from '../../media/pathReport';
import { type PathSnapshot, PathSwitch } from '../../media/pathSwitch';
import type { Slot } from '../../media/peer';
import { levelOf, SpeakingHold } from '../../media/speaking';
import type { ConnectionFigures } from '../../media/stats';
import { StatsReader } from '../../media/statsReader';
import { pictureKey, ViewRequests, type Wanted } from '../../media/viewRequests';
import type { LinkEvent } from '../../signalling/linkEvents';
import type { MeetingClient } from '../../signalling/meetingClient';
import type { MeetingState } from '../../signalling/meetingState';
import type { Joined, SlotQuality } from '../../signalling/protocol';
import { t } from '../../strings';
import { videoSetting } from '../devices';
import { serverSentence } from '../refusalText';
import { toast } from '../toasts';

const reportEvery = 10_000;
/** A change of path is reported when its figures have had a moment to become true. */
const reportAfter = 1_000;
const speakingEvery = 200;
const parts = [
  ['cam', 'camera'],
  ['screen', 'screen'],
] as const;
/** A hub that has not answered a signal of a link in trouble after this is let go of. */
const answerWithin = 800;

/** Sound and pictures of a meeting: the leg to the server, the link to the one other person, and what is played of each. */
export class RoomMedia {
  readonly leg = signal<{ state: LegState; message: string }>({ state: 'idle', message: '' });
  /** The way to the server broke and has not come back; on peer to peer nobody would notice otherwise. */
  readonly legBroken = signal(false);
  readonly mix = signal<MediaStream | null>(null);
  readonly slots = signal<readonly Slot[]>([]);
  readonly path = signal<PathSnapshot>(null as unknown as PathSnapshot);
  readonly figures = signal<ConnectionFigures | null>(null);
  /** Who speaks on the link, which the server does not hear. */
  readonly speaking = signal<readonly string[]>([]);

  /** The other is played from the link. */
  readonly direct = computed(() => this.path.value.view.fromLink.mic);
  readonly kind = computed<PathKind>(() => {
    if (this.path.value.state.link?.phase === 'playing') {
      return 'peerToPeer';
    }
    const up = this.leg.value.state === 'connected';
    return up ? (this.#relayed.value ? 'relay' : 'server') : 'none';
  });
  /** The stream of each picture that can be shown now, by `pictureKey`: only what the server said is in a slot. */
  readonly pictures = computed(() => {
    const { slots: shown, participants } = this.#state.value;
    const pictures = new Map<string, MediaStream>();
    const on = new Map(participants.map((p) => [p.id, p.media]));
    for (const slot of this.slots.value) {
      const source = shown[slot.mid];
      const media = source && on.get(source.participantId);
      if (source && (source.source === 'camera' ? media?.cam : media?.screen)) {
        pictures.set(pictureKey(source.participantId, source.source), slot.stream);
      }
    }
    const { state, view, streams } = this.path.value;
    const peer = state.link && on.has(state.link.peerId) ? state.link.peerId : null;
    if (peer && streams && view.fromLink.cam && on.get(peer)?.cam) {
      pictures.set(pictureKey(peer, 'camera'), streams.cam);
    }
    if (peer && streams && view.fromLink.screen && on.get(peer)?.screen) {
      pictures.set(pictureKey(peer, 'screen'), streams.screen);
    }
    return pictures;
  });
  /** Which pictures get less than their size could use, by `pictureKey`; on a link the browsers see to that. */
  readonly qualities = computed(() => {
    const { qualities, participants } = this.#state.value;
    const { state, view } = this.path.value;
    const direct = (id: string, part: 'cam' | 'screen') => state.link?.peerId === id && view.fromLink[part];
    const limited = new Map<string, SlotQuality>();
    for (const { id, media } of participants) {
      for (const [part, source] of parts) {
        // By what a slot is to carry: one that is paused from the beginning never gets so far as to show it.
        const mid = this.#assigned.value.get(pictureKey(id, source));
        const quality = mid === undefined ? undefined : qualities[mid];
        if (quality && media[part] && !direct(id, part)) {
          limited.set(pictureKey(id, source), quality);
        }
      }
    }
    return limited;
  });

  /** The slot of each picture that is asked for, by `pictureKey`. */
  readonly #assigned = signal<ReadonlyMap<string, string>>(new Map());
  readonly #client: MeetingClient;
  readonly #state: ReadonlySignal<MeetingState>;
  readonly #paths: PathSwitch;
  readonly #views: ViewRequests;
  readonly #relayed = signal(false);
  readonly #shownFigures = new StatsReader();
  readonly #toldFigures = new StatsReader();
  readonly #disposers: (() => void)[] = [];
  #leg: MediaLeg | null = null;
  #toServer: Outgoing | null = null;
  #lostMedia = false;
  #restartOnJoin = false;
  /** The hub connection was given up because nothing came back over it, as little as over the media's way. */
  #renewed = false;
  #reportTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: MeetingClient, state: ReadonlySignal<MeetingState>, outgoing: ReadonlySignal<Outgoing>) {
    this.#client = client;
    this.#state = state;
    this.#views = new ViewRequests(async (view) => !(await client.setView(view)).error);
    this.#paths = this.#makePaths();
    this.path.value = this.#paths.snapshot;
    this.#paths.onChange = (snapshot) => {
      this.path.value = snapshot;
    };
    client.linkId = () => this.#paths.linkId;
    client.onSendLayers = ({ source, layers }) => this.#leg?.limit(source === 'camera' ? 'cam' : 'screen', layers);
    const network = () => {
      this.#leg?.restart();
      this.#paths.restart();
    };
    addEventListener('online', network);
    const every = setInterval(() => void this.#reportPath(), reportEvery);
    this.#disposers.push(
      effect(() => this.#paths.send(outgoing.value)),
      effect(() => this.#listenToLink()),
      effect(() => this.#reportSoon()),
      () => removeEventListener('online', network),
      () => clearInterval(every),
      () => clearTimeout(this.#reportTimer),
      () => this.#views.stop(),
      () => this.#paths.close(),
    );
  }

  /** The peer connection to the server. */
  get pc(): RTCPeerConnection | null {
    return this.#leg?.pc ?? null;
  }

  get linkPc(): RTCPeerConnection | null {
    return this.#paths.pc;
  }

  joined(joined: Joined, again: boolean): void {
    const { mode, reason } = this.#client.state.mode;
    this.#paths.rejoined(!again || joined.resumed, mode, reason);
    if (!this.#leg) {
      this.#leg = this.#makeLeg(joined.limits.slots);
      this.#leg.send(this.#toServer ?? { mic: null, cam: null, screen: null });
      this.#leg.start();
    } else if (again && joined.resumed && (this.#renewed ? this.#leg.repairable : this.#leg.alive)) {
      this.#views.repeat();
      if (this.#restartOnJoin || this.#renewed) {
        this.#leg.restart();
      }
    } else {
      this.#leg.start();
    }
    this.#restartOnJoin = false;
    this.#renewed = false;
    this.#client.onLink = (event) => this.#onLink(event);
  }

  modeChanged(): void {
    const { mode, reason } = this.#state.value.mode;
    this.#paths.mode(mode, reason);
  }

  serverFailed(message: string): void {
    this.#leg?.serverFailed(message);
  }

  /** Asks the server for these pictures, the most wanted first. */
  want(pictures: readonly Wanted[]): void {
    const slots = this.slots.value;
    if (slots.length && this.#state.value.phase === 'joined') {
      this.#views.want(
        slots.map((slot) => slot.mid),
        pictures,
      );
      this.#assigned.value = new Map([...this.#views.assignment].map(([mid, key]) => [key, mid]));
    }
  }

  /** Reads the figures of the way in use now; called while somebody looks at them. */
  async readFigures(): Promise<void> {
    this.figures.value = await this.#shownFigures.read(this.#pcInUse());
  }

  close(): void {
    for (const dispose of this.#disposers.splice(0)) {
      dispose();
    }
    this.#leg?.close();
    this.#leg = null;
    batch(() => {
      this.leg.value = { state: 'idle', message: '' };
      this.mix.value = null;
      this.slots.value = [];
      this.path.value = { ...this.path.value, streams: null };
    });
  }

  #pcInUse(): RTCPeerConnection | null {
    return this.kind.peek() === 'peerToPeer' ? this.#paths.pc : this.pc;
  }

  #makePaths(): PathSwitch {
    const participant = (id: string) => this.#state.peek().participants.find((p) => p.id === id);
    return new PathSwitch({
      video: videoSetting(),
      signal: async (linkId, message) => {
        // A link that is silent and a hub that does not answer: the network is another one now.
        const timer = this.path.peek().state.link?.interrupted
          ? setTimeout(() => this.#renew(), answerWithin)
          : undefined;
        const { error } = await this.#client.signalLink({ linkId, ...message });
        clearTimeout(timer);
        return error?.code !== 'unreachable';
      },
      report: async (linkId, state) => (await this.#client.reportLink({ linkId, state })).error?.code ?? null,
      sendToServer: (outgoing) => {
        this.#toServer = outgoing;
        this.#leg?.send(outgoing);
      },
      expects: (id) => {
        // While the hub is away it is not known what the other has on.
        const media = this.#state.peek().phase === 'joined' ? participant(id)?.media : undefined;
        return Boolean(media?.mic || media?.cam || media?.screen);
      },
      mediaOf: (id) => {
        const { mic = false, cam = false, screen = false, screenAudio = false } = participant(id)?.media ?? {};
        return { mic: mic || screenAudio, cam, screen };
      },
      slotOf: (id, source) => {
        const shown = this.#state.peek().slots;
        const slot = this.slots
          .peek()
          .find(({ mid }) => shown[mid]?.participantId === id && shown[mid]?.source === source);
        return slot?.receiver ?? null;
      },
      pausedByServer: (id, source) => this.#isPaused(id, source),
      mixReceiver: () => this.#leg?.pc?.getTransceivers()[0]?.receiver ?? null,
      serverCarries: (id) => {
        const other = participant(id);
        const both = this.leg.peek().state === 'connected' && other?.serverLeg === 'connected';
        return both && other.presence === 'connected' && this.#state.peek().phase === 'joined';
      },
    });
  }

  #renew(): void {
    this.#renewed = true;
    this.#client.renew();
  }

  #makeLeg(slots: number): MediaLeg {
    const leg = new MediaLeg({
      slots,
      video: videoSetting(),
      relays: () => relaysOf(rtcIceServers(this.#state.peek().iceServers)),
      expects: () => this.#expectsServer(),
      onUnanswered: () => this.#renew(),
      negotiate: async (sdp) => {
        const { value, error } = await this.#client.offer(sdp);
        this.#restartOnJoin ||= error?.code === 'unreachable';
        return value ?? error ?? { code: 'unreachable', message: '' };
      },
    });
    leg.onChange = (state, message) => this.#onLeg(state, message);
    leg.onPeer = (peer) => {
      this.#views.reset();
      batch(() => {
        this.mix.value = peer.mix;
        this.slots.value = peer.slots;
      });
    };
    return leg;
  }

  #isPaused(id: string, source: 'camera' | 'screen'): boolean {
    const mid = this.#assigned.peek().get(pictureKey(id, source));
    return mid !== undefined && this.#state.peek().qualities[mid]?.level === 'paused';
  }

  /** A picture that is shown and not paused, or a voice that the server hears: one of them must come. Digital silence is not sent. */
  #expectsServer(): boolean {
    const { phase, mode, participants, selfId, slots, speaking } = this.#state.peek();
    if (phase !== 'joined' || mode.mode !== 'server') {
      return false;
    }
    const others = new Map(participants.filter((p) => p.id !== selfId).map((p) => [p.id, p.media]));
    const shown = Object.values(slots).some(({ participantId, source }) => {
      const media = others.get(participantId);
      const on = source === 'camera' ? media?.cam : media?.screen;
      return (
        on && this.#assigned.peek().has(pictureKey(participantId, source)) && !this.#isPaused(participantId, source)
      );
    });
    return shown || speaking.some((id) => others.get(id)?.mic || others.get(id)?.screenAudio);
  }

  #onLeg(state: LegState, message: string): void {
    const before = this.leg.value.state;
    batch(() => {
      this.leg.value = { state, message };
      if (state === 'connected') {
        this.legBroken.value = false;
      } else if (state === 'waiting' || state === 'refused') {
        this.legBroken.value = true;
      }
    });
    if (state === 'connecting' || state === 'waiting') {
      // The streams of the peer before are dead: no tile shows them any more.
      this.slots.value = [];
      this.#client.clearSlots();
    }
    if (state === 'waiting' && (before === 'connected' || before === 'interrupted')) {
      // On peer to peer nothing is lost yet; a note says what would be.
      if (!this.direct.value) {
        toast(t.toast.mediaFailed, 'bad');
        this.#lostMedia = true;
      }
    } else if (state === 'refused') {
      toast(serverSentence(message, t.toast.mediaRefused), 'bad');
    } else if (state === 'connected' && this.#lostMedia) {
      toast(t.toast.mediaRestored, 'good');
      this.#lostMedia = false;
    }
  }

  #onLink(event: LinkEvent): void {
    switch (event.name) {
      case 'linkStarted':
        this.#paths.started({ ...event.argument, iceServers: rtcIceServers(event.argument.iceServers ?? []) });
        break;
      case 'linkSignal':
        this.#paths.take(event.argument.linkId, event.argument);
        break;
      case 'linkEnded':
        this.#paths.ended(event.argument.linkId);
        break;
      case 'inMix':
        this.#paths.inMix(event.argument.participantId, event.argument.rtpTimestamp);
        break;
    }
  }

  /** The ring of the other while only the link hears them. */
  #listenToLink(): (() => void) | undefined {
    const peer = this.direct.value ? this.path.value.state.link?.peerId : undefined;
    if (!peer) {
      this.speaking.value = [];
      return undefined;
    }
    const hold = new SpeakingHold();
    const timer = setInterval(() => {
      const speaks = hold.heard(levelOf(this.#paths.voice), performance.now());
      if (speaks !== this.speaking.peek().includes(peer)) {
        this.speaking.value = speaks ? [peer] : [];
      }
    }, speakingEvery);
    return () => clearInterval(timer);
  }

  #reportSoon(): void {
    const kind = this.kind.value;
    clearTimeout(this.#reportTimer);
    if (kind !== 'none') {
      this.#reportTimer = setTimeout(() => void this.#reportPath(), reportAfter);
    }
  }

  async #reportPath(): Promise<void> {
    const direct = this.kind.peek() === 'peerToPeer';
    const pc = this.#pcInUse();
    const figures = pc && (await this.#toldFigures.read(pc).catch(() => null));
    if (!figures) {
      return;
    }
    if (!direct) {
      this.#relayed.value = isRelayed(figures);
    }
    const report = pathReport(figures, direct ? this.#paths.linkId : null);
    if (report && this.#state.peek().phase === 'joined') {
      await this.#client.reportPath(report);
    }
  }
}
