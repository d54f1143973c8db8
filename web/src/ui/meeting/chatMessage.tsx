import { useState } from 'preact/hooks';
import type { OutgoingChat } from '../../signalling/chatState';
import type { ChatMessage, ChatReaction } from '../../signalling/protocol';
import { t } from '../../strings';
import { MessageBody, ProgramBadge } from '../chat/messageBody';
import { BackIcon, DeleteIcon, LockIcon, SmileIcon } from '../icons';
import { refusalText } from '../refusalText';
import { timeOfDay } from '../text';
import type { MeetingRoom } from './meetingRoom';

/** Those at hand; any other can be typed. */
const quick = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👀', '✅', '❌'] as const;

interface MessageProps {
  message: ChatMessage;
  room: MeetingRoom;
  /** Under the name of the one before. */
  continued: boolean;
}

export function Message({ message, room, continued }: MessageProps) {
  const { id, ownIds } = room.state.value;
  const own = ownIds.includes(message.participantId);
  const classes = `message ${own ? 'own' : ''} ${continued ? 'continued' : ''} ${message.to ? 'private' : ''}`;
  return (
    <li class={classes} data-testid="chat-message" data-message-id={message.id}>
      <p class="message-head">
        <strong data-testid="chat-name">
          <bdi>{message.name}</bdi>
        </strong>
        {message.program && <ProgramBadge />}
        <time dateTime={message.sentAt} data-testid="chat-time">
          {timeOfDay(message.sentAt)}
        </time>
      </p>
      {message.to && (
        <p class="message-private" data-testid="chat-private">
          <LockIcon />
          {own ? t.chat.privateTo(message.to.name) : t.chat.privateToYou}
        </p>
      )}
      <MessageBody message={message} meetingId={id} secret={room.chat.secret} />
      {!message.deleted && <Reactions message={message} room={room} />}
      {!message.deleted && <Actions message={message} room={room} own={own} />}
    </li>
  );
}

function Reactions({ message, room }: { message: ChatMessage; room: MeetingRoom }) {
  const { ownIds } = room.state.value;
  const mine = ({ by }: ChatReaction) => by.some((one) => ownIds.includes(one.participantId));
  if (!message.reactions?.length) {
    return null;
  }
  return (
    <ul class="reactions" aria-label={t.chat.reactions}>
      {message.reactions.map((reaction) => {
        const names = reaction.by.map((one) => one.name).join(', ');
        const label = t.chat.reaction(reaction.emoji, reaction.by.length, names);
        return (
          <li key={reaction.emoji}>
            <button
              type="button"
              class="reaction"
              aria-pressed={mine(reaction)}
              aria-label={label}
              title={names}
              data-testid="reaction"
              onClick={() => room.chat.react(message.id, reaction.emoji, !mine(reaction))}
            >
              {reaction.emoji} {reaction.by.length}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Seen when the pointer or the focus is on the message, always where there is no pointer. */
function Actions({ message, room, own }: { message: ChatMessage; room: MeetingRoom; own: boolean }) {
  const [open, setOpen] = useState<'emoji' | 'delete' | null>(null);
  const author = room.chat.others.value.find((p) => p.id === message.participantId);
  const mayDelete = own || room.isHost.value;
  const toggle = (which: 'emoji' | 'delete') => setOpen(open === which ? null : which);
  return (
    <>
      <div class="message-actions">
        {room.chat.mayWriteToAll.value && (
          <button
            type="button"
            class="icon-button small"
            aria-label={t.chat.react}
            title={t.chat.react}
            aria-expanded={open === 'emoji'}
            data-testid="react-button"
            onClick={() => toggle('emoji')}
          >
            <SmileIcon />
          </button>
        )}
        {author && (
          <button
            type="button"
            class="icon-button small"
            aria-label={t.chat.reply(author.name)}
            title={t.chat.reply(author.name)}
            data-testid="reply-button"
            onClick={() => {
              room.chat.to.value = { participantId: author.id, name: author.name };
            }}
          >
            <BackIcon />
          </button>
        )}
        {mayDelete && (
          <button
            type="button"
            class="icon-button small"
            aria-label={t.chat.delete}
            title={t.chat.delete}
            aria-expanded={open === 'delete'}
            data-testid="delete-button"
            onClick={() => toggle('delete')}
          >
            <DeleteIcon />
          </button>
        )}
      </div>
      {open === 'emoji' && (
        <EmojiPicker
          onPick={(emoji) => {
            setOpen(null);
            room.chat.react(message.id, emoji, true);
          }}
        />
      )}
      {open === 'delete' && (
        <p class="message-state">
          {t.chat.deleteQuestion}{' '}
          <button
            type="button"
            class="text-button"
            data-testid="delete-confirm"
            onClick={() => {
              setOpen(null);
              room.chat.delete(message.id);
            }}
          >
            {t.chat.deleteConfirm}
          </button>{' '}
          <button type="button" class="text-button" onClick={() => setOpen(null)}>
            {t.chat.keep}
          </button>
        </p>
      )}
    </>
  );
}

function EmojiPicker({ onPick }: { onPick(emoji: string): void }) {
  const [typed, setTyped] = useState('');
  return (
    <form
      class="emoji-picker"
      aria-label={t.chat.react}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) {
          onPick(typed.trim());
        }
      }}
    >
      {quick.map((emoji) => (
        <button
          key={emoji}
          type="button"
          class="emoji-button"
          aria-label={t.emoji[emoji]}
          title={t.emoji[emoji]}
          data-testid="emoji"
          onClick={() => onPick(emoji)}
        >
          {emoji}
        </button>
      ))}
      <input
        class="input"
        value={typed}
        maxLength={32}
        placeholder={t.chat.otherEmoji}
        aria-label={t.chat.otherEmoji}
        data-testid="emoji-input"
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </form>
  );
}

export function OutgoingMessage({ line, room }: { line: OutgoingChat; room: MeetingRoom }) {
  return (
    <li class={`message own ${line.failure ? 'failed' : 'pending'}`} data-testid="chat-outgoing">
      {line.to && (
        <p class="message-private">
          <LockIcon />
          {t.chat.privateTo(line.to.name)}
        </p>
      )}
      <p class="message-text" dir="auto">
        {line.text}
      </p>
      {line.failure ? (
        <p class="message-state" role="alert">
          {t.chat.failed} {refusalText(line.failure)}{' '}
          <button type="button" class="text-button" onClick={() => room.chat.retry(line.clientId)}>
            {t.chat.retry}
          </button>{' '}
          <button type="button" class="text-button" onClick={() => room.chat.discard(line.clientId)}>
            {t.chat.discard}
          </button>
        </p>
      ) : (
        <p class="message-state">{t.chat.sending}</p>
      )}
    </li>
  );
}
