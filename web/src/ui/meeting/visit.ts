import { batch, type Signal, signal } from '@preact/signals';
import type { DeviceKind, LocalMedia, LocalMediaState } from '../../media/localMedia';
import { type JoinToken, takeToken } from '../../signalling/joinToken';
import { MeetingClient } from '../../signalling/meetingClient';
import { isOver, type MeetingState } from '../../signalling/meetingState';
import { creatorSecrets, holdPlace, ownName, places } from '../../signalling/places';
import {
  defaultLimits,
  type Joined,
  type MediaState,
  type MeetingSummary,
  type ProtocolError,
} from '../../signalling/protocol';
import { Refusal } from '../../signalling/refusal';
import { rest } from '../../signalling/rest';
import { openLocalMedia, rememberChoice, wantedDevices } from '../devices';
import { MeetingRoom } from './meetingRoom';

export type VisitStage = 'looking' | 'gone' | 'prejoin' | 'waiting' | 'inside';

/** Refusals of a join after which the prejoin page has nothing more to offer. */
const final = new Set([
  'meetingUnknown',
  'meetingEnded',
  'meetingLocked',
  'meetingNotBegun',
  'barred',
  'tokenNeeded',
  'tokenWrong',
]);
const passcodeRefusals = new Set(['passcodeNeeded', 'passcodeWrong']);

/** One visit of `/m/ID`: looks the meeting up, prepares the devices, joins, and can begin anew. */
export class Visit {
  readonly id: string;
  /** With which another site sent the person here. */
  readonly token: JoinToken | null;
  readonly stage = signal<VisitStage>('looking');
  readonly summary = signal<MeetingSummary | null>(null);
  readonly nameLength = signal(defaultLimits.nameLength);
  readonly refusal = signal<ProtocolError | null>(null);
  readonly joining = signal(false);
  /** Whether the door asks for a passcode. */
  readonly asksPasscode = signal(false);
  /** The knock while we wait in the lobby, and how it came out when not well. */
  readonly knock = signal<MeetingState | null>(null);
  readonly room = signal<MeetingRoom | null>(null);
  readonly local: Signal<LocalMediaState>;

  #devices: LocalMedia;
  #closed = false;
  /** Who waits in the lobby. */
  #client: MeetingClient | null = null;

