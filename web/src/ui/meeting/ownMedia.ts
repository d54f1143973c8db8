import type { LocalMedia } from '../../media/localMedia';
import type { ScreenShare } from '../../media/screenShare';
import type { MeetingClient } from '../../signalling/meetingClient';
import { isOver } from '../../signalling/meetingState';
import type { Joined, MediaState } from '../../signalling/protocol';
import { ownPlace } from '../../signalling/rights';
import { refusalText } from '../refusalText';
import { toast } from '../toasts';

/** Refused (too often), our device state is told again after this. */
const tellAgainAfter = 1_000;

/** Keeps what the others are told of our devices the same as what the devices do. */
export class OwnMedia {
  readonly #client: MeetingClient;
  readonly #devices: LocalMedia;
  readonly #screen: ScreenShare;
  #joined = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told: MediaState | null = null;
  #following = false;
  /** The person pressed a button while the connection was lost: after the rejoin that counts, not what the server kept. */
  #changedWhileAway = false;

  constructor(client: MeetingClient, devices: LocalMedia, screen: ScreenShare) {
    this.#client = client;
    this.#devices = devices;
    this.#screen = screen;
  }

  /** A device is on once it delivers; while it is being switched it stays what it was. */
  wanted(): MediaState {
    const { mic, cam } = this.#devices.state;
    return {
      mic: mic.on && (mic.track !== null || (mic.opening && this.#told?.mic === true)),
      cam: cam.on && (cam.track !== null || (cam.opening && this.#told?.cam === true)),
      screen: this.#screen.track !== null,
      screenAudio: this.#screen.sound !== null,
    };
  }

  joined(joined: Joined): void {
    this.#joined = true;
    const own = joined.meeting.participants.find((p) => p.id === joined.participantId);
    this.#told = own?.media ?? null;
    if (own && joined.resumed && !this.#changedWhileAway) {
      void this.#follow(own.media);
    } else {
      this.tell();
    }
    this.#changedWhileAway = false;
  }

  /** Tells the others what our devices do, if it changed since they were last told. */
  tell(): void {
    if (this.#following || !this.#joined) {
      return;
    }
    const media = this.wanted();
    if (this.#told && same(this.#told, media)) {
      return;
    }
    if (this.#client.state.phase !== 'joined') {
      this.#changedWhileAway = true;
      return;
    }
    this.#told = media;
    void this.#client.setMedia(media).then(({ error }) => {
      if (!error || this.#told !== media || isOver(this.#client.state)) {
        return;
      }
      const own = ownPlace(this.#client.state)?.media;
      const allowed = own && both(media, own);
      if (error.code === 'notAllowed' && allowed && !same(allowed, media)) {
        toast(refusalText(error), 'bad');
        this.#told = own;
        void this.#follow(allowed);
        return;
      }
      this.#told = null;
      if (this.#client.state.phase === 'joined') {
        this.#timer = setTimeout(() => this.tell(), tellAgainAfter);
      } else {
        this.#changedWhileAway = true;
      }
    });
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Brings the devices to what the server kept for our place. */
  async #follow(media: MediaState): Promise<void> {
    // Told at the end, not at each step: the others should not see it go off and on.
    this.#following = true;
    if (!media.screen) {
      this.#screen.stop();
    }
    await Promise.all([this.#devices.set('mic', media.mic), this.#devices.set('cam', media.cam)]);
    this.#following = false;
    this.tell();
  }
}

/** What is on in both: a refusal switches nothing on. */
function both(a: MediaState, b: MediaState): MediaState {
  return {
    mic: a.mic && b.mic,
    cam: a.cam && b.cam,
    screen: Boolean(a.screen && b.screen),
    screenAudio: Boolean(a.screenAudio && b.screenAudio),
  };
}

function same(a: MediaState, b: MediaState): boolean {
  return (
    a.mic === b.mic &&
    a.cam === b.cam &&
    (a.screen ?? false) === (b.screen ?? false) &&
    (a.screenAudio ?? false) === (b.screenAudio ?? false)
  );
}
