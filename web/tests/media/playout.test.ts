import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PlayoutSource, whenPlayed } from '../../src/media/playout';

const playing = (rtpTimestamp: number | undefined): PlayoutSource => ({
  getSynchronizationSources: () => [{ rtpTimestamp } as RTCRtpSynchronizationSource],
});

describe('whenPlayed', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('waits for the timestamp, once', () => {
    let at = 0;
    const reached = vi.fn();
    whenPlayed(() => playing(at), 4_800, reached);
    for (at = 0; at < 4_800; at += 480) {
      vi.advanceTimersByTime(10);
      expect(reached).not.toHaveBeenCalled();
    }
    vi.advanceTimersByTime(1_000);
    expect(reached).toHaveBeenCalledOnce();
  });

  it('does not wait for ever for a stream that lost what it is waited for', () => {
    const reached = vi.fn();
    whenPlayed(() => null, 0, reached);
    vi.advanceTimersByTime(990);
    expect(reached).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10);
    expect(reached).toHaveBeenCalledOnce();
  });

  it('takes a while for the buffer where the browser does not say what it plays', () => {
    const reached = vi.fn();
    whenPlayed(() => playing(undefined), 0, reached);
    vi.advanceTimersByTime(140);
    expect(reached).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10);
    expect(reached).toHaveBeenCalledOnce();
  });

  it('can be stopped', () => {
    const reached = vi.fn();
    whenPlayed(() => playing(1), 0, reached)();
    vi.advanceTimersByTime(2_000);
    expect(reached).not.toHaveBeenCalled();
  });
});
