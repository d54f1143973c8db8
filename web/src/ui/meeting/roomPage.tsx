import { useEffect, useState } from 'preact/hooks';
import { t } from '../../strings';
import { Spinner, ThemeButton } from '../controls';
import { LinkIcon, Mark } from '../icons';
import { clock } from '../text';
import { usePageTitle } from '../usePageTitle';
import { ChatPanel } from './chatPanel';
import { ConnectionBadge } from './connectionSheet';
import { ControlBar } from './controlBar';
import { copyMeetingLink } from './copyLink';
import type { MeetingRoom } from './meetingRoom';
import { PeoplePanel } from './peoplePanel';
import { Sheets } from './sheets';
import { Stage } from './stage';
import { UnmuteQuestion } from './unmuteQuestion';
import { useShortcuts } from './useShortcuts';
import type { Visit } from './visit';

export function RoomPage({ room, visit }: { room: MeetingRoom; visit: Visit }) {
  useShortcuts(room);
  const { title, phase, id } = room.state.value;
  usePageTitle(title);
  const panel = room.panel.value;
  return (
    <div class={`room ${panel ? 'with-panel' : ''}`} data-testid="meeting">
      <header class="room-head">
        <Mark />
        <h1 dir="auto">{title}</h1>
        <Elapsed since={room.state.value.startedAt} />
        <span class="grow" />
        <ConnectionBadge room={room} />
        <button
          type="button"
          class="button quiet small copy-link"
          aria-label={t.meeting.copyLink}
          title={t.meeting.copyLink}
          onClick={() => void copyMeetingLink(id)}
        >
          <LinkIcon />
          <span>{t.meeting.copyLink}</span>
        </button>
        <ThemeButton />
      </header>
      <main class="room-main">
        <Stage room={room} />
        {panel === 'chat' && <ChatPanel room={room} />}
        {panel === 'people' && <PeoplePanel room={room} />}
        {phase === 'reconnecting' && !room.serverAway.value && <Reconnecting room={room} />}
      </main>
      <ControlBar room={room} />
      <Sheets room={room} visit={visit} />
      <UnmuteQuestion room={room} />
    </div>
  );
}

function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span class="elapsed">{clock(now - Date.parse(since))}</span>;
}

function Reconnecting({ room }: { room: MeetingRoom }) {
  return (
    <div class="overlay" role="status" data-testid="reconnecting">
      <div class="overlay-card">
        <Spinner />
        <strong>{t.meeting.reconnecting}</strong>
        <p>{t.meeting.reconnectingLead}</p>
        <button type="button" class="button plain small" onClick={() => room.retryNow()}>
          {t.meeting.retryNow}
        </button>
      </div>
    </div>
  );
}
