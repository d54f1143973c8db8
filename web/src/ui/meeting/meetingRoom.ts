import { batch, computed, effect, type Signal, signal } from '@preact/signals';
import type { DeviceKind, LocalMedia, LocalMediaState } from '../../media/localMedia';
import type { Outgoing } from '../../media/outgoing';
import { ScreenShare } from '../../media/screenShare';
import { SpeakingHold } from '../../media/speaking';
import { WayWatch } from '../../media/wayWatch';
import type { MeetingClient } from '../../signalling/meetingClient';
import { isOver, type MeetingState } from '../../signalling/meetingState';
import { holdPlace, places } from '../../signalling/places';
import type { Joined, ModePin } from '../../signalling/protocol';
import { t } from '../../strings';
import { screenDevices } from '../devices';
import { toast, toastOf } from '../toasts';
import { OwnMedia } from './ownMedia';
import { OwnVoice } from './ownVoice';
import { PageSight } from './pageSight';
import { RoomMedia } from './roomMedia';
import { RoomStage } from './roomStage';

export type Panel = 'chat' | 'people' | null;
export type Sheet = 'settings' | 'connection' | 'help' | 'end' | null;

const placeSeenEvery = 5_000;
/** On a page as narrow as this an open panel lies over the whole stage (panels.css). */
const panelCovers = '(max-width: 860px)';

/**
 * A meeting as one person is in it: holds signalling, media and the own devices together, and gives the pages signals to
 * draw from. Made when a join succeeded; `close` lets go of everything.
 */
export class MeetingRoom {
  readonly state: Signal<MeetingState>;
  readonly local: Signal<LocalMediaState>;
  readonly media: RoomMedia;
  /** Our own screen while it is shared. */
  readonly screen = signal<MediaStreamTrack | null>(null);
  readonly panel = signal<Panel>(null);
  readonly sheet = signal<Sheet>(null);
  readonly soundBlocked = signal(false);
  readonly pushToTalk = signal(false);
  readonly voice: OwnVoice;
  readonly stage: RoomStage;
  /** Who speaks: whom the server hears, and on a link, where it hears nobody, the two themselves. */
  readonly speaking = computed(() => {
    const { speaking, selfId } = this.state.value;
    const own = this.media.direct.value && this.#speaks.value ? [selfId] : [];
    return [...new Set([...speaking, ...this.media.speaking.value, ...own])];
  });
  /** The other end of the link. */
  readonly peer = computed(() => {
    const { link } = this.media.path.value.state;
    return this.state.value.participants.find((p) => p.id === link?.peerId) ?? null;
  });
  /** The other's way to the server is broken: a third person would not see or hear them. */
  readonly peerBroken = signal(false);
  /** The server is away and the two go on without it: nothing is to be covered. */
  readonly serverAway = computed(() => this.state.value.phase === 'reconnecting' && this.media.direct.value);

