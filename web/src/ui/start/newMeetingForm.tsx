import { useState } from 'preact/hooks';
import { creatorSecrets, ownName } from '../../signalling/places';
import { defaultLimits } from '../../signalling/protocol';
import { Refusal } from '../../signalling/refusal';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { ErrorMessage, Field } from '../controls';
import { PlusIcon } from '../icons';
import { navigate, paths } from '../router';

export function NewMeetingForm() {
  const [title, setTitle] = useState('');
  const [name, setName] = useState(ownName.get());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refusal | null>(null);

  const create = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const created = await rest.create(title, name);
      creatorSecrets.keep(created.id, created.creatorSecret);
      ownName.set(name.trim());
      navigate(paths.meeting(created.id));
    } catch (refused) {
      setError(refused instanceof Refusal ? refused : new Refusal('unreachable', ''));
      setBusy(false);
    }
  };

  const said = error && (error.message || t.refusal(error.code));
  return (
    <form class="stack" onSubmit={create}>
      <h2>{t.home.newMeeting}</h2>
      <Field label={t.home.title} error={error?.code === 'titleInvalid' ? said : null}>
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
      <Field label={t.home.name} error={error?.code === 'nameInvalid' ? said : null}>
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
      {error && error.code !== 'titleInvalid' && error.code !== 'nameInvalid' && <ErrorMessage>{said}</ErrorMessage>}
      <Submit busy={busy} />
    </form>
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
