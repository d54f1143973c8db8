import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../../strings';
import { LinkIcon, SpeakerIcon } from '../icons';
import { useStream } from '../useStream';
import { copyMeetingLink } from './copyLink';
import type { MeetingRoom } from './meetingRoom';
import { Tile } from './tile';

/** The tiles, in the grid that fills the space best. */
export function Stage({ room }: { room: MeetingRoom }) {
  const space = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = space.current;
    if (!element) {
      return;
    }
    const measure = () => {
      room.stage.value = { width: element.clientWidth, height: element.clientHeight };
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [room]);

  const { participants, selfId, speaking } = room.state.value;
  const { shown, hidden } = room.plan.value;
  const { width, height } = room.grid.value;
  const { mic, cam } = room.local.value;
  const own = useStream(cam.on ? cam.track : null);
  const byId = new Map(participants.map((p) => [p.id, p]));

  return (
    <div class="stage">
      <div class="stage-space" ref={space}>
        <ul class="tiles" aria-label={t.meeting.stage}>
          {shown.map((id) => {
            const participant = byId.get(id);
            const self = id === selfId;
            return (
              participant && (
                <Tile
                  key={id}
                  // Of oneself the devices are the truth, before the server has heard of it.
                  participant={self ? { ...participant, media: { mic: mic.on, cam: cam.on } } : participant}
                  self={self}
                  speaking={speaking.includes(id) && (!self || mic.on)}
                  picture={self ? own : (room.pictures.value.get(id) ?? null)}
                  width={width}
                  height={height}
                />
              )
            );
          })}
          {hidden > 0 && (
            <li class="tile more-tile" style={{ width: `${width}px`, height: `${height}px` }}>
              <button
                type="button"
                aria-label={t.meeting.othersLabel(hidden)}
                data-testid="more-tile"
                onClick={() => room.show('people')}
              >
                {t.meeting.others(hidden)}
              </button>
            </li>
          )}
        </ul>
      </div>
      <StageNotes room={room} />
      <MixPlayer room={room} />
    </div>
  );
}

/** What floats over the tiles. */
function StageNotes({ room }: { room: MeetingRoom }) {
  const { participants, id, phase } = room.state.value;
  const { state, message } = room.leg.value;
  // While it tries again by itself, our words say so; the server's would ask the person to.
  const legText = (state === 'refused' && message) || t.leg[state];
  return (
    <div class="stage-notes" aria-live="polite">
      {room.pushToTalk.value && <p class="note accent">{t.meeting.pushToTalk}</p>}
      {room.voice.talksMuted.value && (
        <p class="note" data-testid="muted-hint">
          {t.meeting.mutedHint}
        </p>
      )}
      {phase === 'joined' && legText && (
        <p class="note" data-testid="media-status" data-state={state}>
          {legText}
        </p>
      )}
      {participants.length === 1 && phase === 'joined' && (
        <div class="note invite">
          <div>
            <strong>{t.meeting.alone}</strong>
            <p>{t.meeting.aloneLead}</p>
          </div>
          <button type="button" class="button plain small" onClick={() => void copyMeetingLink(id)}>
            <LinkIcon />
            {t.meeting.copyLink}
          </button>
        </div>
      )}
    </div>
  );
}

/** Plays the mix of all others, and asks for a click where the browser wants one first. */
function MixPlayer({ room }: { room: MeetingRoom }) {
  const audio = useRef<HTMLAudioElement>(null);
  const mix = room.mix.value;
  const { speakerId } = room.local.value;

  const play = () => {
    audio.current?.play().then(
      () => {
        room.soundBlocked.value = false;
      },
      (error: unknown) => {
        // An AbortError only says that another stream took this one's place.
        room.soundBlocked.value = error instanceof DOMException && error.name === 'NotAllowedError';
      },
    );
  };

  useEffect(() => {
    if (audio.current) {
      audio.current.srcObject = mix;
      if (mix) {
        play();
      }
    }
  }, [mix]);

  useEffect(() => {
    // A speaker that is gone leaves the sound where it was.
    void audio.current?.setSinkId?.(speakerId).catch(() => {});
  }, [speakerId]);

  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: the voices of a live meeting. */}
      <audio ref={audio} autoplay data-testid="mix" />
      {room.soundBlocked.value && (
        <button type="button" class="hear button primary large" data-testid="hear-button" onClick={play}>
          <SpeakerIcon />
          {t.meeting.hear}
        </button>
      )}
    </>
  );
}
