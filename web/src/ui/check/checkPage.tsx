import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../../strings';
import { Spinner, TopBar } from '../controls';
import { CheckIcon, StopIcon, WarningIcon } from '../icons';
import { usePageTitle } from '../usePageTitle';
import { type CheckName, CheckRun, type CheckState, checkNames } from './checkRun';

/** Whether this browser reaches the server, by each way that media can take. */
export function CheckPage() {
  const check = useMemo(() => new CheckRun(), []);
  usePageTitle(t.check.title);
  useEffect(() => {
    void check.run();
  }, [check]);
  return (
    <div class="page">
      <TopBar />
      <main class="column">
        <h1>{t.check.title}</h1>
        <p class="lead">{t.check.lead}</p>
        <ul class="list checks" aria-live="polite">
          {checkNames.map((name) => (
            <CheckRow key={name} name={name} state={check.states[name].value} />
          ))}
        </ul>
        <button
          type="button"
          class="button plain"
          data-testid="check-again"
          disabled={!check.done.value}
          onClick={() => void check.run()}
        >
          {t.check.again}
        </button>
      </main>
    </div>
  );
}

function CheckRow({ name, state }: { name: CheckName; state: CheckState }) {
  const { verdict, took, refusal, ways } = state;
  return (
    <li class={`check-row ${verdict}`} data-testid={`check-${name}`} data-verdict={verdict}>
      <VerdictIcon verdict={verdict} />
      <div>
        <strong>{t.check[name].title}</strong>
        <p>{verdictText(name, state)}</p>
        {verdict === 'failed' && refusal === null && <p class="muted">{t.check[name].advice}</p>}
        {ways.length > 0 && (
          <p class="muted">{ways.map((way) => t.check.way(way.scheme, t.check.words[way.verdict])).join(' · ')}</p>
        )}
      </div>
      {took !== null && verdict === 'ok' && <span class="check-took">{t.check.took(took)}</span>}
    </li>
  );
}

function VerdictIcon({ verdict }: { verdict: CheckState['verdict'] }) {
  switch (verdict) {
    case 'running':
      return <Spinner />;
    case 'ok':
      return <CheckIcon />;
    case 'failed':
      return <WarningIcon />;
    case 'notOffered':
      return <StopIcon />;
  }
}

function verdictText(name: CheckName, { verdict, refusal, ways }: CheckState): string {
  switch (verdict) {
    case 'running':
      return t.check.running;
    case 'notOffered':
      return t.check.notOffered;
    case 'failed':
      return refusal ?? t.check[name].failed;
    case 'ok': {
      const reached = ways.filter((way) => way.verdict === 'ok').map((way) => way.scheme.toUpperCase());
      return name === 'relay' ? t.check.relay.ok(reached.join(', ')) : t.check[name].ok;
    }
  }
}