  readonly #peerWay = new WayWatch((broken) => {
    this.peerBroken.value = broken;
  });
  readonly #client: MeetingClient;
  readonly #devices: LocalMedia;
  readonly #share = new ScreenShare(screenDevices());
  readonly #own: OwnMedia;
  readonly #name: string;
  readonly #disposers: (() => void)[] = [];
  readonly #ownTrack = computed(() => this.local.value.mic.track);
  readonly #hold = new SpeakingHold();
  readonly #sight = new PageSight(document);
  readonly #narrow = matchMedia(panelCovers);
  readonly #speaks = signal(false);
  #token = '';

  constructor(client: MeetingClient, devices: LocalMedia, name: string) {
    this.#client = client;
    this.#devices = devices;
    this.#name = name;
    this.state = signal(client.state);
    this.local = signal(devices.state);
    this.voice = new OwnVoice(this.#ownTrack, () => devices.state.mic.on);
    this.#own = new OwnMedia(client, devices, this.#share);
    // A muted microphone is not sent at all: nothing to be heard, whatever the server or the other does.
    const outgoing = computed<Outgoing>(() => {
      const { mic, cam } = this.local.value;
      return { mic: mic.on ? mic.track : null, cam: cam.on ? cam.track : null, screen: this.screen.value };
    });
    this.media = new RoomMedia(client, this.state, outgoing);
    this.stage = new RoomStage(this.state);

    client.onChange = (state, event, before) => {
      const direct = this.media.direct.value;
      const said = toastOf(event, before, direct);
      if (said) {
        toast(said.text, said.tone);
      }
      this.state.value = state;
      if (event.type === 'mediaState' && event.leg.state === 'failed') {
        this.media.serverFailed(event.leg.message ?? '');
      } else if (event.type === 'modeChanged') {
        this.media.modeChanged();
      }
      if (isOver(state)) {
        this.#release();
      }
    };
    client.media = () => this.#own.wanted();
    client.onJoined = (joined, again) => this.#onJoined(joined, again);
    devices.onChange = (state) => {
      this.local.value = state;
      this.#own.tell();
    };
    this.#share.onChange = (track) => {
      this.screen.value = track;
      this.#own.tell();
    };
    devices.onLost = (kind) => toast(t.problem.lost(t.device[kind]), 'bad');

    const seen = setInterval(() => this.#keepPlace(), placeSeenEvery);
    const online = () => client.retryNow();
    addEventListener('online', online);
    this.#disposers.push(
      () => clearInterval(seen),
      () => removeEventListener('online', online),
      effect(() => this.#planView()),
      () => this.stage.close(),
      () => this.#sight.close(),
      effect(() => this.#peerWay.see(this.peer.value?.serverLeg)),
      () => this.#peerWay.close(),
      effect(() => {
        const level = this.local.value.mic.on ? 10 ** (this.voice.level.value / 20) : 0;
        this.#speaks.value = this.#hold.heard(level, performance.now());
      }),
      () => this.voice.close(),
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

  get canShare(): boolean {
    return this.#share.possible;
  }

  async toggleScreen(): Promise<void> {
    if (this.screen.value) {
      this.#share.stop();
    } else if (!(await this.#share.start())) {
      toast(t.toast.screenFailed, 'bad');
    }
  }

  /** The creator says who is to carry the media. */
  async pinMode(pin: ModePin): Promise<void> {
    const { error } = await this.#client.setMode(pin);
    if (error) {
      toast(error.message || t.refusal(error.code), 'bad');
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

  /** Lets go of devices and connections without giving the place up. */
  close(): void {
    this.#client.onChange = () => {};
    this.#release();
  }

  #release(): void {
    for (const dispose of this.#disposers.splice(0)) {
      dispose();
    }
    this.#own.close();
    this.media.close();
    this.#share.close();
    this.#devices.close();
    this.local.value = this.#devices.state;
    if (isOver(this.state.value) && this.state.value.phase !== 'refused') {
      places.forget(this.state.value.id);
    }
  }

  #onJoined(joined: Joined, again: boolean): void {
    this.state.value = this.#client.state;
    places.keep(joined.meeting.id, joined.resumeToken, this.#name);
    this.#token = joined.resumeToken;
    void holdPlace(joined.resumeToken);
    this.#own.joined(joined);
    this.media.joined(joined, again);
    this.#planView();
  }

  #keepPlace(): void {
    if (this.#token && !isOver(this.state.value)) {
      places.keep(this.state.value.id, this.#token, this.#name);
    }
  }

  /** Works out the view after anything it depends on changed: what nobody can see is not asked for. */
  #planView(): void {
    const covered = this.panel.value !== null && this.#narrow.matches;
    // While there is a link, the server's pictures must be there for the way back, also behind a tab that is hidden.
    const linked = this.media.path.value.state.link !== null;
    const seen = linked || (this.#sight.seen.value && !covered);
    this.media.want(seen ? this.stage.wanted(devicePixelRatio) : []);
  }
}

// crypto.randomUUID is there on secure pages only; chat must work on the others too.
function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
