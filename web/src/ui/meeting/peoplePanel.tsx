import type { Participant } from '../../signalling/protocol';
import { t } from '../../strings';
import { Avatar } from '../avatar';
import {
  CamIcon,
  CamOffIcon,
  CrownIcon,
  HandIcon,
  LinkIcon,
  ListenerIcon,
  MicIcon,
  MicOffIcon,
  MoreIcon,
} from '../icons';
import { copyMeetingLink } from './copyLink';
import { HandList } from './handList';
import { LobbyList } from './lobbyList';
import type { MeetingRoom } from './meetingRoom';
import { SidePanel } from './sidePanel';

export function PeoplePanel({ room }: { room: MeetingRoom }) {
  const { participants, id } = room.state.value;
  return (
    <SidePanel title={t.people.title(participants.length)} onClose={() => room.show(null)} testId="people-panel">
      <div class="people">
        <LobbyList room={room} />
        <HandList room={room} />
        <ul>
          {participants.map((participant) => (
            <Person key={participant.id} room={room} participant={participant} />
          ))}
        </ul>
      </div>
      <footer class="side-foot">
        <button type="button" class="button plain wide" onClick={() => void copyMeetingLink(id)}>
          <LinkIcon />
          {t.people.invite}
        </button>
        {room.isHost.value && (
          <button
            type="button"
            class="button plain wide"
            data-testid="hosting-button"
            onClick={() => {
              room.sheet.value = 'hosting';
            }}
          >
            <CrownIcon />
            {t.hosting.title}
          </button>
        )}
      </footer>
    </SidePanel>
  );
}

function Person({ room, participant }: { room: MeetingRoom; participant: Participant }) {
  const { id, name, presence, role } = participant;
  const { mic, cam } = room.local.value;
  const self = id === room.state.value.selfId;
  // Of oneself the devices are the truth, before the server has heard of it.
  const media = self ? { mic: mic.on, cam: cam.on } : participant.media;
  const speaking = room.speaking.value.includes(id) && media.mic;
  return (
    <li
      class={`person ${speaking ? 'speaking' : ''} ${presence}`}
      data-testid="participant-row"
      data-participant-id={id}
      data-name={name}
      data-role={role}
    >
      <Avatar id={id} name={name} />
      <span class="person-name">
        <bdi>{self ? t.meeting.youSuffix(name) : name}</bdi>
        {presence === 'reconnecting' ? <small>{t.meeting.away}</small> : <RoleBadge role={role} />}
      </span>
      {participant.handRaisedAt && (
        <span class="person-device">
          <HandIcon />
          <span class="visually-hidden">{t.people.handUp}</span>
        </span>
      )}
      <span class={`person-device ${media.mic ? '' : 'is-off'}`}>
        {media.mic ? <MicIcon /> : <MicOffIcon />}
        <span class="visually-hidden">{media.mic ? t.meeting.unmuted : t.meeting.muted}</span>
      </span>
      <span class={`person-device ${media.cam ? '' : 'is-off'}`}>
        {media.cam ? <CamIcon /> : <CamOffIcon />}
        <span class="visually-hidden">{media.cam ? t.meeting.camera : t.meeting.noCamera}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={t.people.more(name)}
        title={t.people.more(name)}
        data-testid="person-button"
        onClick={() => {
          room.sheet.value = { person: id };
        }}
      >
        <MoreIcon />
      </button>
    </li>
  );
}

function RoleBadge({ role }: { role: Participant['role'] }) {
  if (role === 'participant') {
    return null;
  }
  return (
    <small data-testid="role">
      {role === 'host' ? <CrownIcon /> : <ListenerIcon />}
      {t.people.roles[role]}
    </small>
  );
}
