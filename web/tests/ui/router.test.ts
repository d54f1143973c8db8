import { expect, it } from 'vitest';
import { paths, routeOf } from '../../src/ui/router';

it.each([
  ['/', { page: 'start' }],
  ['', { page: 'start' }],
  ['/history', { page: 'history' }],
  ['/history/', { page: 'history' }],
  ['/history/calm-lake', { page: 'record', id: 'calm-lake' }],
  ['/m/calm-lake', { page: 'meeting', id: 'calm-lake' }],
  ['/m/calm-lake/', { page: 'meeting', id: 'calm-lake' }],
  ['/m/', { page: 'unknown' }],
  ['/m/a/b', { page: 'unknown' }],
  ['/m/%E0%A4%A', { page: 'unknown' }],
  ['/check', { page: 'check' }],
  ['/admin', { page: 'admin', part: 'live' }],
  ['/admin/keys/', { page: 'admin', part: 'keys' }],
  ['/admin/account', { page: 'admin', part: 'account' }],
  ['/admin/history/calm-lake', { page: 'admin', part: 'history', id: 'calm-lake' }],
  ['/admin/history/%E0%A4%A', { page: 'unknown' }],
  ['/admin/keys/one', { page: 'unknown' }],
  ['/admin/elsewhere', { page: 'unknown' }],
  ['/administration', { page: 'unknown' }],
  ['/elsewhere', { page: 'unknown' }],
])('leads %j to %j', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

it('finds its own paths again, whatever is in an id', () => {
  for (const id of ['calm-lake', 'a/b', 'ü?#', '%2F']) {
    expect(routeOf(paths.meeting(id))).toEqual({ page: 'meeting', id });
    expect(routeOf(paths.record(id))).toEqual({ page: 'record', id });
    expect(routeOf(paths.admin('history', id))).toEqual({ page: 'admin', part: 'history', id });
  }
});
