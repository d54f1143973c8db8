import { useState } from 'preact/hooks';
import { admin } from '../../signalling/admin';
import { Refusal } from '../../signalling/refusal';
import { t } from '../../strings';
import { Field } from '../controls';
import { refusalText } from '../refusalText';
import { signedIn } from './session';

export function SignIn() {
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const enter = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await admin.signIn(password);
      signedIn.value = true;
    } catch (refused) {
      setError(refusalText(refused instanceof Refusal ? refused : new Refusal('unreachable', '')));
      setBusy(false);
    }
  };
  return (
    <main class="notice">
      <h1>{t.admin.title}</h1>
      <p class="lead">{t.admin.signInLead}</p>
      <form class="stack admin-sign-in" onSubmit={enter}>
        <Field label={t.admin.password} error={error}>
          {(id) => (
            <input
              id={id}
              class="input"
              type="password"
              data-testid="admin-password"
              value={password}
              required
              autocomplete="current-password"
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="button primary wide" data-testid="sign-in" disabled={busy || !password}>
          {t.admin.signIn}
        </button>
      </form>
    </main>
  );
}
