import { raisedHands } from '../../signalling/rights';
import { t } from '../../strings';
import type { MeetingRoom } from './meetingRoom';

/** Who has a hand up, first come first. */
export function HandList({ room }: { room: MeetingRoom }) {
  const hands = raisedHands(room.state.value);
  const { selfId } = room.state.value;
  const isHost = room.isHost.value;
  if (!hands.length) {
    return null;
  }
  return (
    <section class="people-part" aria-label={t.people.hands(hands.length)} data-testid="hand-list">
      <h3>{t.people.hands(hands.length)}</h3>
      <ol class="hands">
        {hands.map(({ id, name }) => (
          <li key={id} data-testid="hand-row" data-name={name}>
            <bdi>{id === selfId ? t.meeting.youSuffix(name) : name}</bdi>
            {isHost && (
              <button
                type="button"
                class="text-button"
                aria-label={`${t.people.lower}: ${name}`}
                data-testid="lower"
                onClick={() => room.hosting.lowerHand(id)}
              >
                {t.people.lower}
              </button>
            )}
          </li>
        ))}
      </ol>
      {isHost && hands.length > 1 && (
        <div class="people-actions">
          <button
            type="button"
            class="button small plain"
            data-testid="lower-all"
            onClick={() => room.hosting.lowerAllHands()}
          >
            {t.people.lowerAll}
          </button>
        </div>
      )}
    </section>
  );
}
