import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { outside, reduce } from '../../src/signalling/meetingState';
import { dismissToast, toast, toastOf, toasts } from '../../src/ui/toasts';
import { joined, participant } from '../signalling/samples';

const inside = reduce(outside, { type: 'joined', joined: joined('a', [participant('b')]) });
const lost = reduce(inside, { type: 'connectionLost' });

describe('what is worth saying', () => {
  it('is who joined, once, and not oneself', () => {
    const said = (id: string) => toastOf({ type: 'participantJoined', participant: participant(id) }, inside)?.text;
    expect(said('c')).toBe('Name of c joined');
    expect(said('b')).toBeUndefined();
    expect(said('a')).toBeUndefined();
  });

  it('is a hand that goes up, once, and who is host', () => {
    const said = (change: Partial<ReturnType<typeof participant>>, id = 'b', before = inside) =>
      toastOf({ type: 'participantChanged', participant: participant(id, change) }, before)?.text;
    const handRaisedAt = '2026-01-01T10:00:00.000Z';
    expect(said({ handRaisedAt })).toBe('Name of b raised a hand');
    expect(said({ handRaisedAt }, 'a')).toBeUndefined();
    const up = reduce(inside, { type: 'participantChanged', participant: participant('b', { handRaisedAt }) });
    expect(said({ handRaisedAt }, 'b', up)).toBeUndefined();
    expect(said({}, 'b', up)).toBeUndefined();
    expect(said({ role: 'host' })).toBe('Name of b is a host now');
    expect(said({ role: 'host' }, 'a')).toBe('You are a host now');
    expect(said({ role: 'listener' })).toBeUndefined();
  });

  it('is who begins to wait, not who goes on waiting', () => {
    const waiting = [
      { id: 'v', name: 'Vera', since: '' },
      { id: 'w', name: 'Will', since: '' },
    ];
    expect(toastOf({ type: 'lobbyChanged', waiting }, inside)?.text).toBe('Vera and Will wait to come in');
    const known = reduce(inside, { type: 'lobbyChanged', waiting: waiting.slice(0, 1) });
    expect(toastOf({ type: 'lobbyChanged', waiting }, known)?.text).toBe('Will waits to come in');
    expect(toastOf({ type: 'lobbyChanged', waiting: [] }, known)).toBeNull();
  });

  it('is who left, and whether they meant to', () => {
    const said = (reason: 'left' | 'connectionLost') =>
      toastOf({ type: 'participantLeft', left: { participantId: 'b', reason } }, inside)?.text;
    expect(said('left')).toBe('Name of b left');
    expect(said('connectionLost')).toBe('Name of b lost the connection');
  });

  it('is that the connection is lost and back, but not that one joined', () => {
    expect(toastOf({ type: 'connectionLost' }, inside)?.tone).toBe('bad');
    expect(toastOf({ type: 'joined', joined: joined('a') }, lost)?.tone).toBe('good');
    expect(toastOf({ type: 'joined', joined: joined('a') }, outside)).toBeNull();
  });

  it('is not that the connection is lost while two go on without the server', () => {
    expect(toastOf({ type: 'connectionLost' }, inside, true)).toBeNull();
    expect(toastOf({ type: 'joined', joined: joined('a') }, lost, true)?.text).toBe('The server is back');
  });
});

describe('toasts', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    toasts.value = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('go by themselves, or when dismissed', () => {
    toast('one');
    toast('two');
    dismissToast(toasts.value[0]?.id ?? 0);
    expect(toasts.value.map((one) => one.text)).toEqual(['two']);
    vi.advanceTimersByTime(5000);
    expect(toasts.value).toEqual([]);
  });

  it('never pile up, and say the same thing once', () => {
    for (const text of ['1', '2', '2', '3', '4', '5', '6']) {
      toast(text);
    }
    expect(toasts.value.map((one) => one.text)).toEqual(['3', '4', '5', '6']);
  });
});
