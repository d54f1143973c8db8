import { useEffect, useMemo } from 'preact/hooks';
import { isOver, type MeetingState } from '../../signalling/meetingState';
import type { MeetingSummary } from '../../signalling/protocol';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { Link, Notice, Spinner, TopBar } from '../controls';
import { watchForSupport } from '../debug';
import { CheckIcon, LeaveIcon, StopIcon, WarningIcon } from '../icons';
import { PrejoinPage } from '../prejoin/prejoinPage';
import { refusalText, serverSentence } from '../refusalText';
import { paths } from '../router';
import { moment } from '../text';
import { LobbyPage } from './lobbyPage';
import { RoomPage } from './roomPage';
import { Visit } from './visit';

export function MeetingPage({ id }: { id: string }) {
  const visit = useMemo(() => new Visit(id), [id]);
  useEffect(() => {
    const unwatch = watchForSupport(visit);
    const unembed = watchFromOutside(visit);
    void visit.start();
    return () => {
      unwatch();
      unembed();
      visit.close();
    };
  }, [visit]);

  const room = visit.room.value;
  const state = room?.state.value ?? visit.knock.value;
  if (state && isOver(state)) {
    return <Over state={state} visit={visit} />;
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
    case 'waiting':
      return (
        <LobbyPage title={visit.summary.value?.title ?? ''} visit={visit} onLeave={() => void visit.leaveLobby()} />
      );
    case 'inside':
      // A place that was lost while the connection was away: a host lets in again.
      if (room && state?.phase === 'waiting') {
        return <LobbyPage title={state.title} onLeave={() => void room.leave()} />;
      }
      return room && <RoomPage room={room} visit={visit} />;
  }
}

/** For the page of another site that shows this one, if there is one. */
function watchFromOutside(visit: Visit): () => void {
  if (window.parent === window) {
    return () => {};
  }
  let stop: (() => void) | null = null;
  let stopped = false;
  Promise.all([import('./embedding'), rest.embedding()]).then(
    ([{ embed, outerOf }, { origins }]) => {
      const outer = outerOf(window, origins);
      if (outer && !stopped) {
        stop = embed(visit, outer, window);
      }
    },
    () => {}, // The meeting goes on without it.
  );
  return () => {
    stopped = true;
    stop?.();
  };
}

/** There is nothing to join: why, and a way onward. */
function Gone({ visit }: { visit: Visit }) {
  const refusal = visit.refusal.value;
  const code = refusal?.code ?? 'unreachable';
  const words = (t.gone as Record<string, unknown>)[code] as { title: string; lead: string } | undefined;
  const known = words ?? t.gone.unreachable;
  const own = code === 'meetingNotBegun' ? notBegun(visit.summary.value) : known.lead;
  return (
    <div class="page">
      <TopBar />
      <Notice
        title={known.title}
        lead={serverSentence(refusal?.message, own)}
        icon={<WarningIcon />}
        testId={`gone-${code}`}
      >
        {code === 'meetingUnknown' || code === 'meetingEnded' ? (
          <Link class="button primary" href={paths.start}>
            {t.gone.newMeeting}
          </Link>
        ) : (
          code !== 'barred' && (
            <button type="button" class="button primary" onClick={() => void visit.again()}>
              {t.tryAgain}
            </button>
          )
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

/** When it begins, as far as that is known. */
function notBegun(summary: MeetingSummary | null): string {
  return summary?.notBefore ? t.gone.begins(moment(summary.notBefore)) : t.gone.meetingNotBegun.lead;
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
            <Link class="button plain" href={paths.record(visit.id)}>
              {t.over.record}
            </Link>
          </>
        ) : (
          <>
            {actions && rejoin(actions)}
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
      const lead = reason === 'unknown' ? serverSentence(message, words.lead) : words.lead;
      return { title: words.title, lead, icon: <StopIcon />, actions: 'record' as const };
    }
    case 'superseded':
      return { ...t.over.superseded, icon: <CheckIcon />, actions: t.over.useHere };
    case 'removed': {
      const { by = '', mayReturn = true } = state.removed ?? {};
      const { title, lead, barred } = t.over.removed;
      return {
        title,
        lead: mayReturn ? lead(by) : barred(by),
        icon: <StopIcon />,
        actions: mayReturn ? t.over.rejoin : '',
      };
    }
    case 'turnedAway':
      return { ...t.over.turnedAway, icon: <StopIcon />, actions: t.over.knockAgain };
    case 'refused': {
      const refusal = state.refusal;
      const lead = refusal ? refusalText(refusal) : '';
      return { title: t.over.refused.title, lead, icon: <WarningIcon />, actions: t.over.rejoin };
    }
    default:
      // Who has only knocked was never in.
      return { ...(state.id ? t.over.left : t.over.leftLobby), icon: <LeaveIcon />, actions: t.over.rejoin };
  }
}
