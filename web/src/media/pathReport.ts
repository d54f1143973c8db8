import type { ConnectionFigures, PathEnd } from './stats';

/** Which way media takes, in one word. */
export type PathKind = 'peerToPeer' | 'server' | 'relay' | 'none';

/** What the server is told of the path (protocol.md §4); rates in kbit/s, the round trip in ms, loss 0–1. */
export interface PathFigures {
  linkId?: string;
  local: PathEnd;
  remote: PathEnd;
  relayProtocol?: string;
  roundTrip?: number;
  loss?: number;
  sending?: number;
  receiving?: number;
  audioCodec?: string;
  videoCodec?: string;
}

/** A report of the figures; null while no pair is selected. What is not known is not in it. */
export function pathReport(figures: ConnectionFigures, linkId: string | null): PathFigures | null {
  const { localEnd, remoteEnd, relayProtocol, roundTrip, loss, sending, receiving, audioCodec, videoCodec } = figures;
  if (!localEnd || !remoteEnd) {
    return null;
  }
  const known = Object.entries({ relayProtocol, roundTrip, loss, sending, receiving, audioCodec, videoCodec });
  return {
    ...(linkId && { linkId }),
    local: localEnd,
    remote: remoteEnd,
    ...Object.fromEntries(known.filter(([, value]) => value !== null)),
  };
}

/** Whether a relay is on the way. */
export function isRelayed(figures: ConnectionFigures | null): boolean {
  return figures?.localEnd?.type === 'relay' || figures?.remoteEnd?.type === 'relay';
}
