import { audioConstraints, defaultVideo, type VideoSetting, videoConstraints } from './captureSettings';
import { type DeviceProblem, deviceProblem } from './deviceProblem';

export type DeviceKind = 'mic' | 'cam';

export interface DeviceChoice {
  id: string;
  label: string;
}

export interface LocalDevice {
  /** What the person wants, and others are told. */
  on: boolean;
  /** The captured track. A muted microphone keeps its track (it is not sent); a camera that is off has none. */
  track: MediaStreamTrack | null;
  problem: DeviceProblem | null;
  /** True while the browser opens the device or asks for permission. */
  opening: boolean;
  /** The chosen device, '' for the browser's own choice. */
  deviceId: string;
  choices: readonly DeviceChoice[];
}

export interface LocalMediaState {
  mic: LocalDevice;
  cam: LocalDevice;
  speakers: readonly DeviceChoice[];
  speakerId: string;
}

export interface LocalMediaOptions {
  devices: Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices'> & Partial<EventTarget>;
  video?: VideoSetting;
  micId?: string;
  camId?: string;
  speakerId?: string;
}

const off = (deviceId: string): LocalDevice => ({
  on: false,
  track: null,
  problem: null,
  opening: false,
  deviceId,
  choices: [],
});

/** The person's own microphone and camera: opened when wanted, switched while live, closed when off. */
export class LocalMedia {
  onChange: (state: LocalMediaState) => void = () => {};
  /** A device went away while it was in use, and there was no other to take its place. */
  onLost: (kind: DeviceKind) => void = () => {};
  /** Another one took its place: how it is called, as far as the browser says. For loudspeakers this is the system's own choice. */
  onReplaced: (kind: DeviceKind | 'speaker', by: string) => void = () => {};

  #state: LocalMediaState;
  #closed = false;
  /** One operation per device at a time: opening takes as long as the person takes to answer. */
  readonly #queue: Record<DeviceKind, Promise<void>> = { mic: Promise.resolve(), cam: Promise.resolve() };
  readonly #options: LocalMediaOptions;
  readonly #onDeviceChange = () => void this.refresh();

  constructor(options: LocalMediaOptions) {
    this.#options = options;
    this.#state = {
      mic: off(options.micId ?? ''),
      cam: off(options.camId ?? ''),
      speakers: [],
      speakerId: options.speakerId ?? '',
    };
    options.devices.addEventListener?.('devicechange', this.#onDeviceChange);
  }

  get state(): LocalMediaState {
    return this.#state;
  }

  /** Opens both devices with one question where both are wanted, so that the browser asks once. */
  async open(wanted: { mic: boolean; cam: boolean }): Promise<void> {
    const both = wanted.mic && wanted.cam;
    if (both) {
      this.#update('mic', { on: true });
      this.#update('cam', { on: true });
      const opened = Promise.all([this.#queue.mic, this.#queue.cam]).then(() => this.#openBoth());
      this.#queue.mic = opened;
      this.#queue.cam = opened;
      await opened;
    }
    // Where both are open already this does nothing; where one failed it learns why.
    const again = (kind: DeviceKind) =>
      wanted[kind] && (!both || (this.#state[kind].on && this.#state[kind].problem === null)) && this.set(kind, true);
    await Promise.all([again('mic'), again('cam'), this.refresh()]);
  }

  /** Turns a device on or off. Off is at once; on may fail, and the state then says why. */
  set(kind: DeviceKind, on: boolean): Promise<void> {
    if (!on) {
      this.#turnOff(kind);
      return Promise.resolve();
    }
    this.#update(kind, { on: true });
    return this.#enqueue(kind, () => this.#turnOn(kind));
  }

  /** Switches to another device, at once if it is in use. */
  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    this.#update(kind, { deviceId, problem: null });
    if (this.#state[kind].track) {
      await this.#enqueue(kind, () => this.#reopen(kind));
    }
  }

  chooseSpeaker(speakerId: string): void {
    this.#set({ ...this.#state, speakerId });
  }

  /** Reads the list of devices again. Labels are empty until a permission was given. */
  async refresh(): Promise<void> {
    try {
      const all = await this.#options.devices.enumerateDevices();
      const of = (kind: MediaDeviceKind) =>
        all.filter((d) => d.kind === kind && d.deviceId).map((d) => ({ id: d.deviceId, label: d.label }));
      const speakers = of('audiooutput');
      const { speakerId, speakers: before } = this.#state;
      const has = (list: readonly DeviceChoice[]) => list.some(({ id }) => id === speakerId);
      // Without a permission the list is empty, which says nothing of what is plugged in.
      const gone = speakerId !== '' && speakers.length > 0 && !has(speakers);
      this.#set({
        ...this.#state,
        mic: { ...this.#state.mic, choices: of('audioinput') },
        cam: { ...this.#state.cam, choices: of('videoinput') },
        speakers,
        speakerId: gone ? '' : speakerId,
      });
      if (gone && has(before)) {
        this.onReplaced('speaker', '');
      }
    } catch {
      // The list stays as it was.
    }
  }

  /** Lets go of all devices for good. */
  close(): void {
    this.#closed = true;
    this.#options.devices.removeEventListener?.('devicechange', this.#onDeviceChange);
    for (const kind of ['mic', 'cam'] as const) {
      this.#state[kind].track?.stop();
      this.#update(kind, { on: false, track: null });
    }
  }

  #enqueue(kind: DeviceKind, work: () => Promise<void>): Promise<void> {
    this.#queue[kind] = this.#queue[kind].then(work);
    return this.#queue[kind];
  }

  async #openBoth(): Promise<void> {
    const { mic, cam } = this.#state;
    this.#update('mic', { opening: true });
    this.#update('cam', { opening: true });
    try {
      const stream = await this.#options.devices.getUserMedia({
        audio: audioConstraints(mic.deviceId),
        video: videoConstraints(cam.deviceId, this.#options.video ?? defaultVideo),
      });
      this.#adopt('mic', stream.getAudioTracks()[0] ?? null);
      this.#adopt('cam', stream.getVideoTracks()[0] ?? null);
    } catch (error) {
      // One of the two may still work, so the caller tries each alone; but a closed question is not asked again.
      if (deviceProblem(error) === 'dismissed') {
        this.#update('mic', { on: false, problem: 'dismissed' });
        this.#update('cam', { on: false, problem: 'dismissed' });
      }
    } finally {
      this.#update('mic', { opening: false });
      this.#update('cam', { opening: false });
    }
  }

