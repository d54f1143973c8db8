import { batch, computed, effect, type Signal, signal } from '@preact/signals';
import type { DeviceKind, LocalMedia, LocalMediaState } from '../../media/localMedia';
import { type LegState, MediaLeg } from '../../media/mediaLeg';
import type { Slot } from '../../media/peer';
import { viewSize } from '../../media/slotAssignment';
import type { ConnectionFigures } from '../../media/stats';
import { StatsReader } from '../../media/statsReader';
import { ViewRequests } from '../../media/viewRequests';
import type { MeetingClient } from '../../signalling/meetingClient';
import { isOver, type MeetingState } from '../../signalling/meetingState';
import { holdPlace, places } from '../../signalling/places';
import type { Joined, MediaState } from '../../signalling/protocol';
import { t } from '../../strings';
import { videoSetting } from '../devices';
import { bestGrid, planTiles } from '../layout';
import { toast, toastOf } from '../toasts';
import { OwnVoice } from './ownVoice';

export type Panel = 'chat' | 'people' | null;
export type Sheet = 'settings' | 'help' | 'end' | null;

/** Most tiles on a wide and on a narrow stage, the "+N" tile included. */
const mostTiles = { wide: 9, narrow: 6 };
const narrow = 560;
const tileGap = 8;
/** Refused (too often), our device state is told again after this. */
const tellAgainAfter = 1_000;
const placeSeenEvery = 5_000;

/**
 * A meeting as one person is in it: holds signalling, the media leg and the own devices together, and gives the pages signals to
 * draw from. Made when a join succeeded; `close` lets go of everything.
 */
export class MeetingRoom {
  readonly state: Signal<MeetingState>;
  readonly local: Signal<LocalMediaState>;
  readonly leg = signal<{ state: LegState; message: string }>({ state: 'idle', message: '' });
  readonly mix = signal<MediaStream | null>(null);
  readonly slots = signal<readonly Slot[]>([]);
  readonly panel = signal<Panel>(null);
  readonly sheet = signal<Sheet>(null);
  readonly soundBlocked = signal(false);
  readonly pushToTalk = signal(false);
  readonly voice: OwnVoice;
  readonly figures = signal<ConnectionFigures | null>(null);
  /** Inner size of the stage, in CSS pixels. */
  readonly stage = signal({ width: 0, height: 0 });

  readonly plan = computed(() => {
    const { participants, selfId, heard } = this.state.value;
    const most = this.stage.value.width < narrow ? mostTiles.narrow : mostTiles.wide;
    return planTiles(
      participants.map((p) => p.id),
      selfId,
      heard,
      most,
    );
  });
  readonly grid = computed(() => {
    const { shown, hidden } = this.plan.value;
    return bestGrid(shown.length + (hidden ? 1 : 0), this.stage.value, tileGap);
  });
  /** The stream that shows each participant now, by id: only what the server said is in a slot. */
  readonly pictures = computed(() => {
    const { slots: shown, participants } = this.state.value;
    const pictures = new Map<string, MediaStream>();
    for (const slot of this.slots.value) {
      const source = shown[slot.mid];
      const owner = source && participants.find((p) => p.id === source.participantId);
      if (owner?.media.cam && source?.source === 'camera') {
        pictures.set(owner.id, slot.stream);
      }
    }
    return pictures;
  });

  readonly #client: MeetingClient;
  readonly #devices: LocalMedia;
  readonly #name: string;
  readonly #disposers: (() => void)[] = [];
  readonly #ownTrack = computed(() => this.local.value.mic.track);
  readonly #statsReader = new StatsReader();
  readonly #views: ViewRequests;
  #token = '';
  #leg: MediaLeg | null = null;
  #lostMedia = false;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;
  #told: MediaState | null = null;
  #following = false;
  /** The person pressed a button while the connection was lost: after the rejoin that counts, not what the server kept. */
  #changedWhileAway = false;

