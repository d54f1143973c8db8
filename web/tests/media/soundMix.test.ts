import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SoundMix } from '../../src/media/soundMix';
import { FakeStream, FakeTrack } from './fakePeer';

/** Which tracks go into the destination now. */
let heard: Set<unknown>;
let closed: ReturnType<typeof vi.fn>;
let running: () => Promise<void>;
const out = new FakeTrack('audio');

class FakeContext {
  resume = () => running();
  close = closed;
  createMediaStreamDestination = () => ({ stream: new FakeStream([out]) });
  createMediaStreamSource = ({ tracks }: FakeStream) => ({
    connect: () => heard.add(tracks[0]),
    disconnect: () => heard.delete(tracks[0]),
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  heard = new Set();
  closed = vi.fn(() => Promise.resolve());
  running = () => Promise.resolve();
  vi.stubGlobal('AudioContext', FakeContext);
  vi.stubGlobal('MediaStream', FakeStream);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const track = () => new FakeTrack('audio') as unknown as MediaStreamTrack;

it('has the sound of the screen, and of the microphone only what it is given', async () => {
  const [screen, first, second] = [track(), track(), track()];
  const mix = await SoundMix.open(screen);
  expect(mix.track).toBe(out);
  expect(heard).toEqual(new Set([screen]));
  mix.take(first);
  expect(heard).toEqual(new Set([screen, first]));
  mix.take(second);
  expect(heard).toEqual(new Set([screen, second]));
  mix.take(null);
  expect(heard).toEqual(new Set([screen]));
});

it('ends the screen at once, and the microphone when its own track has had the time to take over', async () => {
  const [screen, microphone] = [track(), track()];
  const mix = await SoundMix.open(screen);
  mix.take(microphone);
  mix.close();
  expect(heard).toEqual(new Set([microphone]));
  expect([out.readyState, closed.mock.calls.length]).toEqual(['live', 0]);
  vi.runAllTimers();
  expect([out.readyState, closed.mock.calls.length]).toEqual(['ended', 1]);
});

it('is none where nothing can be played', async () => {
  running = () => Promise.reject(new DOMException('No.', 'InvalidStateError'));
  await expect(SoundMix.open(track())).rejects.toThrow('No.');
  expect(closed).toHaveBeenCalledOnce();
});
