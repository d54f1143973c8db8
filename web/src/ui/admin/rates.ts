import type { LiveParticipant, ServerFigures } from '../../signalling/admin';
import { t } from '../../strings';

/** In kbit/s; null where two readings do not tell. */
export function rateOf(now: number, before: number | undefined, passed: number): number | null {
  return before === undefined || passed <= 0 || now < before ? null : Math.round(((now - before) * 8) / passed);
}

export function kilobits(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? t.connection.unknown : t.connection.kilobits(Math.round(rate));
}

export function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

/** How much of all its processors the server took between two readings, 0 to 1; null when they are not of one process. */
export function processorShare(now: ServerFigures, before: ServerFigures): number | null {
  const passed = (Date.parse(now.at) - Date.parse(before.at)) / 1000;
  const taken = now.processorSeconds - before.processorSeconds;
  return passed > 0 && taken >= 0 && now.startedAt === before.startedAt
    ? Math.min(1, taken / passed / Math.max(1, now.processors))
    : null;
}

/** Of the voice that they receive as their client says, else of all that they send, as the server counts. */
export function lossOf({ report, transport }: LiveParticipant): number | null {
  if (report?.loss !== null && report?.loss !== undefined) {
    return report.loss;
  }
  const received = transport?.rtp.received;
  return received?.packets ? received.lost / (received.packets + received.lost) : null;
}
