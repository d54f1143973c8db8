import { useState } from 'preact/hooks';
import { admin } from '../../signalling/admin';
import { t } from '../../strings';
import { ErrorMessage, Field } from '../controls';
import { whyFailed } from './session';

/** As the server has it (protocol.md §3). */
const shortest = 12;
const longest = 200;

/** Another password for the admin: by who knows the one until now. */
export function PasswordPart() {
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const differ = again !== '' && again !== wanted;
  const change = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setDone(false);
    setError(null);
    try {
      await admin.changePassword(current, wanted);
      setCurrent('');
      setWanted('');
      setAgain('');
      setDone(true);
    } catch (refused) {
      setError(whyFailed(refused));
    }
    setBusy(false);
  };
  return (
    <form class="card stack admin-password" onSubmit={change}>
      <h2>{t.admin.change.change}</h2>
      <p class="muted">{t.admin.change.lead}</p>
      <Password
        label={t.admin.change.current}
        value={current}
        onInput={setCurrent}
        autocomplete="current-password"
        testId="current-password"
      />
      <Password
        label={`${t.admin.change.wanted} (${t.admin.change.rule(shortest)})`}
        value={wanted}
        onInput={setWanted}
        autocomplete="new-password"
        testId="new-password"
      />
      <Password
        label={t.admin.change.again}
        value={again}
        onInput={setAgain}
        autocomplete="new-password"
        testId="new-password-again"
        error={differ ? t.admin.change.differ : null}
      />
      {error && <ErrorMessage>{error}</ErrorMessage>}
      {done && (
        <p role="status" data-testid="password-changed">
          {t.admin.change.done}
        </p>
      )}
      <button
        type="submit"
        class="button primary"
        data-testid="change-password"
        disabled={busy || !current || !wanted || again !== wanted}
      >
        {t.admin.change.change}
      </button>
    </form>
  );
}

interface PasswordProps {
  label: string;
  value: string;
  onInput(value: string): void;
  autocomplete: 'current-password' | 'new-password';
  testId: string;
  error?: string | null;
}

function Password({ label, value, onInput, autocomplete, testId, error = null }: PasswordProps) {
  return (
    <Field label={label} error={error}>
      {(id) => (
        <input
          id={id}
          class="input"
          type="password"
          data-testid={testId}
          value={value}
          maxLength={longest}
          required
          autocomplete={autocomplete}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
