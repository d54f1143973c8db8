export type ShortcutAction =
  | 'mic'
  | 'cam'
  | 'screen'
  | 'hand'
  | 'layout'
  | 'chat'
  | 'people'
  | 'help'
  | 'talk'
  | 'dismiss';

interface KeyLike {
  key: string;
  code?: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
  isComposing?: boolean;
  target: unknown;
}

interface ElementLike {
  tagName?: string;
  type?: string;
  isContentEditable?: boolean;
  closest?(selector: string): unknown;
}

const letters: Readonly<Record<string, ShortcutAction>> = {
  m: 'mic',
  v: 'cam',
  d: 'screen',
  r: 'hand',
  w: 'layout',
  c: 'chat',
  p: 'people',
  '?': 'help',
};

/** Inputs that take no text, so that letters stay shortcuts there. */
const textless = new Set(['button', 'checkbox', 'radio', 'range', 'submit', 'reset', 'color', 'file']);

function takesText(target: ElementLike): boolean {
  const tag = target.tagName?.toLowerCase();
  return (
    target.isContentEditable === true ||
    tag === 'textarea' ||
    // A select jumps to the entry that begins with the letter.
    tag === 'select' ||
    (tag === 'input' && !textless.has(target.type ?? 'text'))
  );
}

/** Space presses what has the focus: there it is not push-to-talk. */
function takesSpace(target: ElementLike): boolean {
  return Boolean(target.closest?.('button, a[href], input, select, textarea, summary, [role="button"], dialog'));
}

/** What a key press means in a meeting; null when it belongs to the page or the browser. */
export function shortcutOf(event: KeyLike): ShortcutAction | null {
  const target = (event.target ?? {}) as ElementLike;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
    return null;
  }
  if (event.key === 'Escape') {
    return 'dismiss';
  }
  if (event.repeat || takesText(target)) {
    return null;
  }
  if (event.key === ' ' || event.code === 'Space') {
    return takesSpace(target) ? null : 'talk';
  }
  return letters[event.key.toLowerCase()] ?? null;
}
