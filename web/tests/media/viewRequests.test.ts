import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ViewEntry, ViewRequests, type Wanted } from '../../src/media/viewRequests';

const mids = ['3', '4'];
const camera = (participantId: string, width = 320): Wanted => ({
  participantId,
  source: 'camera',
  width,
  height: 192,
  pinned: false,
});
const cameras = (...ids: string[]) => ids.map((id) => camera(id));
let sent: string[];
let taken: boolean;
let views: ViewRequests;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  taken = true;
  views = new ViewRequests(async (view: ViewEntry[]) => {
    sent.push(
      view.map((entry) => `${entry.mid}=${entry.participantId}${entry.source === 'screen' ? ' screen' : ''}`).join(' '),
    );
    return taken;
  });
});

afterEach(() => {
  vi.useRealTimers();
});

it('sends one view for many changes in a row, and the last one', async () => {
  views.want(mids, cameras('a'));
  views.want(mids, cameras('a', 'b'));
  views.want(mids, cameras('b'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['4=b']);
});

it('sends a view that is asked for again all the time, at once and after a refusal', async () => {
  const ask = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 20) {
      views.want(mids, cameras('a'));
      await vi.advanceTimersByTimeAsync(20);
    }
  };
  taken = false;
  await ask(400);
  expect(sent).toEqual(['3=a']);
  taken = true;
  await ask(2000);
  expect(sent).toEqual(['3=a', '3=a']);
});

it('sends nothing for a change that is none, or that was taken back', async () => {
  views.want(mids, cameras('a'));
  await vi.advanceTimersByTimeAsync(1000);
  views.want(mids, cameras('a'));
  views.want(mids, cameras());
  views.want(mids, cameras('a'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['3=a']);
});

it('tells the server when nobody is wanted any more', async () => {
  views.want(mids, cameras('a'));
  await vi.advanceTimersByTimeAsync(1000);
  views.want(mids, cameras());
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['3=a', '']);
});

it('sends again what was refused, until it is taken', async () => {
  taken = false;
  views.want(mids, cameras('a'));
  await vi.advanceTimersByTimeAsync(120);
  await vi.advanceTimersByTimeAsync(1000);
  taken = true;
  await vi.advanceTimersByTimeAsync(5000);
  expect(sent).toEqual(['3=a', '3=a', '3=a']);
});

it('repeats the same view for a new hub connection, and begins with empty slots on a new peer', async () => {
  views.want(mids, cameras('a', 'b'));
  await vi.advanceTimersByTimeAsync(1000);
  views.repeat();
  views.want(mids, cameras('b'));
  await vi.advanceTimersByTimeAsync(1000);
  views.reset();
  views.want(mids, cameras('b'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['3=a 4=b', '4=b', '3=b']);
});

it('asks for the camera and the screen of one person in two slots', async () => {
  views.want(mids, [{ ...camera('a'), source: 'screen' }, ...cameras('a', 'b')]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['3=a screen 4=a']);
});

it('asks for each picture in its own size, and again when one of them is another', async () => {
  const asked: ViewEntry[][] = [];
  views = new ViewRequests(async (view) => {
    asked.push(view);
    return true;
  });
  views.want(mids, [{ ...camera('a', 1280), pinned: true }, camera('b', 160)]);
  await vi.advanceTimersByTimeAsync(1000);
  views.want(mids, [camera('b', 1280), camera('a', 160)]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(
    asked.map((view) => view.map(({ mid, participantId, width, pinned }) => [mid, participantId, width, pinned])),
  ).toEqual([
    [
      ['3', 'a', 1280, true],
      ['4', 'b', 160, false],
    ],
    [
      ['3', 'a', 160, false],
      ['4', 'b', 1280, false],
    ],
  ]);
});
