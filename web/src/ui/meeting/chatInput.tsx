import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../strings';
import { SendIcon } from '../icons';
import { remaining } from '../text';

const tallest = 160;

/** What is being written survives closing the panel. */
let draft = '';

export function ChatInput({ limit, onSend }: { limit: number; onSend(text: string): void }) {
  const [text, setText] = useState(draft);
  const area = useRef<HTMLTextAreaElement>(null);
  const counter = useId();
  draft = text;

  useEffect(() => area.current?.focus({ preventScroll: true }), []);

  useLayoutEffect(() => {
    if (area.current) {
      area.current.style.height = 'auto';
      area.current.style.height = `${Math.min(tallest, area.current.scrollHeight + 2)}px`;
    }
  }, [text]);

  const left = remaining(text, limit);
  const sendable = text.trim() !== '' && text.length <= limit;

  const send = () => {
    if (sendable) {
      onSend(text.trim());
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
      <div class="chat-row">
        <textarea
          ref={area}
          class="input"
          rows={1}
          value={text}
          placeholder={t.chat.placeholder}
          aria-label={t.chat.placeholder}
          aria-describedby={left === null ? undefined : counter}
          aria-invalid={left !== null && left < 0}
          title={t.chat.hint}
          dir="auto"
          data-testid="chat-input"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
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
