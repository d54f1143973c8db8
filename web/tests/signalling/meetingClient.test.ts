import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MeetingClient } from '../../src/signalling/meetingClient';
import type { Joined, Reply } from '../../src/signalling/protocol';
import { FakeHub } from './fakeHub';
import { joined, message, participant } from './samples';

const ok = (value: Joined): Reply<Joined> => ({ value, error: null });
const no = (code: string) => ({ value: null, error: { code, message: `Because of ${code}.` } });

let hub: FakeHub;
let client: MeetingClient;

beforeEach(() => {
  vi.useFakeTimers();
  hub = new FakeHub();
  hub.answers.join = () => ok(joined('a', [participant('b')]));
  client = new MeetingClient({ meetingId: 'calm-lake-1', name: 'Ada', connect: hub.connect, random: () => 0.5 });
});

afterEach(() => {
  vi.useRealTimers();
});

async function joinAndDrop(): Promise<void> {
  await client.join();
  hub.last.drop();
}

describe('joining', () => {
  it('says who and with which devices, and takes the snapshot', async () => {
    client.media = () => ({ mic: true, cam: false });
    const { value } = await client.join();
    expect(value?.participantId).toBe('a');
    expect(hub.last.calls[0]).toEqual([
      'join',
      {
        meetingId: 'calm-lake-1',
        name: 'Ada',
        media: { mic: true, cam: false },
        abilities: { peerToPeer: false },
      },
    ]);
    expect(client.state.participants.map((p) => p.id)).toEqual(['a', 'b']);
  });

  it('hands a refusal on, closes, and does not try again by itself', async () => {
    hub.answers.join = () => no('meetingFull');
    expect((await client.join()).error?.code).toBe('meetingFull');
    expect(hub.last.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.connections).toHaveLength(1);
    expect(client.state.phase).toBe('outside');
  });

  it('is unreachable when there is no way to the server, or no answer in time', async () => {
    hub.reachable = false;
    expect((await client.join()).error?.code).toBe('unreachable');
    hub.reachable = true;
    hub.answers.join = () => new Promise(() => {});
    const waiting = client.join();
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await waiting).error?.code).toBe('unreachable');
  });

  it('applies events that overtake the reply after the snapshot', async () => {
    hub.answers.join = () => {
      hub.last.event({ name: 'participantJoined', argument: participant('c') });
      hub.last.event({ name: 'participantLeft', argument: { participantId: 'b', reason: 'left' } });
      return ok(joined('a', [participant('b')]));
    };
    await client.join();
    expect(client.state.participants.map((p) => p.id)).toEqual(['a', 'c']);
  });
});

describe('a lost connection', () => {
  it('is tried again at 0, 0.3, 1.2, 2.7, 4.8 s and then every 7 s', async () => {
    await client.join();
    hub.reachable = false;
    hub.last.drop();
    expect(client.state.phase).toBe('reconnecting');
    const waits: number[] = [];
    for (const wait of [0, 300, 1200, 2700, 4800, 7000, 7000]) {
      const before = hub.connections.length;
      if (wait > 0) {
        await vi.advanceTimersByTimeAsync(wait - 1);
        expect(hub.connections).toHaveLength(before);
      }
      await vi.advanceTimersByTimeAsync(wait > 0 ? 1 : 0);
      expect(hub.connections).toHaveLength(before + 1);
      waits.push(wait);
    }
    expect(waits).toHaveLength(7);
  });

  it('comes back to its own place with the newest token, and begins the schedule anew', async () => {
    const came: boolean[] = [];
    client.onJoined = (_, again) => came.push(again);
    await joinAndDrop();
    hub.answers.join = () => ok(joined('a', [], [], { resumed: true, resumeToken: 'second' }));
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.last.calls[0]?.[1]).toMatchObject({ resumeToken: 'token of a' });
    expect(client.state.phase).toBe('joined');
    hub.last.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.last.calls[0]?.[1]).toMatchObject({ resumeToken: 'second' });
    expect(came).toEqual([false, true, true]);
  });

  it('is tried at once when the network is back', async () => {
    await client.join();
    hub.reachable = false;
    hub.last.drop();
    await vi.advanceTimersByTimeAsync(300);
    hub.reachable = true;
    const before = hub.connections.length;
    client.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.connections).toHaveLength(before + 1);
    expect(client.state.phase).toBe('joined');
  });

  it('ends where the meeting ended meanwhile, with the reason as the server says it', async () => {
    await joinAndDrop();
    hub.answers.join = () => no('meetingEnded');
    await vi.advanceTimersByTimeAsync(0);
    expect(client.state.phase).toBe('ended');
    expect(client.state.ended?.message).toBe('Because of meetingEnded.');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.connections).toHaveLength(2);
  });

  it('is given up when the server refuses for good, but not when it is only busy', async () => {
    await joinAndDrop();
    hub.answers.join = () => no('rateLimited');
    await vi.advanceTimersByTimeAsync(300);
    expect(client.state.phase).toBe('reconnecting');
    hub.answers.join = () => no('meetingFull');
    await vi.advanceTimersByTimeAsync(1200);
    expect(client.state.phase).toBe('refused');
    expect(client.state.refusal?.code).toBe('meetingFull');
  });

  it('no longer believes what the old connection still says', async () => {
    await joinAndDrop();
    const old = hub.connections[0];
    await vi.advanceTimersByTimeAsync(0);
    old?.event({ name: 'participantLeft', argument: { participantId: 'b', reason: 'left' } });
    old?.drop();
    expect(client.state.phase).toBe('joined');
    expect(client.state.participants).toHaveLength(2);
  });
});

