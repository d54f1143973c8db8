import { signal } from '@preact/signals';

export type AdminPart = 'live' | 'history' | 'keys' | 'webhooks' | 'account';

const adminParts: readonly AdminPart[] = ['live', 'history', 'keys', 'webhooks', 'account'];

export type Route =
  | { page: 'start' }
  | { page: 'meeting'; id: string }
  | { page: 'history' }
  | { page: 'check' }
  | { page: 'developers' }
  | { page: 'admin'; part: AdminPart; id?: string }
  | { page: 'record'; id: string }
  | { page: 'unknown' };

/** The page that a path names. */
export function routeOf(pathname: string): Route {
  const path = pathname.replace(/\/+$/, '') || '/';
  if (path === '/') {
    return { page: 'start' };
  }
  if (path === '/history') {
    return { page: 'history' };
  }
  if (path === '/check') {
    return { page: 'check' };
  }
  if (path === '/developers') {
    return { page: 'developers' };
  }
  const [, part = 'live', record] = /^\/admin(?:\/([a-z]+)(?:\/([^/]+))?)?$/.exec(path) ?? ['', ''];
  const known = adminParts.find((one) => one === part);
  if (known && (record === undefined || known === 'history')) {
    return adminRoute(known, record);
  }
  const [, kind, rawId] = /^\/(m|history)\/([^/]+)$/.exec(path) ?? [];
  if (!kind || !rawId) {
    return { page: 'unknown' };
  }
  try {
    const id = decodeURIComponent(rawId);
    return kind === 'm' ? { page: 'meeting', id } : { page: 'record', id };
  } catch {
    return { page: 'unknown' };
  }
}

function adminRoute(part: AdminPart, rawId: string | undefined): Route {
  try {
    return rawId === undefined ? { page: 'admin', part } : { page: 'admin', part, id: decodeURIComponent(rawId) };
  } catch {
    return { page: 'unknown' };
  }
}

export const paths = {
  start: '/',
  history: '/history',
  check: '/check',
  developers: '/developers',
  admin: (part: AdminPart = 'live', id?: string) =>
    ['/admin', ...(part === 'live' && !id ? [] : [part]), ...(id ? [encodeURIComponent(id)] : [])].join('/'),
  meeting: (id: string) => `/m/${encodeURIComponent(id)}`,
  record: (id: string) => `/history/${encodeURIComponent(id)}`,
};

export const route = signal<Route>({ page: 'start' });

export function startRouter(): void {
  const read = () => {
    route.value = routeOf(location.pathname);
  };
  addEventListener('popstate', read);
  read();
}

export function navigate(path: string): void {
  // Another site's frame shows meetings and nothing else, as the server's headers say of pages that are loaded.
  if (window.parent !== window && routeOf(path).page !== 'meeting') {
    window.open(path, '_blank', 'noopener');
    return;
  }
  history.pushState(null, '', path);
  route.value = routeOf(location.pathname);
  scrollTo(0, 0);
}
