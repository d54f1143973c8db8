import { t } from '../../strings';
import { Avatar } from '../avatar';
import { CamIcon, CamOffIcon, CrownIcon, LinkIcon, MicIcon, MicOffIcon } from '../icons';
import { copyMeetingLink } from './copyLink';
import type { MeetingRoom } from './meetingRoom';
import { SidePanel } from './sidePanel';

export function PeoplePanel({ room }: { room: MeetingRoom }) {
  const { participants, selfId, id } = room.state.value;
  const speaking = room.speaking.value;
  const { mic, cam } = room.local.value;
  return (
    <SidePanel title={t.people.title(participants.length)} onClose={() => room.show(null)} testId="people-panel">
      <ul class="people">
        {participants.map((participant) => {
          const self = participant.id === selfId;
          const media = self ? { mic: mic.on, cam: cam.on } : participant.media;
          return (
            <li
              key={participant.id}
              class={`person ${speaking.includes(participant.id) && media.mic ? 'speaking' : ''} ${participant.presence}`}
              data-testid="participant-row"
              data-participant-id={participant.id}
              data-name={participant.name}
            >
              <Avatar id={participant.id} name={participant.name} />
              <span class="person-name">
                <bdi>{self ? t.meeting.youSuffix(participant.name) : participant.name}</bdi>
                {participant.presence === 'reconnecting' && <small>{t.meeting.away}</small>}
                {participant.isCreator && participant.presence === 'connected' && (
                  <small>
                    <CrownIcon />
                    {t.people.creator}
                  </small>
                )}
              </span>
              <span class={`person-device ${media.mic ? '' : 'is-off'}`}>
                {media.mic ? <MicIcon /> : <MicOffIcon />}
                <span class="visually-hidden">{media.mic ? t.meeting.unmuted : t.meeting.muted}</span>
              </span>
              <span class={`person-device ${media.cam ? '' : 'is-off'}`}>
                {media.cam ? <CamIcon /> : <CamOffIcon />}
                <span class="visually-hidden">{media.cam ? t.meeting.camera : t.meeting.noCamera}</span>
              </span>
            </li>
          );
        })}
      </ul>
      <footer class="side-foot">
        <button type="button" class="button plain wide" onClick={() => void copyMeetingLink(id)}>
          <LinkIcon />
          {t.people.invite}
        </button>
      </footer>
    </SidePanel>
  );
}
