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
