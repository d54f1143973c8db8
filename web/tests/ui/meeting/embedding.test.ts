import { signal } from '@preact/signals';
import { expect, it, vi } from 'vitest';
import { embed, outerOf } from '../../../src/ui/meeting/embedding';
import type { Visit } from '../../../src/ui/meeting/visit';

const origin = 'https://team.example';

function stage() {
  const outer = { postMessage: vi.fn() };
  const inner = new EventTarget();
  const state = signal({ phase: 'joined', participants: [{}], ended: null as { reason: string } | null });
  const room = { state, leave: vi.fn(), setDevice: vi.fn() };
  const visit = { id: 'calm-lake', room: signal<typeof room | null>(null), knock: signal(null) };
  const stop = embed(
    visit as unknown as Visit,
    { window: outer as unknown as Window, origins: [origin] },
    inner as unknown as Window,
  );
  const say = (data: unknown, from: unknown = outer, by = origin) =>
    inner.dispatchEvent(Object.assign(new Event('message'), { data, source: from, origin: by }));
  const told = () => outer.postMessage.mock.calls.splice(0).map(([message, to]) => [message.type, message, to]);
  return { visit, room, state, say, told, stop, outer };
}

it('tells what becomes of a visit, to the origins that are allowed', () => {
  const { visit, room, state, told, stop } = stage();
  expect(told()).toEqual([]);
  visit.room.value = room;
  const joined = { source: 'parley', meeting: 'calm-lake', type: 'joined', participants: 1 };
  expect(told()).toEqual([['joined', joined, origin]]);
  state.value = { ...state.value, participants: [{}, {}] };
  state.value = { ...state.value };
  state.value = { ...state.value, phase: 'reconnecting', participants: [{}] };
  state.value = { ...state.value, phase: 'joined' };
  expect(told().map(([, { participants }]) => participants)).toEqual([2, 1]);
  state.value = { ...state.value, phase: 'removed' };
  state.value = { ...state.value };
  expect(told().map(([type, { reason }]) => [type, reason])).toEqual([['left', 'removed']]);

  // And once more, from the door on.
  visit.room.value = null;
  state.value = { ...state.value, phase: 'joined' };
  visit.room.value = room;
  state.value = { ...state.value, phase: 'ended', ended: { reason: 'cancelled' } };
  expect(told().map(([type, { reason }]) => [type, reason])).toEqual([
    ['joined', undefined],
    ['ended', 'cancelled'],
  ]);
  stop();
  state.value = { ...state.value, phase: 'joined' };
  expect(told()).toEqual([]);
});

it('does what the page around asks, and nothing that anybody else does', () => {
  const { visit, room, say, outer, stop } = stage();
  const ask = (type: unknown) => ({ target: 'parley', type });
  say(ask('leave'));
  visit.room.value = room;
  say(ask('leave'), {});
  say(ask('leave'), outer, 'https://evil.example');
  say(ask('leave'), outer, 'null');
  for (const data of [
    null,
    undefined,
    'leave',
    7,
    {},
    { type: 'leave' },
    ask(undefined),
    ask(['leave']),
    ask('unmute'),
  ]) {
    say(data);
  }
  expect(room.leave).not.toHaveBeenCalled();
  expect(room.setDevice).not.toHaveBeenCalled();
  say(ask('muteMicrophone'));
  say(ask('stopCamera'));
  say(ask('leave'));
  expect(room.setDevice.mock.calls).toEqual([
    ['mic', false],
    ['cam', false],
  ]);
  expect(room.leave).toHaveBeenCalledOnce();
  stop();
  say(ask('leave'));
  expect(room.leave).toHaveBeenCalledOnce();
});

it('knows a page around only where the server allows it', () => {
  const around = {} as Window;
  const frame = (ancestors?: string[]) =>
    ({ parent: around, location: { ancestorOrigins: ancestors } }) as unknown as Window;
  const top = { location: {} } as unknown as Window & { parent: Window };
  top.parent = top;
  expect(outerOf(top, [origin])).toBeNull();
  expect(outerOf(frame(), [])).toBeNull();
  expect(outerOf(frame(['https://evil.example']), [origin])).toBeNull();
  expect(outerOf(frame([origin, 'https://evil.example']), [`${origin}/`, 'https://b.example'])?.origins).toEqual([
    origin,
  ]);
  expect(outerOf(frame(), [`${origin}:443`, 'https://b.example'])?.origins).toEqual([origin, 'https://b.example']);
});
