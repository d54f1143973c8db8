// A join token (docs/api.md) comes behind # in the link. It is taken out of the address, where it would be copied with it, and kept for this tab.

import { setting } from './places';

/** What the page reads of it; only the server knows whether it is true. */
export interface JoinToken {
  text: string;
  /** The name that it gives. */
  name: string | null;
  isHost: boolean;
  knocks: boolean;
}

const key = (meetingId: string) => `token.${meetingId}`;

/** The token of the link, or the one that this tab came with before it was loaded again. */
export function takeToken(meetingId: string): JoinToken | null {
  const text = new URLSearchParams(location.hash.slice(1)).get('token');
  if (text) {
    setting.setOfTab(key(meetingId), text);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return readToken(text ?? setting.ofTab(key(meetingId)));
}

export function readToken(text: string | null): JoinToken | null {
  if (!text) {
    return null;
  }
  let claims: Record<string, unknown> = {};
  try {
    const payload = (text.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
    claims = (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as Record<string, unknown>;
  } catch {
    // The server says what is wrong with it.
  }
  return {
    text,
    name: typeof claims.name === 'string' ? claims.name : null,
    isHost: claims.role === 'host',
    knocks: claims.knock === true,
  };
}
