import { ownName } from '../../signalling/places';
import { t } from '../../strings';
import { Spinner, TopBar } from '../controls';
import { LeaveIcon } from '../icons';
import { Preview } from '../prejoin/preview';
import { usePageTitle } from '../usePageTitle';
import type { Visit } from './visit';

interface LobbyPageProps {
  title: string;
  /** Whose devices are shown; none while a place that was lost is asked for again. */
  visit?: Visit;
  onLeave(): void;
}

/** Before a host lets in. It knows nothing of who is inside. */
export function LobbyPage({ title, visit, onLeave }: LobbyPageProps) {
  usePageTitle(title);
  return (
    <div class="page">
      <TopBar />
      <main class={visit ? 'prejoin' : 'notice'} data-testid="lobby-page">
        {visit && (
          <section class="prejoin-devices" aria-label={t.settings.devices}>
            <Preview visit={visit} name={ownName.get()} />
          </section>
        )}
        <section class="prejoin-form stack">
          <p class="eyebrow" dir="auto">
            {title}
          </p>
          <h1>{t.lobby.title}</h1>
          <div class="lobby-state" role="status">
            <Spinner />
            <p>{t.lobby.waiting}</p>
          </div>
          <p class="muted">{t.lobby.lead}</p>
          <button type="button" class="button plain wide" data-testid="leave-lobby" onClick={onLeave}>
            <LeaveIcon />
            {t.lobby.leave}
          </button>
        </section>
      </main>
    </div>
  );
}
