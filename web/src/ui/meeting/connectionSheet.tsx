import { useEffect } from 'preact/hooks';
import type { PathKind } from '../../media/pathReport';
import type { ConnectionFigures, PathEnd, Picture } from '../../media/stats';
import type { MeetingState } from '../../signalling/meetingState';
import type { ModePin } from '../../signalling/protocol';
import { t } from '../../strings';
import { Sheet } from '../controls';
import { LinkIcon } from '../icons';
import { toast } from '../toasts';
import type { MeetingRoom } from './meetingRoom';

const figuresEvery = 1_000;
const pins: readonly ModePin[] = ['auto', 'peerToPeer', 'server'];

/** Which way sound and pictures take, so that everybody can check it. */
export function ConnectionSheet({ room, onClose }: { room: MeetingRoom; onClose(): void }) {
  useEffect(() => {
    const read = () => void room.media.readFigures().catch(() => {});
    read();
    const timer = setInterval(read, figuresEvery);
    return () => clearInterval(timer);
  }, [room]);
  const kind = room.media.kind.value;
  const { mode, isCreator } = room.state.value;
  const rows = rowsOf(room, kind, room.media.figures.value);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(rows.map(([label, value]) => `${label}: ${value}`).join('\n'));
      toast(t.connection.copied, 'good');
    } catch {
      toast(t.connection.notCopied, 'bad');
    }
  };
  return (
    <Sheet title={t.connection.title} onClose={onClose}>
      <section class="stack" data-testid="connection-panel" data-path={kind}>
        <p>{t.connection.lead[kind]}</p>
        {isCreator && (
          <div class="segments" role="radiogroup" aria-label={t.connection.pin}>
            {pins.map((pin) => (
              <label key={pin} class="segment">
                <input
                  type="radio"
                  name="mode-pin"
                  value={pin}
                  data-testid={`pin-${pin}`}
                  checked={mode.pin === pin}
                  onChange={() => void room.pinMode(pin)}
                />
                <span>{t.connection.pins[pin]}</span>
              </label>
            ))}
          </div>
        )}
        <dl class="figures" data-testid="figures">
          {rows.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <div class="sheet-actions">
          <button type="button" class="button plain" data-testid="copy-figures" onClick={() => void copy()}>
            <LinkIcon />
            {t.connection.copy}
          </button>
        </div>
      </section>
    </Sheet>
  );
}

type Row = [label: string, value: string];

function rowsOf(room: MeetingRoom, kind: PathKind, figures: ConnectionFigures | null): Row[] {
  const words = t.connection;
  const or = <T,>(value: T | null | undefined, say: (value: T) => string) =>
    value === null || value === undefined ? words.unknown : say(value);
  return [
    [words.path, words.paths[kind]],
    [words.why, whyOf(room.state.value)],
    [words.ownLeg, words.states[room.media.leg.value.state]],
    ...otherLegs(room),
    [words.protocol, or(figures?.remoteEnd, (end) => protocolOf(end, figures?.relayProtocol ?? null))],
    [words.ownAddress, or(figures?.localEnd, addressOf)],
    [words.otherAddress, or(figures?.remoteEnd, addressOf)],
    [words.roundTrip, or(figures?.roundTrip, words.milliseconds)],
    [words.loss, or(figures?.loss, words.percent)],
    [words.sending, or(figures?.sending, words.kilobits)],
    [words.receiving, or(figures?.receiving, words.kilobits)],
    [words.codecs, [figures?.audioCodec, figures?.videoCodec].filter(Boolean).join(', ') || words.unknown],
    [words.sent, or(figures?.sent, pictureOf)],
    [words.decoded, or(figures?.decoded, pictureOf)],
  ];
}

function whyOf({ mode, phase }: MeetingState): string {
  return phase === 'reconnecting' ? t.connection.serverAway : t.connection.reasons[mode.reason];
}

/** With one other person their way to the server is of interest: it is what a third one would need. */
function otherLegs(room: MeetingRoom): Row[] {
  const { participants, selfId } = room.state.value;
  const others = participants.filter((p) => p.id !== selfId);
  const [other] = others;
  return others.length === 1 && other
    ? [[t.connection.legOf(other.name), other.serverLeg ? t.connection.legs[other.serverLeg] : t.connection.unknown]]
    : [];
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

/** Says in the room's head which way the media takes, and opens the sheet. */
export function ConnectionBadge({ room }: { room: MeetingRoom }) {
  const kind = room.media.kind.value;
  return (
    <button
      type="button"
      class={`connection-badge ${kind}`}
      title={t.connection.lead[kind]}
      data-testid="connection-badge"
      data-path={kind}
      onClick={() => {
        room.sheet.value = 'connection';
      }}
    >
      <span class="dot" aria-hidden="true" />
      {t.connection.badge[kind]}
    </button>
  );
}
