import { afterEach, describe, expect, it, vi } from 'vitest';
import { rest } from '../../src/signalling/rest';

const answer = (status: number, body: string, type = 'application/json') =>
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(body, { status, headers: { 'Content-Type': type } })),
  );

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the REST client', () => {
  it('makes a problem a refusal with its code and the sentence for people', async () => {
    answer(410, JSON.stringify({ type: 'urn:parley:error:meetingEnded', code: 'meetingEnded', detail: 'It ended.' }));
    await expect(rest.meeting('x')).rejects.toMatchObject({ code: 'meetingEnded', message: 'It ended.' });
  });

  it.each([
    [502, 'unreachable'],
    [404, 'meetingUnknown'],
    [429, 'rateLimited'],
  ])('reads a page of a proxy with status %i as %s', async (status, code) => {
    answer(status, '<html>Oops</html>', 'text/html');
    await expect(rest.meetings()).rejects.toMatchObject({ code });
  });

  it('is unreachable when the network is gone or the answer is no JSON', async () => {
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => Promise.reject(new TypeError('Failed to fetch'))),
    );
    await expect(rest.meetings()).rejects.toMatchObject({ code: 'unreachable' });
    answer(200, '<html>Sign in to the network</html>', 'text/html');
    await expect(rest.meetings()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('escapes ids in addresses and sends the creator secret as a bearer', async () => {
    const fetch = vi.fn(async (_path: string, _init?: RequestInit) => new Response(null, { status: 204 }));
    vi.stubGlobal('fetch', fetch);
    await rest.cancel('a/b?c', 'secret');
    expect(fetch.mock.calls[0]?.[0]).toBe('/api/meetings/a%2Fb%3Fc');
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ method: 'DELETE', headers: { Authorization: 'Bearer secret' } });
  });
});
