import { useEffect, useState } from 'preact/hooks';
import { places } from '../../signalling/places';
import type { MeetingStatistics, ModePin } from '../../signalling/protocol';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { Sheet } from '../controls';
import { LinkIcon } from '../icons';
import { toast } from '../toasts';
import { connectionRows } from './connectionRows';
import type { MeetingRoom } from './meetingRoom';
import { serverRows } from './serverRows';

const figuresEvery = 1_000;
const serverEvery = 3_000;
const pins: readonly ModePin[] = ['auto', 'peerToPeer', 'server'];

/** Which way sound and pictures take, so that everybody can check it. */
export function ConnectionSheet({ room, onClose }: { room: MeetingRoom; onClose(): void }) {
  useEffect(() => {
    const read = () => void room.media.readFigures().catch(() => {});
    read();
    const timer = setInterval(read, figuresEvery);
    return () => clearInterval(timer);
  }, [room]);
  const counted = useCounted(room);
  const kind = room.media.kind.value;
  const { mode } = room.state.value;
  const { leg, figures, qualities } = room.media;
  const rows = [
    ...connectionRows(room.state.value, leg.value.state, kind, figures.value, qualities.value),
    ...(counted ? serverRows(counted.now, counted.before, room.state.value.selfId) : []),
  ];
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
        {room.isHost.value && (
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

/** What the server counts, read now and every few seconds; null while it does not say. */
function useCounted(room: MeetingRoom): { now: MeetingStatistics; before: MeetingStatistics | null } | null {
  const [counted, setCounted] = useState<{ now: MeetingStatistics; before: MeetingStatistics | null } | null>(null);
  useEffect(() => {
    let gone = false;
    const read = async () => {
      const { id } = room.state.peek();
      const now = await rest.statistics(id, places.tokenOf(id) ?? '').catch(() => null);
      if (now && !gone) {
        setCounted((last) => ({ now, before: last?.now ?? null }));
      }
    };
    void read();
    const timer = setInterval(() => void read(), serverEvery);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [room]);
  return counted;
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
