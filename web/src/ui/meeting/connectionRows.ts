import type { LegState } from '../../media/mediaLeg';
import type { PathKind } from '../../media/pathReport';
import type { ConnectionFigures, PathEnd, Picture } from '../../media/stats';
import { pictureKey } from '../../media/viewRequests';
import type { MeetingState } from '../../signalling/meetingState';
import type { SlotQuality } from '../../signalling/protocol';
import { t } from '../../strings';

export type Row = [label: string, value: string];

/** What the connection sheet says, in the words of the person who reads it. */
export function connectionRows(
  state: MeetingState,
  leg: LegState,
  kind: PathKind,
  figures: ConnectionFigures | null,
  qualities: ReadonlyMap<string, SlotQuality> = new Map(),
): Row[] {
  const words = t.connection;
  const or = <T>(value: T | null | undefined, say: (value: T) => string) =>
    value === null || value === undefined ? words.unknown : say(value);
  return [
    [words.path, words.paths[kind]],
    [words.why, whyOf(state)],
    [words.ownLeg, words.states[leg]],
    ...legOfOther(state),
    [words.protocol, or(figures?.remoteEnd, (end) => protocolOf(end, figures?.relayProtocol ?? null))],
    [words.ownAddress, or(figures?.localEnd, addressOf)],
    [words.otherAddress, or(figures?.remoteEnd, addressOf)],
    [words.roundTrip, or(figures?.roundTrip, words.milliseconds)],
    [words.loss, or(figures?.loss, words.percent)],
    [words.sending, or(figures?.sending, words.kilobits)],
    [words.receiving, or(figures?.receiving, words.kilobits)],
    ...limited(state, qualities),
    [words.codecs, [figures?.audioCodec, figures?.videoCodec].filter(Boolean).join(', ') || words.unknown],
    [words.sent, or(figures?.sent, pictureOf)],
    [words.decoded, or(figures?.decoded, pictureOf)],
  ];
}

function whyOf({ mode, phase }: MeetingState): string {
  return phase === 'reconnecting' ? t.connection.serverAway : t.connection.reasons[mode.reason];
}

/** With one other person their way to the server is of interest: it is what a third one would need. */
function legOfOther({ participants, selfId }: MeetingState): Row[] {
  const others = participants.filter((p) => p.id !== selfId);
  const [other] = others;
  return others.length === 1 && other
    ? [[t.connection.legOf(other.name), other.serverLeg ? t.connection.legs[other.serverLeg] : t.connection.unknown]]
    : [];
}

/** Whose pictures are smaller than they could be, or paused, and why. */
function limited({ participants }: MeetingState, qualities: ReadonlyMap<string, SlotQuality>): Row[] {
  const said = participants.flatMap(({ id, name }) =>
    (['camera', 'screen'] as const).flatMap((source) => {
      const quality = qualities.get(pictureKey(id, source));
      const whose = source === 'screen' ? t.meeting.screenOf(name) : name;
      return quality ? [t.connection.limit(whose, t.meeting.quality(quality))] : [];
    }),
  );
  return said.length ? [[t.connection.limited, said.join('; ')]] : [];
}

function addressOf({ address, port, type }: PathEnd): string {
  const shown = address?.includes(':') ? `[${address}]` : address;
  return `${shown ?? t.connection.hidden}:${port} (${t.connection.types[type]})`;
}

function protocolOf({ protocol }: PathEnd, relay: string | null): string {
  return relay ? t.connection.overRelay(protocol.toUpperCase(), relay.toUpperCase()) : protocol.toUpperCase();
}

function pictureOf({ width, height, rate }: Picture): string {
  return rate === null ? `${width} × ${height}` : `${width} × ${height}, ${t.connection.perSecond(Math.round(rate))}`;
}
