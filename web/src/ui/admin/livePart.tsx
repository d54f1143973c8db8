import { useEffect, useState } from 'preact/hooks';
import { admin, type LiveMeeting, type LiveParticipant, type LiveView } from '../../signalling/admin';
import { t } from '../../strings';
import { ErrorMessage, Link, Scrolling } from '../controls';
import { paths } from '../router';
import { duration, moment } from '../text';
import { Ask, type Question } from './ask';
import { kilobits, lossOf, megabytes, processorShare, rateOf } from './rates';
import { whyFailed } from './session';

const readEvery = 3_000;

/** Read now and every few seconds, as long as the page is seen; two readings give rates. */
function useLive(): { now: LiveView | null; before: LiveView | null; error: string | null } {
  const [seen, setSeen] = useState<{ now: LiveView | null; before: LiveView | null }>({ now: null, before: null });
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    const read = async () => {
      if (document.hidden) {
        return;
      }
      try {
        const now = await admin.live();
        if (!gone) {
          setSeen((last) => ({ now, before: last.now }));
          setError(null);
        }
      } catch (refused) {
        if (!gone) {
          setError(whyFailed(refused));
        }
      }
    };
    void read();
    const timer = setInterval(() => void read(), readEvery);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, []);
  return { ...seen, error };
}

export function LivePart() {
  const { now, before, error } = useLive();
  const [question, setQuestion] = useState<Question | null>(null);
  return (
    <>
      {error && <ErrorMessage>{error}</ErrorMessage>}
      {now ? <Server now={now} before={before} /> : !error && <p class="muted">{t.loading}</p>}
      {now && (
        <section class="stack">
          <h2>{t.admin.live.meetings(now.server.meetings, now.server.participants)}</h2>
          {now.meetings.length === 0 && <p class="muted">{t.admin.live.none}</p>}
          {now.meetings.map((meeting) => (
            <Meeting
              key={meeting.meeting.id}
              now={meeting}
              before={before?.meetings.find((one) => one.meeting.id === meeting.meeting.id) ?? null}
              passed={before ? Date.parse(now.server.at) - Date.parse(before.server.at) : 0}
              ask={setQuestion}
            />
          ))}
        </section>
      )}
      {question && <Ask question={question} onClose={() => setQuestion(null)} />}
    </>
  );
}