  #turnOff(kind: DeviceKind): void {
    const { track } = this.#state[kind];
    if (kind === 'cam') {
      // The light goes out.
      track?.stop();
      this.#update(kind, { on: false, track: null });
    } else {
      this.#update(kind, { on: false });
    }
  }

  async #turnOn(kind: DeviceKind): Promise<void> {
    if (!this.#state[kind].on || this.#closed) {
      return;
    }
    if (this.#state[kind].track?.readyState === 'live') {
      this.#update(kind, { problem: null });
      return;
    }
    this.#update(kind, { track: null });
    await this.#capture(kind);
  }

  async #reopen(kind: DeviceKind): Promise<void> {
    // Some systems let a device be open once: the old one goes first.
    this.#state[kind].track?.stop();
    this.#update(kind, { track: null, opening: this.#state[kind].on });
    if (this.#state[kind].on) {
      await this.#capture(kind);
    }
  }

  async #capture(kind: DeviceKind): Promise<void> {
    this.#update(kind, { opening: true, problem: null });
    try {
      const { deviceId } = this.#state[kind];
      const stream = await this.#options.devices.getUserMedia(
        kind === 'mic'
          ? { audio: audioConstraints(deviceId) }
          : { video: videoConstraints(deviceId, this.#options.video ?? defaultVideo) },
      );
      const track = (kind === 'mic' ? stream.getAudioTracks() : stream.getVideoTracks())[0] ?? null;
      this.#adopt(kind, track);
      this.#update(kind, { opening: false });
      void this.refresh();
    } catch (error) {
      this.#update(kind, { opening: false, on: false, track: null, problem: deviceProblem(error) });
    }
  }

  #adopt(kind: DeviceKind, track: MediaStreamTrack | null): void {
    // Turned off or closed while the browser was asking: what came too late is not used.
    if (this.#closed || !this.#state[kind].on) {
      track?.stop();
      return;
    }
    this.#state[kind].track?.stop();
    track?.addEventListener('ended', () => void this.#onEnded(kind, track));
    this.#update(kind, { track, problem: track ? null : 'missing' });
  }

  /** The device was unplugged or taken away: another may take its place, else it is off. */
  async #onEnded(kind: DeviceKind, track: MediaStreamTrack): Promise<void> {
    if (this.#closed || this.#state[kind].track !== track) {
      return;
    }
    const wasOn = this.#state[kind].on;
    this.#update(kind, { track: null });
    void this.refresh();
    if (!wasOn) {
      return;
    }
    await this.#enqueue(kind, () => this.#turnOn(kind));
    const replaced = this.#state[kind].track;
    if (replaced) {
      this.onReplaced(kind, replaced.label);
    } else {
      this.onLost(kind);
    }
  }

  #update(kind: DeviceKind, change: Partial<LocalDevice>): void {
    this.#set({ ...this.#state, [kind]: { ...this.#state[kind], ...change } });
  }

  #set(state: LocalMediaState): void {
    this.#state = state;
    this.onChange(state);
  }
}
