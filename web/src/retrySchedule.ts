/** How long to wait before the next attempt, in milliseconds; `attempt` counts from 0. */
export type RetrySchedule = (attempt: number, random?: () => number) => number;

const first = [0, 300, 1200, 2700, 4800];
const steady = 7000;

/**
 * The schedule of a lost hub connection: 0, 0.3, 1.2, 2.7, 4.8 s, then every 7 s give or take a fifth, so that after a long
 * outage the people of all meetings do not come back in one moment.
 */
export const hubSchedule: RetrySchedule = (attempt, random = Math.random) => first[attempt] ?? jittered(steady, random);

/** The schedule of a lost media leg: 1, 2, 4, 8 s, then every 15 s, likewise with jitter. */
export const mediaSchedule: RetrySchedule = (attempt, random = Math.random) => {
  const base = Math.min(1000 * 2 ** Math.min(attempt, 10), 15_000);
  return jittered(base, random);
};

function jittered(base: number, random: () => number): number {
  return Math.round(base * (0.8 + 0.4 * random()));
}
