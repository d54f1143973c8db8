import { SoundMix } from './soundMix';

/** As much of the browser as is used here. */
export type ScreenDevices = Pick<MediaDevices, 'getDisplayMedia'> &
  Partial<Pick<MediaDevices, 'getSupportedConstraints'>>;

/** What the standard library of types does not know yet (W3C Screen Capture). */
interface DisplayOptions extends DisplayMediaStreamOptions {
  audio: MediaTrackConstraints & { restrictOwnAudio?: boolean };
  systemAudio: 'include' | 'exclude';
}

/**
 * The sound as it is, and none of the meeting's own: the others would hear themselves. Where the browser cannot take that out of all that
 * the machine plays, only the sound of a tab is offered.
 */
function displayOptions(devices: ScreenDevices): DisplayOptions {
  const supported: Record<string, boolean | undefined> = { ...devices.getSupportedConstraints?.() };
  return {
    video: true,
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, restrictOwnAudio: true },
    systemAudio: supported.restrictOwnAudio ? 'include' : 'exclude',
  };
}

/** The screen as a person shares it: chosen in the browser's own window, ended there or here. */
export class ScreenShare {
  onChange: (track: MediaStreamTrack | null, sound: SoundMix | null) => void = () => {};

  #track: MediaStreamTrack | null = null;
  #sound: SoundMix | null = null;
  #soundTrack: MediaStreamTrack | null = null;
  #closed = false;
  #choosing = false;
  readonly #devices: ScreenDevices | null;
  readonly #openMix: (sound: MediaStreamTrack) => Promise<SoundMix>;

  /** `devices` is null where the browser cannot share. */
  constructor(devices: ScreenDevices | null, openMix = SoundMix.open) {
    this.#devices = devices;
    this.#openMix = openMix;
  }

  get possible(): boolean {
    return this.#devices !== null;
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /** Carries its sound; null where the browser gives none, the person chose none, or it has ended. */
  get sound(): SoundMix | null {
    return this.#sound;
  }

  /** Asks what to share. False when it failed; that the person changed their mind is no failure. */
  async start(): Promise<boolean> {
    if (!this.#devices || this.#track || this.#choosing || this.#closed) {
      return true;
    }
    this.#choosing = true;
    try {
      const stream = await this.#devices.getDisplayMedia(displayOptions(this.#devices));
      const track = stream.getVideoTracks()[0] ?? null;
      const sound = stream.getAudioTracks()[0] ?? null;
      if (this.#closed || !track) {
        track?.stop();
        sound?.stop();
        return this.#closed;
      }
      // Text must stay sharp: rather fewer frames than fewer pixels.
      if ('contentHint' in track) {
        track.contentHint = 'detail';
      }
      track.addEventListener('ended', () => this.#track === track && this.stop());
      this.#set(track);
      if (sound) {
        void this.#mix(sound);
      }
      return true;
    } catch (error) {
      return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
    } finally {
      this.#choosing = false;
    }
  }

  stop(): void {
    this.#track?.stop();
    this.#soundTrack?.stop();
    this.#soundTrack = null;
    this.#set(null);
  }

  close(): void {
    this.#closed = true;
    this.stop();
  }

  /** The picture does not wait for it, and goes on without where it cannot be. */
  async #mix(sound: MediaStreamTrack): Promise<void> {
    this.#soundTrack = sound;
    sound.addEventListener('ended', () => this.#soundTrack === sound && this.#silence());
    const mix = await this.#openMix(sound).catch(() => null);
    if (this.#soundTrack === sound && mix) {
      this.#set(this.#track, mix);
    } else {
      sound.stop();
      mix?.close();
    }
  }

  #silence(): void {
    this.#soundTrack = null;
    this.#set(this.#track);
  }

  #set(track: MediaStreamTrack | null, sound: SoundMix | null = null): void {
    if (track !== this.#track || sound !== this.#sound) {
      const before = this.#sound;
      this.#track = track;
      this.#sound = sound;
      this.onChange(track, sound);
      if (before !== sound) {
        before?.close();
      }
    }
  }
}
