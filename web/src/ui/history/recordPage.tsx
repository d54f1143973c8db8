import { useEffect, useState } from 'preact/hooks';
import type { Attendance, ChatMessage, MeetingRecord } from '../../signalling/protocol';
import { Refusal } from '../../signalling/refusal';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { Avatar } from '../avatar';
import { Link, Notice, TopBar } from '../controls';
import { BackIcon } from '../icons';
import { paths } from '../router';
import { duration, moment, timeOfDay } from '../text';

export function RecordPage({ id }: { id: string }) {
  const [record, setRecord] = useState<MeetingRecord | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  useEffect(() => {
    let gone = false;
    document.title = `${t.history.title} · ${t.product}`;
    rest.record(id).then(
      (found) => {
        if (!gone) {
          setRecord(found);
          document.title = `${found.title} · ${t.product}`;
        }
      },
      (error) => !gone && setRefusal(error instanceof Refusal ? error : new Refusal('unreachable', '')),
    );
    return () => {
      gone = true;
    };
  }, [id]);

  return (
    <div class="page">
      <TopBar />
      {refusal ? <Missing refusal={refusal} /> : record ? <Found record={record} /> : <main class="column" />}
    </div>
  );
}

function Missing({ refusal }: { refusal: Refusal }) {
  const words = refusal.code === 'meetingUnknown' ? t.gone.meetingUnknown : t.gone.unreachable;
  return (
    <Notice title={words.title} lead={words.lead}>
      <Link class="button primary" href={paths.history}>
        {t.history.title}
      </Link>
    </Notice>
  );
}

function Found({ record }: { record: MeetingRecord }) {
  const started = Date.parse(record.startedAt);
  const ended = record.endedAt ? Date.parse(record.endedAt) : null;
  return (
    <main class="column">
      <Link href={paths.history} class="back-link">
        <BackIcon />
        {t.history.title}
      </Link>
      <h1 dir="auto">{record.title}</h1>
      <p class="record-facts">
        <bdi>{t.history.by(record.createdBy)}</bdi>
        <time dateTime={record.startedAt}>{moment(record.startedAt)}</time>
        <span>
          {ended === null
            ? t.history.running(duration(Date.now() - started))
            : t.history.lasted(duration(ended - started))}
        </span>
        {record.endReason && <span>{t.history.ends(record.endReason, record.endedBy ?? null)}</span>}
      </p>
      {ended === null && (
        <Link class="button primary" href={paths.meeting(record.id)}>
          {t.history.join}
        </Link>
      )}
      <section class="card">
        <h2>{t.history.attendance}</h2>
        {record.attendance.length ? <AttendanceTable stays={record.attendance} /> : <p>{t.history.noAttendance}</p>}
      </section>
      <section class="card">
        <h2>{t.history.chat}</h2>
        {record.chat.length ? <Transcript chat={record.chat} /> : <p class="muted">{t.history.noChat}</p>}
      </section>
    </main>
  );
}

function AttendanceTable({ stays }: { stays: readonly Attendance[] }) {
  return (
    <div class="table-wrap">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.history.name}</th>
            <th scope="col">{t.history.joined}</th>
            <th scope="col">{t.history.left}</th>
            <th scope="col">{t.history.stayed}</th>
            <th scope="col">{t.history.why}</th>
          </tr>
        </thead>
        <tbody>
          {stays.map((stay) => (
            <tr key={`${stay.participantId}${stay.joinedAt}`} data-testid="attendance-row">
              <td>
                <span class="person">
                  <Avatar id={stay.participantId} name={stay.name} />
                  <bdi>{stay.name}</bdi>
                </span>
              </td>
              <td>{timeOfDay(stay.joinedAt)}</td>
              <td>{stay.leftAt ? timeOfDay(stay.leftAt) : t.history.stillThere}</td>
              <td>{duration((stay.leftAt ? Date.parse(stay.leftAt) : Date.now()) - Date.parse(stay.joinedAt))}</td>
              <td>{stay.leaveReason ? t.history.reasons[stay.leaveReason] : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Transcript({ chat }: { chat: readonly ChatMessage[] }) {
  return (
    <ol class="transcript">
      {chat.map((message) => (
        <li key={message.id} data-testid="chat-message">
          <p class="message-head">
            <strong data-testid="chat-name">
              <bdi>{message.name}</bdi>
            </strong>
            <time dateTime={message.sentAt} data-testid="chat-time">
              {timeOfDay(message.sentAt)}
            </time>
          </p>
          <p class="message-text" dir="auto" data-testid="chat-text">
            {message.text}
          </p>
        </li>
      ))}
    </ol>
  );
}
