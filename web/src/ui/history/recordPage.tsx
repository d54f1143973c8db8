import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { creatorSecrets, places } from '../../signalling/places';
import type { Attendance, HostAction, MeetingRecord } from '../../signalling/protocol';
import { Refusal } from '../../signalling/refusal';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { Avatar } from '../avatar';
import { MessageBody, ProgramBadge } from '../chat/messageBody';
import { Link, Notice, Scrolling, TopBar } from '../controls';
import { BackIcon } from '../icons';
import { paths } from '../router';
import { duration, moment, timeOfDay } from '../text';
import { usePageTitle } from '../usePageTitle';
import { actionText } from './actionText';

export function RecordPage({ id }: { id: string }) {
  const [record, setRecord] = useState<MeetingRecord | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  usePageTitle(record?.title ?? t.history.title);
  useEffect(() => {
    let gone = false;
    rest.record(id, creatorSecrets.of(id) ?? places.tokenOf(id)).then(
      (found) => !gone && setRecord(found),
      (error) => !gone && setRefusal(error instanceof Refusal ? error : new Refusal('unreachable', '')),
    );
    return () => {
      gone = true;
    };
  }, [id]);

  return (
    <div class="page">
      <TopBar />
      {refusal ? (
        <Missing refusal={refusal} />
      ) : record ? (
        <main class="column">
          <RecordView record={record} back={paths.history} list={t.history.title} />
        </main>
      ) : (
        <main class="column" />
      )}
    </div>
  );
}

function Missing({ refusal }: { refusal: Refusal }) {
  const { meetingUnknown, secretWrong, unreachable } = t.gone;
  const words = { meetingUnknown, secretWrong }[refusal.code] ?? unreachable;
  return (
    <Notice title={words.title} lead={words.lead}>
      <Link class="button primary" href={paths.history}>
        {t.history.title}
      </Link>
    </Notice>
  );
}

interface RecordViewProps {
  record: MeetingRecord;
  /** Where the list is. */
  back: string;
  /** What the list is called. */
  list: string;
  /** What can be done with it. */
  children?: ComponentChildren;
}

export function RecordView({ record, back, list, children }: RecordViewProps) {
  const started = Date.parse(record.startedAt);
  const ended = record.endedAt ? Date.parse(record.endedAt) : null;
  return (
    <>
      <Link href={back} class="back-link">
        <BackIcon />
        {list}
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
      {children}
      <section class="card">
        <h2>{t.history.attendance}</h2>
        {record.attendance.length ? <AttendanceTable stays={record.attendance} /> : <p>{t.history.noAttendance}</p>}
      </section>
      <section class="card">
        <h2>{t.history.chat}</h2>
        {record.chat.length ? <Transcript record={record} /> : <p class="muted">{t.history.noChat}</p>}
      </section>
      {record.actions && (
        <section class="card">
          <h2>{t.history.actions}</h2>
          {record.actions.length ? <ActionList actions={record.actions} /> : <p class="muted">{t.history.noActions}</p>}
        </section>
      )}
    </>
  );
}

function AttendanceTable({ stays }: { stays: readonly Attendance[] }) {
  return (
    <Scrolling label={t.history.attendance}>
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
    </Scrolling>
  );
}

/** Told to hosts only. */
function ActionList({ actions }: { actions: readonly HostAction[] }) {
  return (
    <ol class="transcript">
      {actions.map((action) => (
        <li key={`${action.at}${action.action}${action.targetId}`} class="message-head" data-testid="action-row">
          <time dateTime={action.at}>{timeOfDay(action.at)}</time>
          <span dir="auto">{actionText(action)}</span>
        </li>
      ))}
    </ol>
  );
}

function Transcript({ record: { id, chat } }: { record: MeetingRecord }) {
  const secret = places.tokenOf(id) ?? creatorSecrets.of(id) ?? '';
  return (
    <ol class="transcript">
      {chat.map((message) => (
        <li key={message.id} data-testid="chat-message">
          <p class="message-head">
            <strong data-testid="chat-name">
              <bdi>{message.name}</bdi>
            </strong>
            {message.program && <ProgramBadge />}
            <time dateTime={message.sentAt} data-testid="chat-time">
              {timeOfDay(message.sentAt)}
            </time>
          </p>
          {message.to && <p class="message-private">{t.chat.privateTo(message.to.name)}</p>}
          <MessageBody message={message} meetingId={id} secret={secret} />
          {message.reactions?.length ? (
            <p class="muted">
              {message.reactions
                .map(({ emoji, by }) => t.chat.reaction(emoji, by.length, by.map((one) => one.name).join(', ')))
                .join(' · ')}
            </p>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
