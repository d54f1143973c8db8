import { effect } from '@preact/signals';
import { isOver } from '../../signalling/meetingState';
import type { Visit } from './visit';

// What the page of another site is told that shows a meeting in a frame, and what it may ask for (docs/embedding.md).

export type Told =
  | { type: 'joined'; participants: number }
  | { type: 'participants'; participants: number }
  | { type: 'left'; reason: string }
  | { type: 'ended'; reason: string };

/** Nothing that a person would have to agree to: nobody is switched on, seen or heard by it. */
const commands = ['leave', 'muteMicrophone', 'stopCamera'] as const;
type Command = (typeof commands)[number];

/** The page around this one, and as whose it is told and heard. */
export interface Outer {
  window: Pick<Window, 'postMessage'>;
  /** Those of the server's setting, as browsers write them. */
  origins: readonly string[];
}

/** The page around this one; null when there is none, or none that the server allows. */
export function outerOf(inner: Window, allowed: readonly string[]): Outer | null {
  if (inner.parent === inner) {
    return null;
  }
  const all = allowed.map((origin) => new URL(origin).origin);
  // Where the browser says whose the page around is, no other is spoken to.
  const known = inner.location.ancestorOrigins?.[0];
  const origins = known === undefined ? all : all.filter((origin) => origin === known);
  return origins.length ? { window: inner.parent, origins } : null;
}

/** Tells the page around what becomes of a visit, and does what it asks. Gives how to stop. */
export function embed(visit: Visit, outer: Outer, inner: Window): () => void {
  const tell = (told: Told) => {
    for (const origin of outer.origins) {
      outer.window.postMessage({ source: 'parley', meeting: visit.id, ...told }, origin);
    }
  };
  let inside = false;
  let participants = 0;
  const unwatch = effect(() => {
    const state = visit.room.value?.state.value ?? visit.knock.value;
    if (!state || state.phase === 'outside') {
      inside = false;
      return;
    }
    const count = state.participants.length;
    if (state.phase === 'joined' && !inside) {
      inside = true;
      participants = count;
      tell({ type: 'joined', participants });
    } else if (inside && state.phase === 'joined' && count !== participants) {
      participants = count;
      tell({ type: 'participants', participants });
    } else if (isOver(state) && participants !== gone) {
      inside = false;
      participants = gone;
      tell(
        state.phase === 'ended'
          ? { type: 'ended', reason: state.ended?.reason ?? 'unknown' }
          : { type: 'left', reason: state.phase },
      );
    }
  });

  const hear = ({ source, origin, data }: MessageEvent) => {
    const room = visit.room.value;
    if (source !== outer.window || !outer.origins.includes(origin) || !room || isOver(room.state.value)) {
      return;
    }
    switch (commandOf(data)) {
      case 'leave':
        void room.leave();
        break;
      case 'muteMicrophone':
        void room.setDevice('mic', false);
        break;
      case 'stopCamera':
        void room.setDevice('cam', false);
        break;
    }
  };
  inner.addEventListener('message', hear);
  return () => {
    unwatch();
    inner.removeEventListener('message', hear);
  };
}

/** No count of people: it was told that this one is out. */
const gone = -1;

/** Whatever is sent: another's message, or none of ours, is no command. */
function commandOf(data: unknown): Command | undefined {
  const { target, type } = (data ?? {}) as { target?: unknown; type?: unknown };
  return target === 'parley' ? commands.find((command) => command === type) : undefined;
}
