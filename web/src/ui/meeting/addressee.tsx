import { t } from '../../strings';
import { LockIcon } from '../icons';
import type { RoomChat } from './roomChat';

/** To whom one writes: everyone, or one. */
export function Addressee({ chat }: { chat: RoomChat }) {
  const to = chat.to.value;
  const others = chat.others.value;
  const gone = to !== null && !others.some((p) => p.id === to.participantId);
  return (
    <label class={`addressee ${to ? 'private' : ''}`}>
      {to && <LockIcon />}
      <span>{t.chat.to}</span>
      <select
        value={to?.participantId ?? ''}
        data-testid="chat-to"
        onChange={({ currentTarget }) => {
          const one = others.find((p) => p.id === currentTarget.value);
          chat.to.value = one ? { participantId: one.id, name: one.name } : null;
        }}
      >
        <option value="" disabled={!chat.mayWriteToAll.value}>
          {t.chat.everyone}
        </option>
        {gone && <option value={to.participantId}>{t.chat.gone(to.name)}</option>}
        {others.map((p) => (
          <option key={p.id} value={p.id}>
            {p.role === 'host' ? t.chat.aHost(p.name) : p.name}
          </option>
        ))}
      </select>
      {to && <small>{t.chat.onlyThem(to.name)}</small>}
    </label>
  );
}
