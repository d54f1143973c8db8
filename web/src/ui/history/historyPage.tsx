import { useEffect, useState } from 'preact/hooks';
import type { MeetingRecordSummary } from '../../signalling/protocol';
import { Refusal } from '../../signalling/refusal';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { ErrorMessage, Link, TopBar } from '../controls';
import { HistoryIcon, PeopleIcon } from '../icons';
import { refusalText } from '../refusalText';
import { paths } from '../router';
import { duration, moment } from '../text';
import { usePageTitle } from '../usePageTitle';

const pageSize = 50;

export function HistoryPage() {
  const [records, setRecords] = useState<readonly MeetingRecordSummary[] | null>(null);
  const [more, setMore] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const load = async (before?: string) => {
    try {
      const page = await rest.records(before, pageSize);
      setRecords((known) => [...(before ? (known ?? []) : []), ...page]);
      setMore(page.length === pageSize);
      setError(null);
    } catch (refused) {
      setError(refusalText(refused instanceof Refusal ? refused : new Refusal('unreachable', '')));
    }
  };

  usePageTitle(t.history.title);
  useEffect(() => {
    void load();
  }, []);

  return (
    <div class="page">
      <TopBar />
      <main class="column">
        <h1>{t.history.title}</h1>
        <p class="lead">{t.history.lead}</p>
        {error && <ErrorMessage>{error}</ErrorMessage>}
        {!records && !error && <p class="muted">{t.loading}</p>}
        {records?.length === 0 && (
          <div class="empty">
            <HistoryIcon />
            <strong>{t.history.empty}</strong>
            <p>{t.history.emptyLead}</p>
          </div>
        )}
        {records && records.length > 0 && (
          <ul class="list">
            {records.map((record) => (
              <RecordRow key={record.id} record={record} />
            ))}
          </ul>
        )}
        {(more || error) && (
          <button type="button" class="button plain" onClick={() => void load(records?.at(-1)?.startedAt)}>
            {error ? t.tryAgain : t.history.more}
          </button>
        )}
      </main>
    </div>
  );
}

export function RecordRow({ record, href = paths.record(record.id) }: { record: MeetingRecordSummary; href?: string }) {
  const end = record.endedAt ? Date.parse(record.endedAt) : null;
  return (
    <li>
      <Link href={href} class="list-row" data-testid="record-row">
        <span class="list-main">
          <strong class="list-title" dir="auto">
            {record.title}
          </strong>
          <span class="list-detail">
            <bdi>{t.history.by(record.createdBy)}</bdi>
            <time dateTime={record.startedAt}>{moment(record.startedAt)}</time>
            {end !== null && <span>{t.history.lasted(duration(end - Date.parse(record.startedAt)))}</span>}
          </span>
        </span>
        {end === null && <span class="badge live">{t.history.openNow}</span>}
        <span class="list-aside">
          <PeopleIcon />
          {t.history.attended(record.participants)}
        </span>
      </Link>
    </li>
  );
}
