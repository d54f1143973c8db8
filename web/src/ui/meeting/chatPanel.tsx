import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ChatMessage } from '../../signalling/protocol';
import { t } from '../../strings';
import { ChatIcon } from '../icons';
import { ChatInput } from './chatInput';
import { Message, OutgoingMessage } from './chatMessage';
import type { MeetingRoom } from './meetingRoom';
import { SidePanel } from './sidePanel';
import { Uploads } from './uploads';

/** Lines of one person within this are shown under one name. */
const togetherFor = 3 * 60_000;
/** As near as this to its beginning, in pixels, the list asks for what came before. */
const nearBeginning = 120;
const nearEnd = 40;

export function ChatPanel({ room }: { room: MeetingRoom }) {
  const { chat, outgoing, olderChat, pageChanges } = room.state.value;
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  /** How far what is seen is from the end: there it stays when older lines come in above. */
  const fromEnd = useRef(0);
  const [newer, setNewer] = useState(false);
  const [over, setOver] = useState(false);
  const asking = pageChanges !== null;
  // What comes in above was written long ago: it is not read out.
  const [quiet, setQuiet] = useState(false);

  const look = () => {
    if (list.current) {
      const { scrollHeight, scrollTop, clientHeight } = list.current;
      fromEnd.current = scrollHeight - scrollTop;
      atEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
    }
  };
  const toEnd = () => {
    if (list.current) {
      list.current.scrollTop = list.current.scrollHeight;
    }
    look();
    setNewer(false);
  };
  const older = async () => {
    setQuiet(true);
    await room.chat.readOlder();
    requestAnimationFrame(() => setQuiet(false));
  };

  useLayoutEffect(() => {
    if (list.current && !atEnd.current) {
      list.current.scrollTop = list.current.scrollHeight - fromEnd.current;
    }
  }, [chat[0]?.id]);

  // Who reads further up is not pulled away from there.
  const first = useRef(true);
  useEffect(() => {
    if (atEnd.current || outgoing.length || first.current) {
      toEnd();
    } else {
      setNewer(true);
    }
    first.current = false;
  }, [chat.at(-1)?.id, outgoing.length]);

  const drop = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      setOver(event.type === 'dragover' && room.chat.mayAttach);
      if (event.type === 'drop') {
        room.chat.attach(event.dataTransfer.files);
      }
    }
  };

  return (
    <SidePanel title={t.chat.title} onClose={() => room.show(null)} testId="chat-panel">
      <section
        class={`chat-drop ${over ? 'over' : ''}`}
        aria-label={t.chat.title}
        onDragOver={drop}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <ol
          class="messages"
          ref={list}
          aria-live={quiet ? 'off' : 'polite'}
          aria-label={t.chat.title}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          tabIndex={0}
          onScroll={() => {
            look();
            if (atEnd.current) {
              setNewer(false);
            }
            if (olderChat && !asking && list.current && list.current.scrollTop < nearBeginning) {
              void older();
            }
          }}
        >
          {olderChat && (
            <li class="older">
              <button
                type="button"
                class="text-button"
                disabled={asking}
                data-testid="chat-older"
                onClick={() => void older()}
              >
                {t.chat.older}
              </button>
            </li>
          )}
          {chat.length + outgoing.length === 0 && (
            <li class="empty">
              <ChatIcon />
              <strong>{t.chat.empty}</strong>
              <p>{t.chat.emptyLead}</p>
            </li>
          )}
          {chat.map((message, index) => (
            <Message key={message.id} message={message} room={room} continued={continues(chat[index - 1], message)} />
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
        <Uploads chat={room.chat} />
        <ChatInput room={room} />
      </section>
    </SidePanel>
  );
}

function continues(before: ChatMessage | undefined, message: ChatMessage): boolean {
  return (
    before !== undefined &&
    before.participantId === message.participantId &&
    before.name === message.name &&
    before.to?.participantId === message.to?.participantId &&
    Date.parse(message.sentAt) - Date.parse(before.sentAt) < togetherFor
  );
}
