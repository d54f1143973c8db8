import { useEffect, useState } from 'preact/hooks';
import { admin } from '../../signalling/admin';
import type { MeetingRecord } from '../../signalling/protocol';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { ErrorMessage } from '../controls';
import { RecordView } from '../history/recordPage';
import { navigate, paths } from '../router';
import { Ask, type Question } from './ask';
import { whyFailed } from './session';

/** One record, to read, to take away, and to delete. */
export function AdminRecord({ id }: { id: string }) {
  const [record, setRecord] = useState<MeetingRecord | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  useEffect(() => {
    let gone = false;
    rest.record(id).then(
      (found) => !gone && setRecord(found),
      (refused: unknown) => !gone && setError(whyFailed(refused)),
    );
    return () => {
      gone = true;
    };
  }, [id]);
  if (!record) {
    return error ? <ErrorMessage>{error}</ErrorMessage> : <p class="muted">{t.loading}</p>;
  }
  const file = (what: string) => `/api/records/${encodeURIComponent(record.id)}/${what}`;
  const downloads: [string, string, string][] = [
    [t.admin.records.attendanceCsv, file('attendance.csv'), `${record.id}-attendance.csv`],
    [t.admin.records.chatCsv, file('chat.csv'), `${record.id}-chat.csv`],
    [t.admin.records.json, `/api/meetings/${encodeURIComponent(record.id)}/record`, `${record.id}.json`],
  ];
  const remove = () =>
    setQuestion({
      title: t.admin.records.deleteTitle,
      lead: t.admin.records.deleteLead,
      action: t.admin.records.delete,
      act: async () => {
        await admin.deleteRecord(record.id);
        navigate(paths.admin('history'));
      },
    });
  return (
    <>
      <RecordView record={record} back={paths.admin('history')} list={t.admin.parts.history}>
        <div class="admin-actions">
          {downloads.map(([label, href, name]) => (
            <a key={href} class="button plain small" href={href} download={name}>
              {label}
            </a>
          ))}
          {record.endedAt && (
            <button type="button" class="button danger-quiet small" data-testid="delete-record" onClick={remove}>
              {t.admin.records.delete}
            </button>
          )}
        </div>
      </RecordView>
      {question && <Ask question={question} onClose={() => setQuestion(null)} />}
    </>
  );
}
