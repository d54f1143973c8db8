import { useEffect, useState } from 'preact/hooks';
import { admin } from '../../signalling/admin';
import { Refusal } from '../../signalling/refusal';
import { t } from '../../strings';
import { ErrorMessage, Link, TopBar } from '../controls';
import { refusalText } from '../refusalText';
import { type AdminPart, paths, route } from '../router';
import { usePageTitle } from '../usePageTitle';
import { AdminRecord } from './adminRecord';
import { KeysPart } from './keysPart';
import { LivePart } from './livePart';
import { PasswordPart } from './passwordPart';
import { RecordsPart } from './recordsPart';
import { signedIn } from './session';
import { SignIn } from './signIn';
import { WebhooksPart } from './webhooksPart';

const parts: readonly AdminPart[] = ['live', 'history', 'keys', 'webhooks', 'account'];

/** What only who administers the server sees. Loaded when it is visited. */
export function AdminPage() {
  const [error, setError] = useState<string | null>(null);
  usePageTitle(t.admin.title);
  useEffect(() => {
    admin.session().then(
      () => {
        signedIn.value = true;
      },
      (refused: unknown) => {
        const refusal = refused instanceof Refusal ? refused : new Refusal('unreachable', '');
        signedIn.value = false;
        setError(refusal.code === 'signInNeeded' ? null : refusalText(refusal));
      },
    );
  }, []);
  const where = route.value;
  const part = where.page === 'admin' ? where.part : 'live';
  const out = () => {
    signedIn.value = false;
    void admin.signOut().catch(() => {});
  };
  return (
    <div class="page">
      <TopBar>
        {signedIn.value && (
          <button type="button" class="button quiet small" data-testid="sign-out" onClick={out}>
            {t.admin.signOut}
          </button>
        )}
      </TopBar>
      {error && <ErrorMessage>{error}</ErrorMessage>}
      {signedIn.value === null ? (
        <main class="column" aria-busy="true">
          <p class="muted">{t.loading}</p>
        </main>
      ) : signedIn.value ? (
        <main class="column wide admin">
          <h1>{t.admin.title}</h1>
          <nav class="tabs" aria-label={t.admin.title}>
            {parts.map((one) => (
              <Link key={one} href={paths.admin(one)} class="tab" current={one === part} data-testid={`admin-${one}`}>
                {t.admin.parts[one]}
              </Link>
            ))}
          </nav>
          <Part />
        </main>
      ) : (
        <SignIn />
      )}
    </div>
  );
}

function Part() {
  const where = route.value;
  if (where.page !== 'admin') {
    return null;
  }
  switch (where.part) {
    case 'live':
      return <LivePart />;
    case 'history':
      return where.id ? <AdminRecord key={where.id} id={where.id} /> : <RecordsPart />;
    case 'keys':
      return <KeysPart />;
    case 'webhooks':
      return <WebhooksPart />;
    case 'account':
      return <PasswordPart />;
  }
}
