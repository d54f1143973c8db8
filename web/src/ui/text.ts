/** Up to two letters that stand for a name: first and last word, by grapheme so that no emoji is cut. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0];
  if (!first) {
    return '?';
  }
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return (grapheme(first) + (last ? grapheme(last) : '')).toLocaleUpperCase();
}

function grapheme(word: string): string {
  if ('Segmenter' in Intl) {
    for (const { segment } of new Intl.Segmenter().segment(word)) {
      return segment;
    }
  }
  return [...word][0] ?? '';
}

/** One of `count` avatar colours, always the same for the same id. */
export function colourIndex(id: string, count: number): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) {
    hash = (Math.imul(hash, 31) + id.charCodeAt(i)) >>> 0;
  }
  return hash % count;
}

/** `1:02:03`-free words: `45 s`, `12 min`, `1 h 5 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${minutes / 60} h`;
}

/** Elapsed time as a clock: `4:07`, `1:04:07`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function timeOfDay(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

/** The time of day for today, else date and time. */
export function moment(iso: string, now = new Date()): string {
  const date = new Date(iso);
  return date.toDateString() === now.toDateString()
    ? timeOfDay(iso)
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The meeting id in a link to this server's `/m/ID`, in a bare path, or alone; null when it is neither. */
export function meetingIdIn(input: string, host: string): string | null {
  const text = input.trim();
  const link = /^(?:https?:\/\/)?([^/\s]+)\/m\/([^/?#\s]+)\/?(?:[?#].*)?$/i.exec(text);
  if (link) {
    const [, where = '', id = ''] = link;
    return hostname(where) === hostname(host) ? decoded(id) : null;
  }
  const path = /^\/m\/([^/?#\s]+)\/?$/.exec(text);
  if (path?.[1]) {
    return decoded(path[1]);
  }
  return /^[\p{L}\p{N}_-]+$/u.test(text) ? text : null;
}

// The port may differ: the same server is there over HTTP and HTTPS.
function hostname(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function decoded(id: string): string | null {
  try {
    return decodeURIComponent(id);
  } catch {
    return null;
  }
}

/** Characters left when the end is near (a tenth of the limit), negative when over; null while there is no need to say. */
export function remaining(text: string, limit: number): number | null {
  const left = limit - text.length;
  return left <= limit / 10 ? left : null;
}