  constructor(id: string) {
    this.id = id;
    this.token = takeToken(id);
    this.#devices = openLocalMedia();
    this.local = signal(this.#devices.state);
    this.#follow();
  }

  get creatorSecret(): string | undefined {
    return creatorSecrets.of(this.id);
  }

  /** A reload comes back to its own place; everyone else sees the prejoin page. */
  async start(): Promise<void> {
    const place = places.recent(this.id);
    if (place) {
      if (await holdPlace(place.token)) {
        // Off unless the server says otherwise: if the place is gone, nobody comes in unmuted without having said so.
        const off = () => ({ mic: false, cam: false });
        const error = await this.#join(place.name, off, { resumeToken: place.token });
        if (!error || this.#closed) {
          return;
        }
        if (error.code === 'barred') {
          this.#gone(error);
          return;
        }
      }
      places.giveUp(this.id);
    }
    await this.look();
  }

  /** Looks the meeting up and shows the prejoin page, or why there is none. */
  async look(): Promise<void> {
    this.stage.value = 'looking';
    try {
      const summary = await rest.meeting(this.id, this.creatorSecret ?? places.tokenOf(this.id));
      const closed = this.creatorSecret === undefined && closedBy(summary, this.token);
      this.summary.value = summary;
      if (closed) {
        this.#gone(closed);
        return;
      }
      batch(() => {
        this.asksPasscode.value = summary.passcode && this.creatorSecret === undefined && !this.token;
        this.refusal.value = null;
        this.stage.value = 'prejoin';
      });
    } catch (error) {
      this.#gone(refusalOf(error));
      return;
    }
    rest.limits().then(
      (limits) => {
        this.nameLength.value = limits.nameLength;
      },
      () => {},
    );
    if (!this.#closed) {
      await this.#devices.open(wantedDevices.get());
    }
  }

  async join(name: string, passcode: string): Promise<void> {
    if (this.joining.value) {
      return;
    }
    batch(() => {
      this.joining.value = true;
      this.refusal.value = null;
    });
    const { mic, cam } = this.#devices.state;
    wantedDevices.set({ mic: mic.on, cam: cam.on });
    if (!this.token?.name) {
      ownName.set(name);
    }
    const error = await this.#join(name, () => this.#working(), { passcode });
    batch(() => {
      this.joining.value = false;
      this.asksPasscode.value ||= passcodeRefusals.has(error?.code ?? '');
      if (error && final.has(error.code)) {
        this.#gone(error);
      } else {
        this.refusal.value = error;
      }
    });
  }

  setDevice(kind: DeviceKind, on: boolean): void {
    void this.#devices.set(kind, on);
  }

  choose(kind: DeviceKind | 'speaker', deviceId: string): void {
    rememberChoice(kind, deviceId);
    const room = this.room.value;
    if (kind === 'speaker') {
      this.#devices.chooseSpeaker(deviceId);
    } else if (room) {
      room.choose(kind, deviceId);
    } else {
      void this.#devices.choose(kind, deviceId);
    }
  }

  /** Waits no longer. */
  async leaveLobby(): Promise<void> {
    await this.#client?.leave();
  }

  /** From the page after a meeting, or instead of one, back to its door. */
  async again(): Promise<void> {
    this.#client = null;
    this.knock.value = null;
    this.room.value?.close();
    this.room.value = null;
    this.#devices.close();
    this.#devices = openLocalMedia();
    this.#follow();
    await this.look();
  }

  /** The person goes elsewhere: the place is given up. */
  close(): void {
    this.#closed = true;
    void this.#client?.leave();
    const room = this.room.value;
    if (room) {
      void room.leave();
      room.close();
    }
    this.#devices.close();
  }

  #follow(): void {
    this.local.value = this.#devices.state;
    this.#devices.onChange = (state) => {
      this.local.value = state;
    };
  }

  /** Devices that are on and work, as a join tells the others. */
  #working(): MediaState {
    const { mic, cam } = this.#devices.state;
    return { mic: mic.on && mic.track !== null, cam: cam.on && cam.track !== null };
  }

  async #join(
    name: string,
    media: () => MediaState,
    by: { resumeToken?: string; passcode?: string },
  ): Promise<ProtocolError | null> {
    const client = new MeetingClient({
      meetingId: this.id,
      name,
      creatorSecret: this.creatorSecret,
      token: this.token?.text,
      ...by,
    });
    client.media = media;
    const { value, error } = await client.join();
    // A secret that no longer fits (the server's data was replaced) must not keep its owner out.
    if (error?.code === 'secretWrong') {
      creatorSecrets.forget(this.id);
      return this.#join(name, media, by);
    }
    if (this.#closed) {
      await client.leave();
      return { code: 'unreachable', message: '' };
    }
    if (value) {
      this.#enter(client, value);
    } else if (error?.code === 'waiting') {
      this.#wait(client);
      return null;
    }
    return error;
  }

  #wait(client: MeetingClient): void {
    this.#client = client;
    client.onJoined = (joined) => {
      this.#client = null;
      this.#enter(client, joined);
    };
    client.onChange = (state) => {
      this.knock.value = state;
      if (isOver(state)) {
        this.#devices.close();
      }
    };
    batch(() => {
      this.knock.value = client.state;
      this.stage.value = 'waiting';
    });
  }

  #enter(client: MeetingClient, joined: Joined): void {
    const room = new MeetingRoom(client, this.#devices);
    room.enter(joined);
    batch(() => {
      this.room.value = room;
      this.stage.value = 'inside';
    });
  }

  #gone(refusal: ProtocolError): void {
    this.#devices.close();
    batch(() => {
      this.refusal.value = refusal;
      this.stage.value = 'gone';
    });
  }
}

/** Why nobody without the creator's secret can come in now, as far as the summary tells. */
function closedBy({ locked, notBefore, tokenOnly }: MeetingSummary, token: JoinToken | null): ProtocolError | null {
  if (token?.isHost) {
    return null;
  }
  if (tokenOnly && !token) {
    return { code: 'tokenNeeded', message: '' };
  }
  if (notBefore && Date.parse(notBefore) > Date.now()) {
    return { code: 'meetingNotBegun', message: '' };
  }
  return locked ? { code: 'meetingLocked', message: '' } : null;
}

function refusalOf(error: unknown): ProtocolError {
  return error instanceof Refusal ? { code: error.code, message: error.message } : { code: 'unreachable', message: '' };
}
