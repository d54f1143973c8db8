import { locale } from '../strings';

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

/** In words, the two largest units at most: `45s`, `12m`, `1h 5m`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) {
    return inUnit(seconds, 'second');
  }
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const parts = [hours ? inUnit(hours, 'hour') : '', minutes % 60 || !hours ? inUnit(minutes % 60, 'minute') : ''];
  return parts.filter(Boolean).join(' ');
}

function inUnit(n: number, unit: 'hour' | 'minute' | 'second'): string {
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'narrow' }).format(n);
}

/** Elapsed time as a clock: `4:07`, `1:04:07`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** In the unit that keeps the number short: `812 B`, `1.4 MB`. */
export function byteSize(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power ? 'short' : 'narrow',
    maximumFractionDigits: 1,
  }).format(bytes / 1024 ** power);
}

export function timeOfDay(iso: string): string {
  return new Date(iso).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' });
}

/** The time of day for today, else date and time. */
export function moment(iso: string, now = new Date()): string {
  const date = new Date(iso);
  return date.toDateString() === now.toDateString()
    ? timeOfDay(iso)
    : date.toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' });
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

/** A local time, as a `datetime-local` field gives it, in UTC; null for an empty field. */
export function timeIn(field: string): string | null {
  const time = Date.parse(field);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** The time zone of the browser with its distance from UTC: `Europe/Zurich (GMT+1)`. */
export function timeZone(now = new Date()): string {
  const format = new Intl.DateTimeFormat('en', { timeZoneName: 'shortOffset' });
  const offset = format.formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return `${format.resolvedOptions().timeZone} (${offset})`;
}

/** The beginning of a day, as a `date` field gives it, in UTC; null for an empty field. */
export function dayIn(field: string): string | null {
  return field ? timeIn(`${field}T00:00`) : null;
}

/** The beginning of the day after it: a range ends with its last day. */
export function dayAfter(field: string): string | null {
  const day = dayIn(field);
  if (!day) {
    return null;
  }
  const next = new Date(day);
  next.setDate(next.getDate() + 1);
  return next.toISOString();
}
