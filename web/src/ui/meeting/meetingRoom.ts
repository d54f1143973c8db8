import { batch, computed, effect, type Signal, signal } from '@preact/signals';
import type { DeviceKind, LocalMedia, LocalMediaState } from '../../media/localMedia';
import type { Outgoing } from '../../media/outgoing';
import { ScreenShare } from '../../media/screenShare';
import type { SoundMix } from '../../media/soundMix';
import { SpeakingHold } from '../../media/speaking';
import { pictureKey } from '../../media/viewRequests';
import { WayWatch } from '../../media/wayWatch';
import type { MeetingClient } from '../../signalling/meetingClient';
import { isOver, type MeetingState } from '../../signalling/meetingState';
import { holdPlace, places } from '../../signalling/places';
import type { Joined, ModePin, SwitchedOff } from '../../signalling/protocol';
import { denialOf, ownPlace, ownRole, type Right } from '../../signalling/rights';
import { t } from '../../strings';
import { screenDevices } from '../devices';
import { refusalText } from '../refusalText';
import { toast, toastOf } from '../toasts';
import { Hosting } from './hosting';
import { OwnMedia } from './ownMedia';
import { OwnVoice } from './ownVoice';
import { PageSight } from './pageSight';
import { PictureInPicture } from './pictureInPicture';
import { RoomChat } from './roomChat';
import { RoomMedia } from './roomMedia';
import { RoomStage } from './roomStage';
import { nameIn, Signs } from './signs';
import { filters, TrackFilter } from './trackFilter';
import { Volumes } from './volumes';

