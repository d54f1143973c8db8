import { describe, expect, it } from 'vitest';
import type { LiveParticipant, ServerFigures } from '../../../src/signalling/admin';
import { kilobits, lossOf, processorShare, rateOf } from '../../../src/ui/admin/rates';

const figures = (at: string, processorSeconds: number, startedAt = '2026-01-01T00:00:00Z') =>
  ({ at, startedAt, processorSeconds, processors: 2 }) as ServerFigures;

describe('rates of two readings', () => {
  it('are in kbit/s', () => {
    expect(rateOf(30_000, 5_000, 2_000)).toBe(100);
    expect(kilobits(rateOf(30_000, 5_000, 2_000))).toBe('100 kbit/s');
  });

  it('are not known from one reading, from the same moment, or across a restart', () => {
    expect([rateOf(1, undefined, 1000), rateOf(2, 1, 0), rateOf(1, 2, 1000)]).toEqual([null, null, null]);
    expect(kilobits(null)).toBe('–');
  });

  it('of the processor time are a share of all processors', () => {
    const before = figures('2026-01-01T00:01:00Z', 10);
    expect(processorShare(figures('2026-01-01T00:01:04Z', 14), before)).toBe(0.5);
    expect(processorShare(figures('2026-01-01T00:01:04Z', 14, '2026-01-01T00:01:02Z'), before)).toBeNull();
    expect(processorShare(before, before)).toBeNull();
  });
});

it('tells the loss as the client does, else as the server counts it', () => {
  const received = { packets: 90, lost: 10 };
  const transport = { rtp: { received } } as LiveParticipant['transport'];
  const participant = {} as LiveParticipant['participant'];
  expect(lossOf({ participant, transport, report: { loss: 0.5 } as LiveParticipant['report'] })).toBe(0.5);
  expect(lossOf({ participant, transport, report: null })).toBe(0.1);
  expect(lossOf({ participant })).toBeNull();
});
