import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MeetingClient } from '../../src/signalling/meetingClient';
import type { HubMethods } from '../../src/signalling/protocol';
import { FakeHub } from './fakeHub';
import { joined, participant } from './samples';

const no = (code: string) => ({ value: null, error: { code, message: `Because of ${code}.` } });
const yes = () => ({ value: joined('a', [participant('b')]), error: null });
const soon = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

let hub: FakeHub;
let client: MeetingClient;

beforeEach(() => {
  vi.useFakeTimers();
  hub = new FakeHub();
  hub.answers.join = () => no('waiting');
  client = new MeetingClient({
    meetingId: 'calm-lake-1',
    name: 'Ada',
    passcode: 'sesame',
    connect: hub.connect,
    random: () => 0.5,
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const joins = () =>
  hub.connections.flatMap(({ calls }) =>
    calls.filter(([name]) => name === 'join').map(([, request]) => request as HubMethods['join']['args'][0]),
  );

describe('who knocks', () => {
  it('waits on the same connection, and knows nobody', async () => {
    expect((await client.join()).error?.code).toBe('waiting');
    expect(client.state).toMatchObject({ phase: 'waiting', participants: [], chat: [], title: '' });
    expect(hub.last.closed).toBe(false);
    await soon(60_000);
    expect(hub.connections).toHaveLength(1);
    expect((await client.setHand(true)).error?.code).toBe('unreachable');
  });

  it('joins with the token of the admission, and says so once', async () => {
    const came = vi.fn();
    client.onJoined = came;
    await client.join();
    hub.answers.join = yes;
    hub.last.event({ name: 'admitted', argument: { resumeToken: 'let in' } });
    await soon();
    expect(client.state.phase).toBe('joined');
    expect(came).toHaveBeenCalledTimes(1);
    expect(joins().map((join) => [join.passcode, join.resumeToken])).toEqual([
      ['sesame', undefined],
      ['sesame', 'let in'],
    ]);
  });

  it('goes on trying with that token when the way to the server is lost just then', async () => {
    await client.join();
    hub.reachable = false;
    hub.last.event({ name: 'admitted', argument: { resumeToken: 'let in' } });
    await soon();
    expect(client.state.phase).toBe('waiting');
    hub.reachable = true;
    hub.answers.join = yes;
    await soon(1_500);
    expect(client.state.phase).toBe('joined');
    expect(joins().at(-1)?.resumeToken).toBe('let in');
    await soon(60_000);
    expect(client.state.phase).toBe('joined');
    expect(hub.connections.filter(({ closed }) => !closed)).toContain(hub.last);
  });

  it('is told by an event that overtakes the refusal', async () => {
    let first = true;
    hub.answers.join = () => {
      if (first) {
        first = false;
        hub.last.event({ name: 'admitted', argument: { resumeToken: 'let in' } });
        return no('waiting');
      }
      return yes();
    };
    await client.join();
    await soon();
    expect(client.state.phase).toBe('joined');
  });

  it('knocks again when the connection is lost, one at a time', async () => {
    await client.join();
    hub.last.drop();
    await soon();
    expect(hub.connections).toHaveLength(2);
    expect(client.state.phase).toBe('waiting');
    hub.reachable = false;
    hub.last.drop();
    await soon(400);
    expect(hub.connections).toHaveLength(4);
  });

  it.each([
    ['turnedAway' as const, { name: 'turnedAway' as const, argument: { message: 'Not now.' } }],
    [
      'ended' as const,
      { name: 'meetingEnded' as const, argument: { reason: 'cancelled' as const, message: 'It ended.' } },
    ],
  ])('is out for good when %s', async (phase, event) => {
    await client.join();
    hub.last.event(event);
    await soon(60_000);
    expect(client.state.phase).toBe(phase);
    expect(hub.connections).toHaveLength(1);
    expect(hub.last.closed).toBe(true);
  });

  it('is refused when the meeting is locked meanwhile', async () => {
    await client.join();
    hub.answers.join = () => no('meetingLocked');
    hub.last.drop();
    await soon();
    expect(client.state).toMatchObject({ phase: 'refused', refusal: { code: 'meetingLocked' } });
  });

  it('tells the server when they wait no longer', async () => {
    await client.join();
    await client.leave();
    expect(hub.last.calls.map(([name]) => name)).toEqual(['join', 'leave']);
    expect([client.state.phase, hub.last.closed]).toEqual(['left', true]);
  });
});

it('a place that was lost is knocked for again', async () => {
  hub.answers.join = yes;
  await client.join();
  hub.answers.join = () => no('waiting');
  hub.last.drop();
  await soon();
  expect(client.state.phase).toBe('waiting');
  hub.answers.join = yes;
  hub.last.event({ name: 'admitted', argument: { resumeToken: 'let in' } });
  await soon();
  expect(client.state.phase).toBe('joined');
});
