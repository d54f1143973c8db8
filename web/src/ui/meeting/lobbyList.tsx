import { t } from '../../strings';
import { Avatar } from '../avatar';
import type { MeetingRoom } from './meetingRoom';

/** Who waits to come in; hosts only know of it. */
export function LobbyList({ room }: { room: MeetingRoom }) {
  const { waiting } = room.state.value;
  if (!waiting.length) {
    return null;
  }
  const answer = (id: string | null, admit: boolean, label: string, name?: string) => (
    <button
      type="button"
      class={`button small ${admit ? 'primary' : 'plain'}`}
      aria-label={name ? `${label}: ${name}` : undefined}
      data-testid={`${admit ? 'admit' : 'refuse'}${id === null ? '-all' : ''}`}
      onClick={() => room.hosting.answer(id, admit)}
    >
      {label}
    </button>
  );
  return (
    <section class="people-part" aria-label={t.people.waiting(waiting.length)} data-testid="lobby-list">
      <h3>{t.people.waiting(waiting.length)}</h3>
      <ul>
        {waiting.map(({ id, name }) => (
          <li key={id} class="person" data-testid="waiting-row" data-name={name}>
            <Avatar id={id} name={name} />
            <span class="person-name">
              <bdi>{name}</bdi>
            </span>
            {answer(id, false, t.people.refuse, name)}
            {answer(id, true, t.people.admit, name)}
          </li>
        ))}
      </ul>
      {waiting.length > 1 && (
        <div class="people-actions">
          {answer(null, false, t.people.refuseAll)}
          {answer(null, true, t.people.admitAll)}
        </div>
      )}
    </section>
  );
}
