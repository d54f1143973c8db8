import { t } from '../../strings';
import { Link, TopBar } from '../controls';
import { HistoryIcon } from '../icons';
import { paths } from '../router';
import { usePageTitle } from '../usePageTitle';
import { JoinForm } from './joinForm';
import { NewMeetingForm } from './newMeetingForm';
import { OpenMeetings } from './openMeetings';

export function StartPage() {
  usePageTitle();
  return (
    <div class="page">
      <TopBar>
        <Link href={paths.history} class="top-link">
          <HistoryIcon />
          {t.home.history}
        </Link>
      </TopBar>
      <main class="start">
        <section class="start-hero">
          <h1>{t.home.headline}</h1>
          <p class="lead">{t.home.lead}</p>
        </section>
        <section class="start-doors card" aria-label={t.home.newMeeting}>
          <NewMeetingForm />
          <hr class="rule" />
          <JoinForm />
        </section>
        <OpenMeetings />
        <footer class="start-foot">
          <Link href={paths.check} data-testid="check-link">
            {t.home.check}
          </Link>
          <Link href={paths.admin()} data-testid="admin-link">
            {t.home.admin}
          </Link>
          <Link href={paths.developers} data-testid="developers-link">
            {t.home.developers}
          </Link>
        </footer>
      </main>
    </div>
  );
}