export type Panel = 'chat' | 'people' | null;
/** A sheet over the meeting; that of one person has their id. */
export type Sheet = 'settings' | 'connection' | 'help' | 'hosting' | 'end' | { person: string } | null;

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
  /** Its sound, and the microphone with it. */
  readonly screenSound = signal<SoundMix | null>(null);
  readonly panel = signal<Panel>(null);
  readonly sheet = signal<Sheet>(null);
  readonly soundBlocked = signal(false);
  readonly pushToTalk = signal(false);
  /** The host who asks us to unmute. */
  readonly askedBy = signal<string | null>(null);
  readonly isHost = computed(() => ownRole(this.state.value) === 'host');
  readonly handUp = computed(() => Boolean(ownPlace(this.state.value)?.handRaisedAt));
  readonly hosting: Hosting;
  readonly volumes: Volumes;
  readonly chat: RoomChat;
  readonly signs = new Signs();
  readonly voice: OwnVoice;
  /** Noise suppression beyond the browser's own. */
  readonly noise: TrackFilter;
  /** A background that nobody recognises. */
  readonly blur: TrackFilter;
  readonly stage: RoomStage;
  /** Who is shown in the window above all others. */
  readonly floating = computed(() => {
    const front = this.stage.front.value;
    const name = this.state.value.participants.find((p) => p.id === front?.participantId)?.name;
    if (!front || name === undefined) {
      return null;
    }
    const { participantId: id, source } = front;
    return {
      id,
      name,
      screen: source === 'screen',
      picture: this.media.pictures.value.get(pictureKey(id, source)) ?? null,
    };
  });
  readonly pip = new PictureInPicture(computed(() => this.floating.value?.picture ?? null));
  /** Who speaks: whom the server hears, and on a link, where it hears nobody, the two themselves. Who is muted does not, whatever sounds on their screen. */
  readonly speaking = computed(() => {
    const { speaking, selfId, participants } = this.state.value;
    const own = this.media.direct.value && this.#speaks.value ? [selfId] : [];
    const muted = new Set(participants.filter(({ id, media }) => id !== selfId && !media.mic).map(({ id }) => id));
    return [...new Set([...speaking, ...this.media.speaking.value, ...own])].filter((id) => !muted.has(id));
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
  readonly #disposers: (() => void)[] = [];
  readonly #ownTrack = computed(() => this.local.value.mic.track);
  readonly #ownPicture = computed(() => this.local.value.cam.track);
  readonly #hold = new SpeakingHold();
  readonly #sight = new PageSight(document);
  readonly #narrow = matchMedia(panelCovers);
  readonly #speaks = signal(false);
  #token = '';

  constructor(client: MeetingClient, devices: LocalMedia) {
    this.#client = client;
    this.#devices = devices;
    this.state = signal(client.state);
    this.local = signal(devices.state);
    this.hosting = new Hosting(client);
    this.volumes = new Volumes(client);
    this.chat = new RoomChat(client, this.state);
    this.voice = new OwnVoice(this.#ownTrack, () => devices.state.mic.on);
    this.noise = new TrackFilter('noise', this.#ownTrack, filters.noise);
    this.blur = new TrackFilter('blur', this.#ownPicture, filters.blur, true);
    this.blur.onFailed = () => toast(t.settings.blurFailed, 'bad');
    this.noise.onFailed = () => toast(t.settings.noiseFailed, 'bad');
    this.#own = new OwnMedia(client, devices, this.#share);
    // A muted microphone is not sent at all: nothing to be heard, whatever the server or the other does.
    const microphone = computed(() => (this.local.value.mic.on ? this.noise.track.value : null));
    const outgoing = computed<Outgoing>(() => {
      const { cam } = this.local.value;
      return {
        mic: this.screenSound.value?.track ?? microphone.value,
        cam: cam.on ? this.blur.track.value : null,
        screen: this.screen.value,
      };
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
    client.onSwitchedOff = (switched) => this.#switchedOff(switched);
    client.onAskedToUnmute = ({ by }) => {
      this.askedBy.value = this.local.value.mic.on ? null : by;
    };
    client.onReacted = (reacted) => this.signs.show(reacted, nameIn(this.state, reacted.participantId));
    client.onJoined = (joined, again) => this.#onJoined(joined, again);
    devices.onChange = (state) => {
      this.local.value = state;
      this.#own.tell();
    };
    this.#share.onChange = (track, sound) => {
      batch(() => {
        this.screen.value = track;
        this.screenSound.value = sound;
      });
      this.#own.tell();
    };
    devices.onLost = (kind) => toast(t.problem.lost(t.device[kind]), 'bad');
    devices.onReplaced = (kind, by) => toast(t.problem.replaced(t.device[kind], by));

    const seen = setInterval(() => this.#keepPlace(), placeSeenEvery);
    const online = () => client.retryNow();
    addEventListener('online', online);
    this.#disposers.push(
      () => clearInterval(seen),
      () => removeEventListener('online', online),
      effect(() => this.#planView()),
      effect(() => this.screenSound.value?.take(microphone.value)),
      () => this.pip.close(),
      () => this.stage.close(),
      () => this.#sight.close(),
      effect(() => this.#peerWay.see(this.peer.value?.serverLeg)),
      () => this.#peerWay.close(),
      effect(() => {
        const level = this.local.value.mic.on ? 10 ** (this.voice.level.value / 20) : 0;
        this.#speaks.value = this.#hold.heard(level, performance.now());
      }),
      () => this.voice.close(),
      () => this.noise.close(),
      () => this.blur.close(),
    );
  }

  /** Takes up a join that succeeded before this room was made. */
  enter(joined: Joined): void {
    this.#onJoined(joined, false);
  }

  /** Why this cannot be switched on or done now, in words; null when it can. */
  denied(right: Right): string | null {
    const denial = denialOf(this.state.value, right);
    return denial && t.denied[denial];
  }

  /** The same for a button that switches: off always works. */
  deniedToggle(kind: DeviceKind | 'screen'): string | null {
    const on = kind === 'screen' ? this.screen.value !== null : this.local.value[kind].on;
    return on ? null : this.denied(kind === 'cam' ? 'camera' : kind);
  }

  toggle(kind: DeviceKind): void {
    const denied = this.deniedToggle(kind);
    if (denied) {
      toast(denied);
    } else {
      void this.setDevice(kind, !this.local.value[kind].on);
    }
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
    const denied = this.deniedToggle('screen');
    if (denied) {
      toast(denied);
    } else if (this.screen.value) {
      this.#share.stop();
    } else if (!(await this.#share.start())) {
      toast(t.toast.screenFailed, 'bad');
    }
  }

  /** Only we can switch our microphone on; a host's question lets us, whatever the rights say. */
  answerAsk(unmute: boolean): void {
    this.askedBy.value = null;
    if (unmute) {
      void this.setDevice('mic', true);
    }
  }

  async toggleHand(): Promise<void> {
    const { error } = await this.#client.setHand(!this.handUp.value);
    if (error) {
      toast(refusalText(error), 'bad');
    }
  }

  /** Oneself. Gives what stands against it. */
  async rename(name: string): Promise<string | null> {
    const { error } = await this.#client.rename({ name });
    return error && refusalText(error);
  }

  /** A host says who is to carry the media. */
  async pinMode(pin: ModePin): Promise<void> {
    const { error } = await this.#client.setMode(pin);
    if (error) {
      toast(refusalText(error), 'bad');
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
      const denied = this.denied('mic');
      if (denied) {
        toast(denied);
        return;
      }
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

  retryNow(): void {
    this.#client.retryNow();
  }

  async leave(): Promise<void> {
    places.giveUp(this.state.value.id);
    await this.#client.leave();
  }

  /** Lets go of devices and connections without giving the place up. */
  close(): void {
    this.#client.onChange = () => {};
    this.#release();
  }

  #release(): void {
    this.volumes.dispose();
    this.chat.close();
    this.signs.close();
    for (const dispose of this.#disposers.splice(0)) {
      dispose();
    }
    this.#own.close();
    this.media.close();
    this.#share.close();
    this.#devices.close();
    this.local.value = this.#devices.state;
    const { phase, id, removed } = this.state.value;
    if (isOver(this.state.value) && phase !== 'refused') {
      places.giveUp(id, removed?.mayReturn === false);
    }
  }

  #onJoined(joined: Joined, again: boolean): void {
    this.volumes.restore(joined.volumes ?? []);
    this.state.value = this.#client.state;
    this.#token = joined.resumeToken;
    this.#keepPlace();
    void holdPlace(joined.resumeToken);
    this.#own.joined(joined);
    this.media.joined(joined, again);
    this.#planView();
  }

  #switchedOff({ source, by }: SwitchedOff): void {
    toast(t.toast.switchedOff(source, by ?? null));
    if (source === 'screen') {
      this.#share.stop();
    } else {
      this.pushToTalk.value = false;
      void this.#devices.set(source === 'microphone' ? 'mic' : 'cam', false);
    }
  }

  #keepPlace(): void {
    const name = ownPlace(this.state.value)?.name;
    if (this.#token && name !== undefined && !isOver(this.state.value)) {
      places.keep(this.state.value.id, this.#token, name);
    }
  }

  /** Works out the view after anything it depends on changed: what nobody can see is not asked for. */
  #planView(): void {
    const covered = this.panel.value !== null && this.#narrow.matches;
    // While there is a link, the server's pictures must be there for the way back, also behind a tab that is hidden.
    const linked = this.media.path.value.state.link !== null;
    const seen = linked || (this.#sight.seen.value && !covered);
    const wanted = seen ? this.stage.wanted(devicePixelRatio) : [];
    const above = this.pip.size.value;
    const front = above ? this.stage.wantedFront(above, devicePixelRatio) : [];
    const more = front.filter(({ participantId: id, source }) =>
      wanted.every((one) => one.participantId !== id || one.source !== source),
    );
    this.media.want([...wanted, ...more]);
  }
}