describe('the way out', () => {
  it('gives the place up, closes, and never reconnects', async () => {
    await client.join();
    await client.leave();
    expect(hub.last.calls.map(([method]) => method)).toEqual(['join', 'leave']);
    expect(hub.last.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.connections).toHaveLength(1);
    expect(client.state.phase).toBe('left');
  });

  it('does not wait for a server that does not answer', async () => {
    await client.join();
    hub.answers.leave = () => new Promise(() => {});
    const leaving = client.leave();
    expect(client.state.phase).toBe('left');
    await vi.advanceTimersByTimeAsync(1000);
    await leaving;
    expect(hub.last.closed).toBe(true);
  });

  it('stops trying when the person leaves while the connection is lost', async () => {
    await client.join();
    hub.reachable = false;
    hub.last.drop();
    await client.leave();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.connections).toHaveLength(1);
  });

  it.each([
    { name: 'meetingEnded' as const, argument: { reason: 'cancelled' as const, by: 'Ada', message: 'Ended.' } },
    { name: 'superseded' as const, argument: undefined },
  ])('is $name when the server says so', async (event) => {
    await client.join();
    hub.last.event(event);
    expect(hub.last.closed).toBe(true);
    expect(client.state.phase).toBe(event.name === 'superseded' ? 'superseded' : 'ended');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hub.connections).toHaveLength(1);
  });
});

describe('chat', () => {
  it('sends lines one at a time, in order', async () => {
    await client.join();
    let release: (() => void) | undefined;
    hub.answers.sendChat = (line) =>
      new Promise((resolve) => {
        const { clientId } = line as { clientId: string };
        release = () => resolve({ value: message(`of ${clientId}`, 'a'), error: null });
      });
    client.sendChat('one', null, '1', '');
    client.sendChat('two', null, '2', '');
    const sent = () => hub.last.calls.filter(([method]) => method === 'sendChat').length;
    expect(sent()).toBe(1);
    release?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()).toBe(2);
    release?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(client.state.chat.map((m) => m.id)).toEqual(['of 1', 'of 2']);
    expect(client.state.outgoing).toEqual([]);
  });

  it('sends a line again with the same clientId after the connection was lost under it', async () => {
    await client.join();
    hub.answers.sendChat = () => Promise.reject(new Error('Closed.'));
    const first = hub.last;
    first.invoke = async (method, ...args) => {
      first.calls.push([method, ...args]);
      first.drop();
      throw new Error('Closed.');
    };
    client.sendChat('hello', null, 'x', '');
    hub.answers.sendChat = () => ({ value: message('1', 'a', 'hello'), error: null });
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.last).not.toBe(first);
    expect(hub.last.calls).toContainEqual(['sendChat', { clientId: 'x', text: 'hello' }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(client.state.chat.map((m) => m.text)).toEqual(['hello']);
    expect(client.state.outgoing).toEqual([]);
  });

  it('shows a refused line as failed, goes on with the next, and sends it again when asked', async () => {
    await client.join();
    hub.answers.sendChat = (line) =>
      (line as { text: string }).text === 'bad' ? no('textInvalid') : { value: message('2', 'a'), error: null };
    client.sendChat('bad', null, 'x', '');
    client.sendChat('good', null, 'y', '');
    await vi.advanceTimersByTimeAsync(0);
    expect(client.state.outgoing.map((o) => [o.clientId, o.failure?.code])).toEqual([['x', 'textInvalid']]);
    expect(client.state.chat).toHaveLength(1);
    hub.answers.sendChat = () => ({ value: message('3', 'a'), error: null });
    client.retryChat('x');
    await vi.advanceTimersByTimeAsync(0);
    expect(client.state.outgoing).toEqual([]);
  });
});

