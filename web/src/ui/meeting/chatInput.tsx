import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../strings';
import { AttachIcon, SendIcon } from '../icons';
import { remaining } from '../text';
import { Addressee } from './addressee';
import type { MeetingRoom } from './meetingRoom';

const tallest = 160;

/** What is being written survives closing the panel. */
let draft = '';

export function ChatInput({ room }: { room: MeetingRoom }) {
  const { chat } = room;
  const limit = room.state.value.limits.chatLength;
  const to = chat.to.value;
  // Why nothing can be written now. Hosts can always be written to.
  const denied = to === null || !chat.others.value.length ? room.denied('chat') : null;
  const placeholder = denied ?? (to ? t.chat.placeholderTo(to.name) : t.chat.placeholder);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(draft);
  const area = useRef<HTMLTextAreaElement>(null);
  const counter = useId();
  draft = text;

  useEffect(() => area.current?.focus({ preventScroll: true }), []);

  // What stands in the empty field takes room as well: that to one person is longer.
  useLayoutEffect(() => {
    if (area.current) {
      area.current.style.height = 'auto';
      area.current.style.height = `${Math.min(tallest, area.current.scrollHeight + 2)}px`;
    }
  }, [text, placeholder]);

  const left = remaining(text, limit);
  const sendable = denied === null && text.trim() !== '' && text.length <= limit;

  const send = () => {
    if (sendable) {
      chat.say(text.trim());
      setText('');
    }
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter chooses a candidate.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };

  return (
    <form
      class="chat-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {left !== null && (
        <p class={`counter ${left < 0 ? 'over' : ''}`} id={counter} aria-live="polite" data-testid="chat-counter">
          {left < 0 ? t.chat.over(-left) : t.chat.left(left)}
        </p>
      )}
      {chat.others.value.length > 0 || to ? <Addressee chat={chat} /> : null}
      <div class="chat-row">
        {chat.mayAttach && (
          <>
            <button
              type="button"
              class="icon-button"
              aria-label={t.chat.attach}
              title={t.chat.attach}
              data-testid="attach-button"
              onClick={() => picker.current?.click()}
            >
              <AttachIcon />
            </button>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              data-testid="attach-input"
              onChange={({ currentTarget }) => {
                chat.attach(currentTarget.files ?? []);
                currentTarget.value = '';
              }}
            />
          </>
        )}
        <textarea
          ref={area}
          class="input"
          rows={1}
          value={text}
          placeholder={placeholder}
          disabled={denied !== null}
          aria-label={placeholder}
          aria-describedby={left === null ? undefined : counter}
          aria-invalid={left !== null && left < 0}
          title={t.chat.hint}
          dir="auto"
          data-testid="chat-input"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            // A picture has no text beside it; what has is pasted as text.
            const files = event.clipboardData?.files;
            if (files?.length && chat.mayAttach) {
              event.preventDefault();
              chat.attach(files);
            }
          }}
        />
        <button
          type="submit"
          class="round primary"
          aria-label={t.chat.send}
          title={t.chat.send}
          disabled={!sendable}
          data-testid="chat-send"
        >
          <SendIcon />
        </button>
      </div>
    </form>
  );
}
