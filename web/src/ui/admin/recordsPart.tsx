import { useEffect, useRef, useState } from 'preact/hooks';
import { admin } from '../../signalling/admin';
import type { MeetingRecordSummary } from '../../signalling/protocol';
import { t } from '../../strings';
import { ErrorMessage, Field } from '../controls';
import { RecordRow } from '../history/historyPage';
import { paths } from '../router';
import { dayAfter, dayIn } from '../text';
import { whyFailed } from './session';

const pageSize = 50;
/** After the last letter, in milliseconds. */
const settle = 300;

/** All meetings that are kept, by title, person and date. */
export function RecordsPart() {
  const [text, setText] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [records, setRecords] = useState<readonly MeetingRecordSummary[] | null>(null);
  const [more, setMore] = useState(false);
  const [error, setError] = useState<string | null>(null);
  /** What was asked first may be answered last. */
  const asked = useRef(0);

  const load = async (after: readonly MeetingRecordSummary[]) => {
    const turn = ++asked.current;
    try {
      const before = after.at(-1)?.startedAt ?? dayAfter(to);
      const page = await admin.records({ text: text.trim(), from: dayIn(from), before }, pageSize);
      if (turn === asked.current) {
        setRecords([...after, ...page]);
        setMore(page.length >= pageSize);
        setError(null);
      }
    } catch (refused) {
      if (turn === asked.current) {
        setError(whyFailed(refused));
      }
    }
  };
  useEffect(() => {
    const timer = setTimeout(() => void load([]), settle);
    return () => clearTimeout(timer);
  }, [text, from, to]);

  const day = (label: string, value: string, set: (value: string) => void, testId: string) => (
    <Field label={label}>
      {(id) => (
        <input
          id={id}
          class="input"
          type="date"
          data-testid={testId}
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
  return (
    <>
      <search class="admin-search">
        <Field label={t.admin.records.search}>
          {(id) => (
            <input
              id={id}
              class="input"
              type="search"
              data-testid="record-search"
              value={text}
              maxLength={120}
              placeholder={t.admin.records.searchHint}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        {day(t.admin.records.from, from, setFrom, 'record-from')}
        {day(t.admin.records.to, to, setTo, 'record-to')}
      </search>
      {error && <ErrorMessage>{error}</ErrorMessage>}
      {!records && !error && <p class="muted">{t.loading}</p>}
      {records?.length === 0 && <p class="muted">{t.admin.records.none}</p>}
      {records && records.length > 0 && (
        <ul class="list">
          {records.map((record) => (
            <RecordRow key={record.id} record={record} href={paths.admin('history', record.id)} />
          ))}
        </ul>
      )}
      {more && (
        <button type="button" class="button plain" onClick={() => void load(records ?? [])}>
          {t.history.more}
        </button>
      )}
    </>
  );
}