it('answers calls outside of a meeting as unreachable instead of throwing', async () => {
  expect((await client.setMedia({ mic: true, cam: true })).error?.code).toBe('unreachable');
  expect((await client.setView([])).error?.code).toBe('unreachable');
});

describe('links', () => {
  const started = { linkId: 'l1', peerId: 'b', offers: true, iceServers: [] };

  it('are named in each join as long as they are there', async () => {
    await joinAndDrop();
    client.linkId = () => 'l1';
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.last.calls[0]?.[1]).toMatchObject({ linkId: 'l1' });
    client.linkId = () => null;
    hub.last.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.last.calls[0]?.[1]).not.toHaveProperty('linkId');
  });

  it('wait for who takes their events', async () => {
    const seen: string[] = [];
    await client.join();
    hub.last.event({ name: 'linkStarted', argument: started });
    hub.last.event({ name: 'inMix', argument: { participantId: 'b', rtpTimestamp: 0 } });
    client.onLink = (event) => seen.push(event.name);
    hub.last.event({ name: 'linkEnded', argument: { linkId: 'l1', reason: 'released' } });
    expect(seen).toEqual(['linkStarted', 'inMix', 'linkEnded']);
  });

  it('are told of after the join, even when their events overtake its reply', async () => {
    const seen: string[] = [];
    await joinAndDrop();
    client.onLink = (event) => seen.push(event.name);
    client.onJoined = () => seen.push('joined');
    hub.answers.join = () => {
      hub.last.event({ name: 'linkStarted', argument: started });
      return ok(joined('a'));
    };
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual(['joined', 'linkStarted']);
  });
});

describe('a hub connection that answers no more', () => {
  it('is let go of, and another one joins at once', async () => {
    await client.join();
    const first = hub.last;
    client.renew();
    client.renew();
    expect(client.state.phase).toBe('reconnecting');
    expect(first.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(client.state.phase).toBe('joined');
    expect(hub.connections).toHaveLength(2);
  });
});

describe('what the server accepts of us and tells only the others', () => {
  const own = () => client.state.participants.find((p) => p.id === 'a');

  it('is taken up: devices, hand and name', async () => {
    await client.join();
    await client.setMedia({ mic: true, cam: false });
    await client.setHand(true);
    await client.rename({ name: 'Ada L.' });
    expect(own()).toMatchObject({ media: { mic: true, cam: false }, name: 'Ada L.' });
    expect(own()?.handRaisedAt).toBeTruthy();
    await client.setHand(false);
    expect(own()?.handRaisedAt).toBeNull();
  });

  it('is not when it is refused', async () => {
    hub.answers.setMedia = () => no('notAllowed');
    hub.answers.rename = () => no('nameInvalid');
    await client.join();
    await client.setMedia({ mic: true, cam: false });
    await client.rename({ name: 'x' });
    expect(own()).toEqual(participant('a'));
  });

  it('puts one’s hand behind all others, whatever the clock here says', async () => {
    const raised = participant('b', { handRaisedAt: '2036-01-01T00:00:00.000Z' });
    hub.answers.join = () => ok(joined('a', [raised]));
    await client.join();
    await client.setHand(true);
    expect(Date.parse(own()?.handRaisedAt ?? '')).toBeGreaterThan(Date.parse('2036-01-01T00:00:00.000Z'));
  });

  it('is the name of the next join too', async () => {
    await client.join();
    await client.rename({ name: 'Ada L.' });
    hub.last.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(hub.last.calls[0]?.[1]).toMatchObject({ name: 'Ada L.' });
  });
});

describe('removed by a host', () => {
  it('is out for good, and told by whom', async () => {
    await client.join();
    const removed = { by: 'Ben', mayReturn: true, message: 'Ben removed you.' };
    hub.last.event({ name: 'removed', argument: removed });
    hub.last.drop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.state).toMatchObject({ phase: 'removed', removed });
    expect(hub.connections).toHaveLength(1);
  });

  it.each([
    ['removed', true],
    ['barred', false],
  ])('is told by the next join when the connection was lost then: %s', async (code, mayReturn) => {
    await joinAndDrop();
    hub.answers.join = () => no(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.state).toMatchObject({ phase: 'removed', removed: { mayReturn } });
    expect(hub.connections).toHaveLength(2);
  });
});

it('does not tell who waits to somebody who is no host any more', async () => {
  hub.answers.join = () => ok(joined('a', []));
  await client.join();
  hub.last.event({ name: 'participantChanged', argument: participant('a', { role: 'host' }) });
  hub.last.event({ name: 'lobbyChanged', argument: { waiting: [{ id: 'w', name: 'Cleo', since: '' }] } });
  expect(client.state.waiting).toHaveLength(1);
  hub.last.event({ name: 'participantChanged', argument: participant('a') });
  expect(client.state.waiting).toEqual([]);
});
