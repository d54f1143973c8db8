import { useEffect, useRef, useState } from 'preact/hooks';
import type { OutgoingChat } from '../../signalling/meetingState';
import type { ChatMessage } from '../../signalling/protocol';
import { t } from '../../strings';
import { ChatIcon } from '../icons';
import { timeOfDay } from '../text';
import { ChatInput } from './chatInput';
import type { MeetingRoom } from './meetingRoom';
import { SidePanel } from './sidePanel';

/** Lines of one person within this are shown under one name. */
const togetherFor = 3 * 60_000;

export function ChatPanel({ room }: { room: MeetingRoom }) {
  const { chat, outgoing, ownIds, limits } = room.state.value;
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const [newer, setNewer] = useState(false);
  const length = chat.length + outgoing.length;

  const toEnd = () => {
    if (list.current) {
      list.current.scrollTop = list.current.scrollHeight;
    }
    setNewer(false);
  };

  // Who reads further up is not pulled away from there.
  useEffect(() => {
    if (atEnd.current || outgoing.length) {
      toEnd();
    } else {
      setNewer(true);
    }
  }, [length]);

  return (
    <SidePanel title={t.chat.title} onClose={() => room.show(null)} testId="chat-panel">
      <ol
        class="messages"
        ref={list}
        aria-live="polite"
        aria-label={t.chat.title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
          if (atEnd.current) {
            setNewer(false);
          }
        }}
      >
        {length === 0 && (
          <li class="empty">
            <ChatIcon />
            <strong>{t.chat.empty}</strong>
            <p>{t.chat.emptyLead}</p>
          </li>
        )}
        {chat.map((message, index) => (
          <Message
            key={message.id}
            message={message}
            own={ownIds.includes(message.participantId)}
            continued={continues(chat[index - 1], message)}
          />
        ))}
        {outgoing.map((line) => (
          <OutgoingMessage key={line.clientId} line={line} room={room} />
        ))}
      </ol>
      {newer && (
        <button type="button" class="newer button primary small" onClick={toEnd}>
          {t.chat.newer}
        </button>
      )}
      <ChatInput limit={limits.chatLength} onSend={(text) => room.say(text)} />
    </SidePanel>
  );
}

function continues(before: ChatMessage | undefined, message: ChatMessage): boolean {
  return (
    before !== undefined &&
    before.participantId === message.participantId &&
    Date.parse(message.sentAt) - Date.parse(before.sentAt) < togetherFor
  );
}

function Message({ message, own, continued }: { message: ChatMessage; own: boolean; continued: boolean }) {
  return (
    <li class={`message ${own ? 'own' : ''} ${continued ? 'continued' : ''}`} data-testid="chat-message">
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
  );
}

function OutgoingMessage({ line, room }: { line: OutgoingChat; room: MeetingRoom }) {
  return (
    <li class={`message own ${line.failure ? 'failed' : 'pending'}`} data-testid="chat-outgoing">
      <p class="message-text" dir="auto">
        {line.text}
      </p>
      {line.failure ? (
        <p class="message-state" role="alert">
          {t.chat.failed} {line.failure.message || t.refusal(line.failure.code)}{' '}
          <button type="button" class="text-button" onClick={() => room.retryChat(line.clientId)}>
            {t.chat.retry}
          </button>{' '}
          <button type="button" class="text-button" onClick={() => room.discardChat(line.clientId)}>
            {t.chat.discard}
          </button>
        </p>
      ) : (
        <p class="message-state">{t.chat.sending}</p>
      )}
    </li>
  );
}