  constructor(client: MeetingClient, devices: LocalMedia, name: string) {
    this.#client = client;
    this.#devices = devices;
    this.#name = name;
    this.state = signal(client.state);
    this.local = signal(devices.state);
    this.voice = new OwnVoice(this.#ownTrack, () => devices.state.mic.on);
    this.#views = new ViewRequests(async (view) => !(await client.setView(view)).error);

    client.onChange = (state, event, before) => {
      const said = toastOf(event, before);
      if (said) {
        toast(said.text, said.tone);
      }
      this.state.value = state;
      if (event.type === 'mediaState' && event.leg.state === 'failed') {
        this.#leg?.serverFailed(event.leg.message ?? '');
      }
      if (isOver(state)) {
        this.#release();
      }
    };
    client.media = () => this.#wanted();
    client.onJoined = (joined, again) => this.#onJoined(joined, again);
    devices.onChange = (state) => {
      this.local.value = state;
      this.#tellMedia();
    };
    devices.onLost = (kind) => toast(t.problem.lost(t.device[kind]), 'bad');

    const seen = setInterval(() => this.#keepPlace(), placeSeenEvery);
    const online = () => client.retryNow();
    addEventListener('online', online);
    this.#disposers.push(
      () => clearInterval(seen),
      () => removeEventListener('online', online),
      effect(() => this.#sendTracks()),
      effect(() => this.#planView()),
      () => this.voice.close(),
      () => this.#views.stop(),
    );
  }

  /** Takes up a join that succeeded before this room was made. */
  enter(joined: Joined): void {
    this.#onJoined(joined, false);
  }

  toggle(kind: DeviceKind): void {
    void this.setDevice(kind, !this.local.value[kind].on);
  }

  async setDevice(kind: DeviceKind, on: boolean): Promise<void> {
    await this.#devices.set(kind, on);
    this.voice.dismiss();
    if (on && this.local.value[kind].problem) {
      // The settings say what is wrong and what to click.
      this.sheet.value = 'settings';
    }
  }

  choose(kind: DeviceKind, deviceId: string): void {
    void this.#devices.choose(kind, deviceId);
  }

  chooseSpeaker(deviceId: string): void {
    this.#devices.chooseSpeaker(deviceId);
  }

  /** Space is held: talk while muted. */
  talk(held: boolean): void {
    if (held && !this.local.value.mic.on) {
      this.pushToTalk.value = true;
      void this.setDevice('mic', true);
    } else if (!held && this.pushToTalk.value) {
      this.pushToTalk.value = false;
      void this.setDevice('mic', false);
    }
  }

  show(panel: Panel): void {
    batch(() => {
      this.panel.value = panel;
      this.#client.openChat(panel === 'chat');
    });
  }

  togglePanel(panel: Exclude<Panel, null>): void {
    this.show(this.panel.value === panel ? null : panel);
  }

  say(text: string): void {
    this.#client.sendChat(text, newClientId(), new Date().toISOString());
  }

  retryChat(clientId: string): void {
    this.#client.retryChat(clientId);
  }

  discardChat(clientId: string): void {
    this.#client.discardChat(clientId);
  }

  retryNow(): void {
    this.#client.retryNow();
  }

  async leave(): Promise<void> {
    places.forget(this.state.value.id);
    await this.#client.leave();
  }

  async endForAll(secret: string): Promise<string | null> {
    const { error } = await this.#client.cancel(secret);
    return error ? error.message || t.refusal(error.code) : null;
  }

  /** Reads the figures of the connection now; called while somebody looks at them. */
  async readFigures(): Promise<void> {
    this.figures.value = await this.#statsReader.read(this.pc);
  }

  get pc(): RTCPeerConnection | null {
    return this.#leg?.pc ?? null;
  }

  /** Lets go of devices and connections without giving the place up. */
  close(): void {
    this.#client.onChange = () => {};
    this.#release();
  }

  #release(): void {
    for (const dispose of this.#disposers.splice(0)) {
      dispose();
    }
    clearTimeout(this.#tellTimer);
    this.#leg?.close();
    this.#leg = null;
    this.#devices.close();
    batch(() => {
      this.local.value = this.#devices.state;
      this.leg.value = { state: 'idle', message: '' };
      this.mix.value = null;
      this.slots.value = [];
    });
    if (isOver(this.state.value) && this.state.value.phase !== 'refused') {
      places.forget(this.state.value.id);
    }
  }

  #onJoined(joined: Joined, again: boolean): void {
    this.state.value = this.#client.state;
    places.keep(joined.meeting.id, joined.resumeToken, this.#name);
    this.#token = joined.resumeToken;
    void holdPlace(joined.resumeToken);
    const own = joined.meeting.participants.find((p) => p.id === joined.participantId);
    if (own && joined.resumed && !this.#changedWhileAway) {
      this.#told = own.media;
      void this.#follow(own.media);
    } else {
      this.#told = own?.media ?? null;
      this.#tellMedia();
    }
    this.#changedWhileAway = false;
    if (!this.#leg) {
      this.#leg = this.#makeLeg(joined.limits.slots);
      this.#sendTracks();
      this.#leg.start();
    } else if (again && joined.resumed && this.#leg.alive) {
      this.#views.repeat();
      this.#planView();
    } else {
      this.#leg.start();
    }
  }

  #keepPlace(): void {
    if (this.#token && !isOver(this.state.value)) {
      places.keep(this.state.value.id, this.#token, this.#name);
    }
  }

  /** Brings the devices to what the server kept for our place. */
  async #follow(media: MediaState): Promise<void> {
    // Told at the end, not at each step: the others should not see it go off and on.
    this.#following = true;
    await Promise.all([this.#devices.set('mic', media.mic), this.#devices.set('cam', media.cam)]);
    this.#following = false;
    this.#tellMedia();
  }

  #makeLeg(slots: number): MediaLeg {
    const leg = new MediaLeg({
      slots,
      video: videoSetting(),
      negotiate: async (sdp) => {
        const { value, error } = await this.#client.offer(sdp);
        return value ?? error ?? { code: 'unreachable', message: '' };
      },
    });
    leg.onChange = (state, message) => {
      const before = this.leg.value.state;
      this.leg.value = { state, message };
      if (state === 'connecting' || state === 'waiting') {
        // The streams of the peer before are dead: no tile shows them any more.
        this.slots.value = [];
        this.#client.clearSlots();
      }
      if (state === 'waiting' && (before === 'connected' || before === 'interrupted')) {
        toast(t.toast.mediaFailed, 'bad');
        this.#lostMedia = true;
      } else if (state === 'refused') {
        toast(message || t.toast.mediaRefused, 'bad');
      } else if (state === 'connected' && this.#lostMedia) {
        toast(t.toast.mediaRestored, 'good');
        this.#lostMedia = false;
      }
    };
    leg.onPeer = (peer) => {
      this.#views.reset();
      batch(() => {
        this.mix.value = peer.mix;
        this.slots.value = peer.slots;
      });
    };
    return leg;
  }

  /** A device is on once it delivers; while it is being switched it stays what it was. */
  #wanted(): MediaState {
    const { mic, cam } = this.#devices.state;
    return {
      mic: mic.on && (mic.track !== null || (mic.opening && this.#told?.mic === true)),
      cam: cam.on && (cam.track !== null || (cam.opening && this.#told?.cam === true)),
    };
  }

  /** Tells the others what our devices do, if it changed since they were last told. */
  #tellMedia(): void {
    if (this.#following || this.#token === '') {
      return;
    }
    const media = this.#wanted();
    if (this.#told && this.#told.mic === media.mic && this.#told.cam === media.cam) {
      return;
    }
    if (this.state.value.phase !== 'joined') {
      this.#changedWhileAway = true;
      return;
    }
    this.#told = media;
    void this.#client.setMedia(media).then(({ error }) => {
      if (!error || this.#told !== media || isOver(this.state.value)) {
        return;
      }
      this.#told = null;
      if (this.state.value.phase === 'joined') {
        this.#tellTimer = setTimeout(() => this.#tellMedia(), tellAgainAfter);
      } else {
        this.#changedWhileAway = true;
      }
    });
  }

  #sendTracks(): void {
    const { mic, cam } = this.local.value;
    // A muted microphone is not sent at all: nothing to be heard, whatever the server does.
    this.#leg?.send(mic.on ? mic.track : null, cam.on ? cam.track : null);
  }

  /** Works out the view after anything it depends on changed. */
  #planView(): void {
    const slots = this.slots.value;
    const { shown } = this.plan.value;
    const { participants, selfId, phase } = this.state.value;
    const { width, height } = this.grid.value;
    if (!slots.length || phase !== 'joined') {
      return;
    }
    const withCamera = new Set(participants.filter((p) => p.media.cam && p.id !== selfId).map((p) => p.id));
    this.#views.want(
      slots.map((slot) => slot.mid),
      shown.filter((id) => withCamera.has(id)),
      { width: viewSize(width, devicePixelRatio), height: viewSize(height, devicePixelRatio) },
    );
  }
}

// crypto.randomUUID is there on secure pages only; chat must work on the others too.
function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
