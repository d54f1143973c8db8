import { batch, type Signal, signal } from '@preact/signals';
import type { DeviceKind, LocalMedia, LocalMediaState } from '../../media/localMedia';
import { MeetingClient } from '../../signalling/meetingClient';
import { creatorSecrets, holdPlace, ownName, places } from '../../signalling/places';
import { defaultLimits, type MediaState, type MeetingSummary, type ProtocolError } from '../../signalling/protocol';
import { Refusal } from '../../signalling/refusal';
import { rest } from '../../signalling/rest';
import { openLocalMedia, rememberChoice, wantedDevices } from '../devices';
import { MeetingRoom } from './meetingRoom';

export type VisitStage = 'looking' | 'gone' | 'prejoin' | 'inside';

/** Refusals of a join after which the prejoin page has nothing more to offer. */
const final = new Set(['meetingUnknown', 'meetingEnded']);

/** One visit of `/m/ID`: looks the meeting up, prepares the devices, joins, and can begin anew. */
export class Visit {
  readonly id: string;
  readonly stage = signal<VisitStage>('looking');
  readonly summary = signal<MeetingSummary | null>(null);
  readonly nameLength = signal(defaultLimits.nameLength);
  readonly refusal = signal<ProtocolError | null>(null);
  readonly joining = signal(false);
  readonly room = signal<MeetingRoom | null>(null);
  readonly local: Signal<LocalMediaState>;

  #devices: LocalMedia;
  #closed = false;

  constructor(id: string) {
    this.id = id;
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
        const error = await this.#join(place.name, { mic: false, cam: false }, place.token);
        if (!error || this.#closed) {
          return;
        }
      }
      places.forget(this.id);
    }
    await this.look();
  }

  /** Looks the meeting up and shows the prejoin page, or why there is none. */
  async look(): Promise<void> {
    this.stage.value = 'looking';
    try {
      const summary = await rest.meeting(this.id);
      batch(() => {
        this.summary.value = summary;
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

  async join(name: string): Promise<void> {
    if (this.joining.value) {
      return;
    }
    batch(() => {
      this.joining.value = true;
      this.refusal.value = null;
    });
    const { mic, cam } = this.#devices.state;
    const media = { mic: mic.on && mic.track !== null, cam: cam.on && cam.track !== null };
    wantedDevices.set({ mic: mic.on, cam: cam.on });
    ownName.set(name);
    const error = await this.#join(name, media);
    batch(() => {
      this.joining.value = false;
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

  /** From the page after a meeting back to its door. */
  async again(): Promise<void> {
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

  async #join(name: string, media: MediaState, resumeToken?: string): Promise<ProtocolError | null> {
    const client = new MeetingClient({
      meetingId: this.id,
      name,
      creatorSecret: this.creatorSecret,
      resumeToken,
    });
    client.media = () => media;
    // A secret that no longer fits (the server's data was replaced) must not keep its owner out.
    let { value, error } = await client.join();
    if (error?.code === 'secretWrong') {
      creatorSecrets.forget(this.id);
      return this.#join(name, media, resumeToken);
    }
    if (value && this.#closed) {
      await client.leave();
      value = null;
      error = { code: 'unreachable', message: '' };
    }
    if (!value) {
      return error;
    }
    const room = new MeetingRoom(client, this.#devices, name);
    room.enter(value);
    batch(() => {
      this.room.value = room;
      this.stage.value = 'inside';
    });
    return null;
  }

  #gone(refusal: ProtocolError): void {
    this.#devices.close();
    batch(() => {
      this.refusal.value = refusal;
      this.stage.value = 'gone';
    });
  }
}

function refusalOf(error: unknown): ProtocolError {
  return error instanceof Refusal ? { code: error.code, message: error.message } : { code: 'unreachable', message: '' };
}
