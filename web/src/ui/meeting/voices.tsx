import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../strings';
import { SpeakerIcon } from '../icons';
import type { MeetingRoom } from './meetingRoom';

/**
 * Plays the mix of all others and the voice on a link. Both play from their start and one of them is muted, so that changing over
 * takes no time; and asks for a click where the browser wants one first.
 */
export function Voices({ room }: { room: MeetingRoom }) {
  const mix = useRef<HTMLAudioElement>(null);
  const link = useRef<HTMLAudioElement>(null);
  const { speakerId } = room.local.value;

  useEffect(() => {
    const { path, mix: mixStream } = room.media;
    // Straight from the signals: a drawing of the page would come too late.
    const disposers = [
      effect(() => give(mix.current, mixStream.value, room)),
      effect(() => give(link.current, path.value.streams?.mic ?? null, room)),
      effect(() => {
        const peer = room.peer.value;
        if (link.current) {
          link.current.volume = peer ? Math.min(1, room.volumes.of(peer.id)) : 1;
        }
      }),
      effect(() => {
        const { mixAudible, fromLink } = path.value.view;
        // First the one that is to be heard, so that there is always one.
        for (const [audio, audible] of audibleFirst([mix.current, mixAudible], [link.current, fromLink.mic])) {
          if (audio && audio.muted === audible) {
            audio.muted = !audible;
            if (audible) {
              play(audio, room);
            }
          }
        }
      }),
    ];
    return () => {
      for (const dispose of disposers) {
        dispose();
      }
    };
  }, [room]);

  useEffect(() => {
    // A speaker that is gone leaves the sound where it was.
    for (const audio of [mix.current, link.current]) {
      void audio?.setSinkId?.(speakerId).catch(() => {});
    }
  }, [speakerId]);

  const playBoth = () => {
    for (const audio of [mix.current, link.current]) {
      play(audio, room);
    }
  };

  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: the voices of a live meeting. */}
      <audio ref={mix} autoplay data-testid="mix" />
      {/* biome-ignore lint/a11y/useMediaCaption: the voice of the other of two. */}
      <audio ref={link} autoplay data-testid="peer-audio" />
      {room.soundBlocked.value && (
        <button type="button" class="hear button primary large" data-testid="hear-button" onClick={playBoth}>
          <SpeakerIcon />
          {t.meeting.hear}
        </button>
      )}
    </>
  );
}

type Voice = [audio: HTMLAudioElement | null, audible: boolean];

function audibleFirst(...voices: Voice[]): Voice[] {
  return voices.sort(([, a], [, b]) => Number(b) - Number(a));
}

function give(audio: HTMLAudioElement | null, stream: MediaStream | null, room: MeetingRoom): void {
  if (audio && audio.srcObject !== stream) {
    audio.srcObject = stream;
    play(audio, room);
  }
}

function play(audio: HTMLAudioElement | null, room: MeetingRoom): void {
  if (!audio?.srcObject) {
    return;
  }
  audio.play().then(
    () => {
      // A muted one plays always: only one that is heard says that sound is allowed.
      if (!audio.muted) {
        room.soundBlocked.value = false;
      }
    },
    (error: unknown) => {
      // An AbortError only says that another stream took this one's place.
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        room.soundBlocked.value = true;
      }
    },
  );
}
