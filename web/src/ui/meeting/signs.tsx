import { type Signal, signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { MeetingState } from '../../signalling/meetingState';
import { type Reacted, signs } from '../../signalling/protocol';
import { t } from '../../strings';
import { SmileIcon } from '../icons';
import type { MeetingRoom } from './meetingRoom';

/** How long a sign stands on somebody's tile, in milliseconds. */
const shownFor = 4_000;

/** The signs that people give to all: the last of each, for some seconds. */
export class Signs {
  readonly shown = signal<Readonly<Record<string, string>>>({});
  /** Who gave one last, in words, for who cannot see it. */
  readonly said = signal('');
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  show({ participantId, emoji }: Reacted, name: string): void {
    this.shown.value = { ...this.shown.value, [participantId]: emoji };
    this.said.value = t.meeting.sign(name, emoji);
    clearTimeout(this.#timers.get(participantId));
    this.#timers.set(
      participantId,
      setTimeout(() => this.#hide(participantId), shownFor),
    );
  }

  close(): void {
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
    this.#timers.clear();
  }

  #hide(participantId: string): void {
    const { [participantId]: _, ...rest } = this.shown.value;
    this.shown.value = rest;
    this.#timers.delete(participantId);
    if (this.#timers.size === 0) {
      this.said.value = '';
    }
  }
}

/** What a participant is called, as the state has it. */
export function nameIn(state: Signal<MeetingState>, participantId: string): string {
  return state.value.participants.find((p) => p.id === participantId)?.name ?? '';
}

/** The button that gives a sign, and its choice of six. */
export function SignMenu({ room }: { room: MeetingRoom }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) {
      return;
    }
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) {
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  return (
    <div class="sign-menu" ref={box}>
      <button
        type="button"
        class={`round ${open ? 'active' : ''}`}
        aria-label={t.meeting.signs}
        title={t.meeting.signs}
        aria-expanded={open}
        data-testid="sign-button"
        onClick={() => setOpen(!open)}
      >
        <SmileIcon />
      </button>
      {open && (
        <fieldset
          class="menu signs"
          aria-label={t.meeting.signs}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.stopPropagation();
              setOpen(false);
              box.current?.querySelector('button')?.focus();
            }
          }}
        >
          <SignRow room={room} />
        </fieldset>
      )}
    </div>
  );
}

/** The six, beside each other. */
export function SignRow({ room }: { room: MeetingRoom }) {
  return (
    <>
      {signs.map((emoji) => (
        <button
          key={emoji}
          type="button"
          class="emoji-button"
          aria-label={t.emoji[emoji]}
          title={t.emoji[emoji]}
          data-testid="sign"
          onClick={() => room.chat.sign(emoji)}
        >
          {emoji}
        </button>
      ))}
    </>
  );
}

/** Who gave one, for who cannot see it. */
export function SignSaid({ signs }: { signs: Signs }) {
  return (
    <p class="visually-hidden" role="status" data-testid="sign-said">
      {signs.said.value}
    </p>
  );
}
