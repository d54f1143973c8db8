import { useState } from 'preact/hooks';
import { ownName } from '../../signalling/places';
import { passcodeLength } from '../../signalling/protocol';
import { t } from '../../strings';
import { ErrorMessage, Field, TopBar } from '../controls';
import { LinkIcon } from '../icons';
import { copyMeetingLink } from '../meeting/copyLink';
import type { Visit } from '../meeting/visit';
import { refusalText } from '../refusalText';
import { usePageTitle } from '../usePageTitle';
import { DevicePickers } from './devicePickers';
import { DeviceTrouble } from './deviceTrouble';
import { Preview } from './preview';

/** Refusals that are said beside the field they are about. */
const besideField = new Set(['nameInvalid', 'passcodeNeeded', 'passcodeWrong']);

export function PrejoinPage({ visit }: { visit: Visit }) {
  const [name, setName] = useState(visit.token?.name ?? ownName.get());
  const [passcode, setPasscode] = useState('');
  const summary = visit.summary.value;
  const local = visit.local.value;
  const refusal = visit.refusal.value;

  usePageTitle(summary?.title);

  const said = (...codes: string[]) => (refusal && codes.includes(refusal.code) ? refusalText(refusal) : null);
  const join = (event: Event) => {
    event.preventDefault();
    void visit.join(name.trim(), visit.asksPasscode.value ? passcode : '');
  };

  return (
    <div class="page">
      <TopBar />
      <main class="prejoin">
        <section class="prejoin-devices" aria-label={t.settings.devices}>
          <Preview visit={visit} name={name} />
          <DeviceTrouble local={local} onRetry={(kind) => visit.setDevice(kind, true)} />
          <DevicePickers local={local} onChoose={(kind, id) => visit.choose(kind, id)} />
        </section>
        <form class="prejoin-form stack" onSubmit={join}>
          <p class="eyebrow">{t.prejoin.ready}</p>
          <h1 dir="auto">{summary?.title || t.prejoin.closed}</h1>
          {summary && (
            <p class="muted">
              {summary.createdBy && (
                <>
                  <bdi>{t.home.by(summary.createdBy)}</bdi> ·{' '}
                </>
              )}
              {typeof summary.participants === 'number' &&
                (summary.participants ? t.prejoin.people(summary.participants) : t.prejoin.nobody)}
            </p>
          )}
          {visit.token?.name ? (
            <p data-testid="given-name">
              {t.prejoin.joinAs} <bdi>{visit.token.name}</bdi>
            </p>
          ) : (
            <Field label={t.home.name} error={said('nameInvalid')}>
              {(id) => (
                <input
                  id={id}
                  class="input"
                  data-testid="name-input"
                  value={name}
                  placeholder={t.home.nameHint}
                  maxLength={visit.nameLength.value}
                  required
                  autocomplete="name"
                  onInput={(event) => setName(event.currentTarget.value)}
                />
              )}
            </Field>
          )}
          {visit.asksPasscode.value && (
            <Field label={t.prejoin.passcode} error={said('passcodeWrong', 'passcodeNeeded')}>
              {(id) => (
                <input
                  id={id}
                  class="input"
                  type="password"
                  data-testid="passcode-input"
                  value={passcode}
                  maxLength={passcodeLength}
                  required
                  autocomplete="off"
                  onInput={(event) => setPasscode(event.currentTarget.value)}
                />
              )}
            </Field>
          )}
          {refusal && !besideField.has(refusal.code) && <ErrorMessage>{refusalText(refusal)}</ErrorMessage>}
          {summary?.lobby && !visit.creatorSecret && (!visit.token || visit.token.knocks) && (
            <p class="muted">{t.prejoin.lobby}</p>
          )}
          <button
            type="submit"
            class="button primary wide large"
            data-testid="join-button"
            disabled={visit.joining.value || !name.trim()}
          >
            {visit.joining.value ? t.prejoin.joining : t.prejoin.join}
          </button>
          {visit.creatorSecret && (
            <div class="share">
              <p>{t.prejoin.created}</p>
              <button type="button" class="button plain" onClick={() => void copyMeetingLink(visit.id)}>
                <LinkIcon />
                {t.meeting.copyLink}
              </button>
            </div>
          )}
        </form>
      </main>
    </div>
  );
}
