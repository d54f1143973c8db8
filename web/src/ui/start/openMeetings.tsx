import { useEffect, useState } from 'preact/hooks';
import type { MeetingSummary } from '../../signalling/protocol';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { Link } from '../controls';
import { ChatIcon, LockIcon, PeopleIcon } from '../icons';
import { paths } from '../router';
import { moment } from '../text';

const refreshEvery = 5_000;

/** Asks for the list now and every few seconds, but only while the page is seen. */
function useOpenMeetings(): { meetings: MeetingSummary[] | null; failed: boolean } {
  const [meetings, setMeetings] = useState<MeetingSummary[] | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const refresh = async () => {
      clearTimeout(timer);
      if (document.hidden) {
        return;
      }
      try {
        const list = await rest.meetings();
        if (gone) {
          return;
        }
        setMeetings(list);
        setFailed(false);
      } catch {
        setFailed(true);
      }
      clearTimeout(timer);
      timer = gone ? undefined : setTimeout(refresh, refreshEvery);
    };
    const seen = () => void refresh();
    document.addEventListener('visibilitychange', seen);
    void refresh();
    return () => {
      gone = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, []);
  return { meetings, failed };
}

export function OpenMeetings() {
  const { meetings, failed } = useOpenMeetings();
  return (
    <section class="open-meetings" aria-labelledby="open-meetings">
      <h2 id="open-meetings">{t.home.open}</h2>
      {failed && <p class="muted">{t.home.unreachable}</p>}
      {meetings === null && !failed && <p class="muted">{t.loading}</p>}
      {meetings?.length === 0 && (
        <div class="empty">
          <ChatIcon />
          <strong>{t.home.empty}</strong>
          <p>{t.home.emptyLead}</p>
        </div>
      )}
      {meetings && meetings.length > 0 && (
        <ul class="list">
          {meetings.map((meeting) => (
            <OpenMeeting key={meeting.id} meeting={meeting} />
          ))}
        </ul>
      )}
    </section>
  );
}

function OpenMeeting({ meeting }: { meeting: MeetingSummary }) {
  const door = (['locked', 'passcode', 'lobby'] as const).find((one) => meeting[one]);
  const people = meeting.participants ?? 0;
  return (
    <li>
      <Link href={paths.meeting(meeting.id)} class="list-row" data-testid="open-meeting">
        <span class="list-main">
          <strong class="list-title" dir="auto">
            {meeting.title}
          </strong>
          <span class="list-detail">
            <bdi>{t.home.by(meeting.createdBy)}</bdi>
            <span>{t.home.since(moment(meeting.startedAt))}</span>
          </span>
        </span>
        {door && (
          <span class="list-aside">
            <LockIcon />
            {t.home.door[door]}
          </span>
        )}
        <span class="list-aside">
          <PeopleIcon />
          {people >= meeting.capacity ? t.home.full : t.home.people(people)}
        </span>
      </Link>
    </li>
  );
}
