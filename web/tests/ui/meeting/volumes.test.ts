import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MeetingClient } from '../../../src/signalling/meetingClient';
import type { VoiceVolume } from '../../../src/signalling/protocol';
import { Volumes } from '../../../src/ui/meeting/volumes';

describe('the volume of another', () => {
  const asked: VoiceVolume[] = [];
  let refusal: { code: string; message: string } | null = null;
  const client = {
    setVolume: async (volume: VoiceVolume) => {
      asked.push(volume);
      return { value: refusal === null, error: refusal };
    },
  } as unknown as MeetingClient;

  beforeEach(() => {
    vi.useFakeTimers();
    asked.length = 0;
    refusal = null;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is shown at once, and asked for when the slider rests', async () => {
    const volumes = new Volumes(client);
    volumes.choose('ada', 0.9);
    volumes.choose('ada', 0.4);
    volumes.choose('ben', 0);
    expect([volumes.of('ada'), volumes.of('ben'), volumes.of('cleo')]).toEqual([0.4, 0, 1]);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual([
      { participantId: 'ada', volume: 0.4 },
      { participantId: 'ben', volume: 0 },
    ]);
  });

  it('goes back when it is refused', async () => {
    const volumes = new Volumes(client);
    refusal = { code: 'notAllowed', message: 'Eight others have one already.' };
    volumes.choose('ada', 0.9);
    volumes.choose('ada', 0.4);
    await vi.advanceTimersByTimeAsync(200);
    expect(volumes.of('ada')).toBe(1);
  });

  it('is found again after joining anew, and as they are is nothing to remember', () => {
    const volumes = new Volumes(client);
    volumes.restore([{ participantId: 'ada', volume: 0.25 }]);
    expect(volumes.of('ada')).toBe(0.25);
    volumes.choose('ada', 1);
    expect(volumes.chosen.value).toEqual({});
  });
});
