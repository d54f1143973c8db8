import { t } from '../strings';
import { CheckPage } from './check/checkPage';
import { Link, Notice, TopBar } from './controls';
import { HistoryPage } from './history/historyPage';
import { RecordPage } from './history/recordPage';
import { WarningIcon } from './icons';
import { LazyPage } from './lazyPage';
import { MeetingPage } from './meeting/meetingPage';
import { paths, route } from './router';
import { StartPage } from './start/startPage';
import { ToastList } from './toastList';
import { usePageTitle } from './usePageTitle';

const adminPage = async () => (await import('./admin/adminPage')).AdminPage;
const developersPage = async () => (await import('./developers/developersPage')).DevelopersPage;

export function App() {
  return (
    <>
      <Page />
      <ToastList />
    </>
  );
}

function Page() {
  const where = route.value;
  switch (where.page) {
    case 'start':
      return <StartPage />;
    case 'meeting':
      return <MeetingPage key={where.id} id={where.id} />;
    case 'history':
      return <HistoryPage />;
    case 'check':
      return <CheckPage />;
    case 'developers':
      return <LazyPage load={developersPage} />;
    case 'admin':
      return <LazyPage load={adminPage} />;
    case 'record':
      return <RecordPage key={where.id} id={where.id} />;
    case 'unknown':
      return <UnknownPage />;
  }
}

function UnknownPage() {
  usePageTitle();
  return (
    <div class="page">
      <TopBar />
      <Notice title={t.gone.pageUnknown.title} lead={t.gone.pageUnknown.lead} icon={<WarningIcon />}>
        <Link class="button primary" href={paths.start}>
          {t.gone.home}
        </Link>
      </Notice>
    </div>
  );
}