function Server({ now: { server }, before }: { now: LiveView; before: LiveView | null }) {
  const share = before && processorShare(server, before.server);
  const up = Date.parse(server.at) - Date.parse(server.startedAt);
  const rows: [string, string][] = [
    [t.admin.live.processor, share === null ? t.connection.unknown : t.admin.live.share(share, server.processors)],
    [t.admin.live.memory, t.admin.live.megabytes(megabytes(server.memory))],
    [t.admin.live.up, `${duration(up)} (${moment(server.startedAt)})`],
    [t.admin.live.version, server.version],
    [t.admin.live.retention, t.admin.live.kept(server.retentionDays)],
  ];
  return (
    <section class="card" aria-label={t.admin.live.server} data-testid="server-figures">
      <dl class="figures">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {server.workers.length > 0 && (
        <Scrolling label={t.admin.live.workers}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t.admin.live.worker}</th>
                <th scope="col">{t.admin.live.ports}</th>
                <th scope="col">{t.admin.live.busy}</th>
                <th scope="col">{t.admin.live.meetingsOn}</th>
                <th scope="col">{t.admin.live.connections}</th>
              </tr>
            </thead>
            <tbody>
              {server.workers.map((worker) => (
                <tr key={worker.number}>
                  <td>{worker.number}</td>
                  <td>{worker.tcpPort ? `UDP ${worker.udpPort}, TCP ${worker.tcpPort}` : `UDP ${worker.udpPort}`}</td>
                  <td>{t.connection.percent(worker.busy)}</td>
                  <td>{worker.meetings}</td>
                  <td>{worker.connections}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
    </section>
  );
}

interface MeetingProps {
  now: LiveMeeting;
  before: LiveMeeting | null;
  /** Between the two readings, in milliseconds. */
  passed: number;
  ask(question: Question): void;
}

function Meeting({ now, before, passed, ask }: MeetingProps) {
  const { meeting, mode, participants } = now;
  const [came, went] = (['received', 'sent'] as const).map((way) =>
    rateOf(now.rtp[way].bytes, before?.rtp[way].bytes, passed),
  );
  return (
    <section class="card" aria-label={meeting.title} data-testid="live-meeting" data-meeting-id={meeting.id}>
      <header class="admin-head">
        <div>
          <h3 class="admin-title" dir="auto">
            {meeting.title}
          </h3>
          <p class="muted record-facts">
            <bdi>{t.home.by(meeting.createdBy)}</bdi>
            <span>{t.home.since(moment(meeting.startedAt))}</span>
            <span data-testid="live-mode">{t.connection.paths[mode.mode]}</span>
            <span>{t.admin.live.traffic(kilobits(came), kilobits(went))}</span>
          </p>
        </div>
        <div class="admin-actions">
          <Link href={paths.meeting(meeting.id)} class="button plain small">
            {t.history.join}
          </Link>
          <button
            type="button"
            class="button danger-quiet small"
            data-testid="end-meeting"
            onClick={() =>
              ask({
                title: t.meeting.endTitle,
                lead: t.meeting.endLead,
                action: t.meeting.endConfirm,
                act: () => admin.endMeeting(meeting.id),
              })
            }
          >
            {t.meeting.endForAll}
          </button>
        </div>
      </header>
      {participants.length === 0 ? (
        <p class="muted">{t.home.people(0)}</p>
      ) : (
        <Scrolling label={t.people.title(participants.length)}>
          <table>
            <thead>
              <tr>
                {t.admin.live.columns.map((label) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
                <th scope="col">
                  <span class="visually-hidden">{t.meeting.more}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {participants.map((one) => (
                <Person key={one.participant.id} one={one} meeting={meeting.id} ask={ask} />
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
    </section>
  );
}

function Person({ one, meeting, ask }: { one: LiveParticipant; meeting: string; ask(question: Question): void }) {
  const { participant, report } = one;
  const { id, name, role, presence, media } = participant;
  const path = report ? (report.linkId ? 'peerToPeer' : report.local?.type === 'relay' ? 'relay' : 'server') : 'none';
  const figure = (value: number | null | undefined, say: (value: number) => string) =>
    value === null || value === undefined ? t.connection.unknown : say(value);
  return (
    <tr data-testid="live-participant" data-name={name}>
      <td>
        <bdi>{name}</bdi>
      </td>
      <td>{t.people.roles[role]}</td>
      <td>
        {presence === 'reconnecting'
          ? t.meeting.away
          : [media.mic ? t.device.mic : '', media.cam ? t.device.cam : '', media.screen ? t.history.sources.screen : '']
              .filter(Boolean)
              .join(t.history.between) || t.connection.unknown}
      </td>
      <td>{t.connection.badge[path]}</td>
      <td>{figure(report?.roundTrip, (value) => t.connection.milliseconds(Math.round(value)))}</td>
      <td>{figure(lossOf(one), t.connection.percent)}</td>
      <td>
        {report ? t.admin.live.traffic(kilobits(report.sending), kilobits(report.receiving)) : t.connection.unknown}
      </td>
      <td>
        <button
          type="button"
          class="button danger-quiet small"
          data-testid="remove-participant"
          onClick={() =>
            ask({
              title: t.person.removeTitle(name),
              lead: t.admin.live.removeLead,
              action: t.person.remove,
              act: () => admin.remove(meeting, id),
            })
          }
        >
          {t.person.remove}
        </button>
      </td>
    </tr>
  );
}
