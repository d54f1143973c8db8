import { useEffect, useMemo } from 'preact/hooks';
import { isOver, type MeetingState } from '../../signalling/meetingState';
import { t } from '../../strings';
import { Link, Notice, Spinner, TopBar } from '../controls';
import { watchForSupport } from '../debug';
import { CheckIcon, LeaveIcon, StopIcon, WarningIcon } from '../icons';
import { PrejoinPage } from '../prejoin/prejoinPage';
import { paths } from '../router';
import { RoomPage } from './roomPage';
import { Visit } from './visit';

export function MeetingPage({ id }: { id: string }) {
  const visit = useMemo(() => new Visit(id), [id]);
  useEffect(() => {
    const unwatch = watchForSupport(visit);
    void visit.start();
    return () => {
      unwatch();
      visit.close();
    };
  }, [visit]);

  const room = visit.room.value;
  if (room && isOver(room.state.value)) {
    return <Over state={room.state.value} visit={visit} />;
  }
  switch (visit.stage.value) {
    case 'looking':
      return (
        <main class="notice" aria-busy="true">
          <Spinner />
          <p class="lead">{t.loading}</p>
        </main>
      );
    case 'gone':
      return <Gone visit={visit} />;
    case 'prejoin':
      return <PrejoinPage visit={visit} />;
    case 'inside':
      return room && <RoomPage room={room} visit={visit} />;
  }
}

/** There is nothing to join: why, and a way onward. */
function Gone({ visit }: { visit: Visit }) {
  const refusal = visit.refusal.value;
  const code = refusal?.code ?? 'unreachable';
  const words = (t.gone as Record<string, unknown>)[code] as { title: string; lead: string } | undefined;
  const known = words ?? t.gone.unreachable;
  return (
    <div class="page">
      <TopBar />
      <Notice title={known.title} lead={refusal?.message || known.lead} icon={<WarningIcon />} testId={`gone-${code}`}>
        {code === 'meetingUnknown' || code === 'meetingEnded' ? (
          <Link class="button primary" href={paths.start}>
            {t.gone.newMeeting}
          </Link>
        ) : (
          <button type="button" class="button primary" onClick={() => void visit.look()}>
            {t.tryAgain}
          </button>
        )}
        {code === 'meetingEnded' ? (
          <Link class="button plain" href={paths.record(visit.id)}>
            {t.gone.record}
          </Link>
        ) : (
          <Link class="button plain" href={paths.start}>
            {t.gone.home}
          </Link>
        )}
      </Notice>
    </div>
  );
}

/** After the meeting: why it is over for us, and a way onward. */
function Over({ state, visit }: { state: MeetingState; visit: Visit }) {
  const rejoin = (label: string) => (
    <button type="button" class="button primary" data-testid="rejoin-button" onClick={() => void visit.again()}>
      {label}
    </button>
  );
  const home = (
    <Link class="button plain" href={paths.start}>
      {t.over.home}
    </Link>
  );
  const { title, lead, icon, actions } = overWords(state);
  return (
    <div class="page">
      <TopBar />
      <Notice
        title={title}
        lead={lead}
        icon={icon}
        testId={state.phase === 'ended' ? 'ended-page' : `${state.phase}-page`}
      >
        {actions === 'record' ? (
          <>
            <Link class="button primary" href={paths.start}>
              {t.over.home}
            </Link>
            <Link class="button plain" href={paths.record(state.id)}>
              {t.over.record}
            </Link>
          </>
        ) : (
          <>
            {rejoin(actions)}
            {home}
          </>
        )}
      </Notice>
    </div>
  );
}

function overWords(state: MeetingState) {
  switch (state.phase) {
    case 'ended': {
      const { reason = 'unknown', by = null, message = '' } = state.ended ?? {};
      const words = t.over.reason(reason, by);
      const lead = reason === 'unknown' && message ? message : words.lead;
      return { title: words.title, lead, icon: <StopIcon />, actions: 'record' as const };
    }
    case 'superseded':
      return { ...t.over.superseded, icon: <CheckIcon />, actions: t.over.useHere };
    case 'refused': {
      const refusal = state.refusal;
      const lead = refusal ? refusal.message || t.refusal(refusal.code) : '';
      return { title: t.over.refused.title, lead, icon: <WarningIcon />, actions: t.over.rejoin };
    }
    default:
      return { ...t.over.left, icon: <LeaveIcon />, actions: t.over.rejoin };
  }
}
