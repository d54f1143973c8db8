import { useState } from 'preact/hooks';
import { creatorSecrets, ownName } from '../../signalling/places';
import { type CreateMeeting, defaultLimits, passcodeLength } from '../../signalling/protocol';
import { Refusal } from '../../signalling/refusal';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { ErrorMessage, Field, Switch } from '../controls';
import { PlusIcon } from '../icons';
import { refusalText } from '../refusalText';
import { navigate, paths } from '../router';
import { timeIn, timeZone } from '../text';

/** Refusals that are said beside the field they are about. */
const besideField = new Set(['titleInvalid', 'nameInvalid', 'passcodeInvalid', 'scheduleInvalid']);

export function NewMeetingForm() {
  const [title, setTitle] = useState('');
  const [name, setName] = useState(ownName.get());
  const [passcode, setPasscode] = useState('');
  const [lobby, setLobby] = useState(false);
  const [capacity, setCapacity] = useState('');
  const [notBefore, setNotBefore] = useState('');
  const [expiresAt, setExpiresAt] = useState('');
  const [lasting, setLasting] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refusal | null>(null);

  const create = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const wanted: CreateMeeting = { title, createdBy: name, lobby, lasting };
      if (passcode) {
        wanted.passcode = passcode;
      }
      if (capacity) {
        wanted.capacity = Number(capacity);
      }
      const [begins, ends] = [timeIn(notBefore), timeIn(expiresAt)];
      if (begins) {
        wanted.notBefore = begins;
      }
      if (ends) {
        wanted.expiresAt = ends;
      }
      const created = await rest.create(wanted);
      creatorSecrets.keep(created.id, created.creatorSecret);
      ownName.set(name.trim());
      navigate(paths.meeting(created.id));
    } catch (refused) {
      setError(refused instanceof Refusal ? refused : new Refusal('unreachable', ''));
      setBusy(false);
    }
  };

  const said = (code: string) => (error?.code === code ? refusalText(error) : null);
  return (
    <form class="stack" onSubmit={create}>
      <h2>{t.home.newMeeting}</h2>
      <Field label={t.home.title} error={said('titleInvalid')}>
        {(id) => (
          <input
            id={id}
            class="input"
            data-testid="title-input"
            value={title}
            placeholder={t.home.titleHint}
            maxLength={defaultLimits.titleLength}
            required
            autocomplete="off"
            onInput={(e) => setTitle(e.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t.home.name} error={said('nameInvalid')}>
        {(id) => (
          <input
            id={id}
            class="input"
            data-testid="name-input"
            value={name}
            placeholder={t.home.nameHint}
            maxLength={defaultLimits.nameLength}
            required
            autocomplete="name"
            onInput={(e) => setName(e.currentTarget.value)}
          />
        )}
      </Field>
      <details class="options">
        <summary data-testid="options">{t.home.options}</summary>
        <div class="stack">
          <Field label={t.home.passcode} error={said('passcodeInvalid')}>
            {(id) => (
              <input
                id={id}
                class="input"
                data-testid="passcode-input"
                value={passcode}
                placeholder={t.home.passcodeHint}
                maxLength={passcodeLength}
                autocomplete="off"
                onInput={(e) => setPasscode(e.currentTarget.value)}
              />
            )}
          </Field>
          <Field label={t.home.capacity}>
            {(id) => (
              <input
                id={id}
                class="input"
                type="number"
                min={1}
                data-testid="capacity-input"
                value={capacity}
                placeholder={t.home.capacityHint}
                onInput={(e) => setCapacity(e.currentTarget.value)}
              />
            )}
          </Field>
          <div class="times">
            <TimeField label={t.home.notBefore} value={notBefore} testId="not-before-input" onChange={setNotBefore} />
            <TimeField label={t.home.expiresAt} value={expiresAt} testId="expires-input" onChange={setExpiresAt} />
          </div>
          <p class="muted hint">{t.home.zone(timeZone())}</p>
          {said('scheduleInvalid') && <ErrorMessage>{said('scheduleInvalid')}</ErrorMessage>}
          <Switch label={t.home.lasting} checked={lasting} testId="lasting" onChange={setLasting} />
          <Switch label={t.home.lobby} checked={lobby} testId="lobby" onChange={setLobby} />
        </div>
      </details>
      {error && !besideField.has(error.code) && <ErrorMessage>{refusalText(error)}</ErrorMessage>}
      <Submit busy={busy} />
    </form>
  );
}

function TimeField(props: { label: string; value: string; testId: string; onChange(value: string): void }) {
  return (
    <Field label={props.label}>
      {(id) => (
        <input
          id={id}
          class="input"
          type="datetime-local"
          data-testid={props.testId}
          value={props.value}
          onInput={(e) => props.onChange(e.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function Submit({ busy }: { busy: boolean }) {
  return (
    <button type="submit" class="button primary wide" data-testid="create-meeting" disabled={busy}>
      <PlusIcon />
      {busy ? t.home.creating : t.home.create}
    </button>
  );
}
