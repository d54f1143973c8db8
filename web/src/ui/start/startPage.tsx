import { useEffect } from 'preact/hooks';
import { t } from '../../strings';
import { Link, TopBar } from '../controls';
import { HistoryIcon } from '../icons';
import { paths } from '../router';
import { JoinForm } from './joinForm';
import { NewMeetingForm } from './newMeetingForm';
import { OpenMeetings } from './openMeetings';

export function StartPage() {
  useEffect(() => {
    document.title = t.product;
  }, []);
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
        </footer>
      </main>
    </div>
  );
}
