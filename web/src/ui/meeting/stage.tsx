import { useLayoutEffect, useRef } from 'preact/hooks';
import { pictureKey } from '../../media/viewRequests';
import { raisedHands } from '../../signalling/rights';
import { t } from '../../strings';
import { LinkIcon } from '../icons';
import { serverSentence } from '../refusalText';
import { paths } from '../router';
import { useStream } from '../useStream';
import { copyMeetingLink } from './copyLink';
import type { MeetingRoom } from './meetingRoom';
import { Pager } from './pager';
import { ScreenTile, Tile } from './tile';
import { Voices } from './voices';

/** The tiles: in the grid that fills the space best, or one of them large above the others. */
export function Stage({ room }: { room: MeetingRoom }) {
  const space = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = space.current;
    if (!element) {
      return;
    }
    const measure = () => {
      room.stage.space.value = { width: element.clientWidth, height: element.clientHeight };
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [room]);

  const { participants, selfId } = room.state.value;
  const speaking = room.speaking.value;
  const pictures = room.media.pictures.value;
  const qualities = room.media.qualities.value;
  const { mic, cam } = room.local.value;
  const own = useStream(cam.on ? room.blur.track.value : null);
  const hands = raisedHands(room.state.value).map((p) => p.id);
  const byId = new Map(participants.map((p) => [p.id, p]));

  return (
    <div class="stage">
      <div class="stage-space" ref={space}>
        <ul class="tiles" aria-label={t.meeting.stage}>
          {room.stage.tiles.value.map((place) => {
            const { participantId: id, source } = place;
            const participant = byId.get(id);
            const self = id === selfId;
            const key = pictureKey(id, source);
            const picture = pictures.get(key) ?? null;
            const shown = {
              place,
              quality: qualities.get(key) ?? null,
              pinned: room.stage.pinned.value === key,
              onPin: () => room.stage.pin(key),
            };
            if (!participant) {
              return null;
            }
            return source === 'screen' ? (
              <ScreenTile key={key} name={participant.name} picture={picture} {...shown} />
            ) : (
              <Tile
                key={key}
                // Of oneself the devices are the truth, before the server has heard of it.
                participant={self ? { ...participant, media: { mic: mic.on, cam: cam.on } } : participant}
                self={self}
                hand={hands.indexOf(id) + 1}
                sign={room.signs.shown.value[id] ?? null}
                speaking={speaking.includes(id) && (!self || mic.on)}
                picture={self ? own : picture}
                {...shown}
              />
            );
          })}
        </ul>
        <Pager stage={room.stage} />
      </div>
      <StageNotes room={room} />
      <Voices room={room} />
    </div>
  );
}

/** What floats over the tiles. */
function StageNotes({ room }: { room: MeetingRoom }) {
  const { participants, id, phase } = room.state.value;
  return (
    <div class="stage-notes" aria-live="polite">
      {room.serverAway.value && (
        <p class="note" data-testid="server-away">
          {t.meeting.serverAway}
        </p>
      )}
      {room.pushToTalk.value && <p class="note accent">{t.meeting.pushToTalk}</p>}
      {room.screen.value && <p class="note">{room.screenSound.value ? t.meeting.sharingSound : t.meeting.sharing}</p>}
      {room.voice.talksMuted.value && (
        <p class="note" data-testid="muted-hint">
          {t.meeting.mutedHint}
        </p>
      )}
      {phase === 'joined' && <WayNotes room={room} />}
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

/** What is wrong with the ways to the server: what is lost, or on a link what a third person would miss. */
function WayNotes({ room }: { room: MeetingRoom }) {
  const { state, message } = room.media.leg.value;
  if (!room.media.direct.value) {
    // While it tries again by itself, our words say so; the server's would ask the person to.
    const text = state === 'refused' ? serverSentence(message, t.leg.refused) : t.leg[state];
    return text ? (
      <p class="note" data-testid="media-status" data-state={state}>
        {text}{' '}
        {(state === 'waiting' || state === 'refused') && (
          <a href={paths.check} target="_blank" rel="noopener">
            {t.check.link}
          </a>
        )}
      </p>
    ) : null;
  }
  const peer = room.peer.value;
  return (
    <>
      {room.media.legBroken.value && (
        <p class="note" data-testid="own-way-broken">
          {t.meeting.ownWayBroken}{' '}
          <a href={paths.check} target="_blank" rel="noopener">
            {t.check.link}
          </a>
        </p>
      )}
      {peer && room.peerBroken.value && (
        <p class="note" data-testid="peer-way-broken">
          {t.meeting.peerWayBroken(peer.name)}
        </p>
      )}
    </>
  );
}
