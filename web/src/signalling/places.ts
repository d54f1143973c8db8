// What the browser remembers between pages. localStorage is shared by all tabs; sessionStorage belongs to one, so two tabs of
// one meeting are two people. Storage may be forbidden or full: then nothing is remembered and everything still works.

interface Place {
  token: string;
  name: string;
  /** When this place was last in use, milliseconds since 1970; 0 once it was given up. */
  seenAt: number;
  /** A host removed us for good: the token then keeps us out, and is kept for that. */
  barred?: boolean;
}

/** A place older than this is not taken up without asking: the tab was restored, not reloaded. */
const freshFor = 60_000;

const secretKey = (meetingId: string) => `parley.creator.${meetingId}`;
const placeKey = (meetingId: string) => `parley.place.${meetingId}`;
const nameKey = 'parley.name';

function read(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

function write(storage: () => Storage, key: string, value: string | null): void {
  try {
    value === null ? storage().removeItem(key) : storage().setItem(key, value);
  } catch {
    // Nothing is remembered.
  }
}

const local = () => localStorage;
const session = () => sessionStorage;

export const creatorSecrets = {
  of: (meetingId: string) => read(local, secretKey(meetingId)) ?? undefined,
  keep: (meetingId: string, secret: string) => write(local, secretKey(meetingId), secret),
  forget: (meetingId: string) => write(local, secretKey(meetingId), null),
};

export const ownName = {
  get: () => read(local, nameKey) ?? '',
  set: (name: string) => write(local, nameKey, name),
};

export const setting = {
  get: (key: string) => read(local, `parley.${key}`),
  set: (key: string, value: string | null) => write(local, `parley.${key}`, value),
  /** A setting of this tab alone. */
  ofTab: (key: string) => read(session, `parley.${key}`),
  setOfTab: (key: string, value: string) => write(session, `parley.${key}`, value),
};

export const places = {
  keep(meetingId: string, token: string, name: string, now = Date.now()): void {
    write(session, placeKey(meetingId), JSON.stringify({ token, name, seenAt: now } satisfies Place));
  },

  /** The place is not taken up again; its token still tells the server that we were there. */
  giveUp(meetingId: string, barred = false): void {
    const place = placeOf(meetingId);
    if (place) {
      write(session, placeKey(meetingId), JSON.stringify({ ...place, seenAt: 0, barred } satisfies Place));
    }
  },

  /** The place this tab held a moment ago, if any, or from which it was removed for good. */
  recent(meetingId: string, now = Date.now()): Place | null {
    const place = placeOf(meetingId);
    return place && (place.barred || now - place.seenAt < freshFor) ? place : null;
  },

  tokenOf: (meetingId: string) => placeOf(meetingId)?.token,
};

function placeOf(meetingId: string): Place | null {
  try {
    const place = JSON.parse(read(session, placeKey(meetingId)) ?? 'null') as Place | null;
    return place && typeof place.token === 'string' && typeof place.name === 'string' ? place : null;
  } catch {
    return null;
  }
}

/**
 * Takes the lock of a place for the life of this page; false when another tab holds it. Duplicating a tab copies its
 * sessionStorage, and without this the copy would throw the original out of the meeting.
 */
export async function holdPlace(token: string, patience = 500): Promise<boolean> {
  if (!navigator.locks) {
    return true;
  }
  return new Promise((resolve) => {
    navigator.locks
      .request(`parley.place.${token}`, { signal: AbortSignal.timeout(patience) }, () => {
        resolve(true);
        return new Promise<void>(() => {});
      })
      .catch(() => resolve(false));
  });
}
