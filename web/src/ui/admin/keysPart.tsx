import { useEffect, useState } from 'preact/hooks';
import { type ApiKey, admin, type Scope, scopes } from '../../signalling/admin';
import { defaultLimits } from '../../signalling/protocol';
import { t } from '../../strings';
import { ErrorMessage, Field, Scrolling } from '../controls';
import { dayAfter, moment } from '../text';
import { Ask, type Question } from './ask';
import { Choices } from './choices';
import { OnceShown } from './onceShown';
import { whyFailed } from './session';

/** Keys for programs: made here, shown once, revoked here. */
export function KeysPart() {
  const [keys, setKeys] = useState<readonly ApiKey[] | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const load = () => admin.keys().then(setKeys, (refused: unknown) => setError(whyFailed(refused)));
  useEffect(() => {
    void load();
  }, []);
  const revoke = ({ id, name }: ApiKey) =>
    setQuestion({
      title: t.admin.keys.revokeTitle(name),
      lead: t.admin.keys.revokeLead,
      action: t.admin.keys.revoke,
      act: async () => {
        await admin.revokeKey(id);
        await load();
      },
    });
  return (
    <>
      <p class="lead">{t.admin.keys.lead}</p>
      {error && <ErrorMessage>{error}</ErrorMessage>}
      <NewKey
        onMade={(key) => {
          setMade(key);
          void load();
        }}
      />
      {made && <OnceShown label={t.admin.keys.made} value={made} testId="made-key" />}
      {keys?.length === 0 && <p class="muted">{t.admin.keys.none}</p>}
      {keys && keys.length > 0 && (
        <section class="card" aria-label={t.admin.parts.keys}>
          <Scrolling label={t.admin.parts.keys}>
            <table>
              <thead>
                <tr>
                  {t.admin.keys.columns.map((label) => (
                    <th key={label} scope="col">
                      {label}
                    </th>
                  ))}
                  <th scope="col">
                    <span class="visually-hidden">{t.meeting.more}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {keys.map((key) => (
                  <tr key={key.id} data-testid="key-row" data-name={key.name}>
                    <td>
                      <bdi>{key.name}</bdi>
                    </td>
                    <td>
                      <code>{key.prefix}…</code>
                    </td>
                    <td>{key.scopes.map((scope) => t.admin.keys.scopes[scope]).join(t.history.between)}</td>
                    <td>{key.lastUsedAt ? moment(key.lastUsedAt) : t.admin.keys.never}</td>
                    <td>{key.expiresAt ? moment(key.expiresAt) : t.admin.keys.always}</td>
                    <td>
                      <button
                        type="button"
                        class="button danger-quiet small"
                        data-testid="revoke-key"
                        onClick={() => revoke(key)}
                      >
                        {t.admin.keys.revoke}
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolling>
        </section>
      )}
      {question && <Ask question={question} onClose={() => setQuestion(null)} />}
    </>
  );
}

function NewKey({ onMade }: { onMade(key: string): void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>([]);
  const [until, setUntil] = useState('');
  const [error, setError] = useState<string | null>(null);
  const make = async (event: Event) => {
    event.preventDefault();
    try {
      const { key } = await admin.createKey(name, chosen, dayAfter(until));
      setName('');
      setChosen([]);
      setUntil('');
      setError(null);
      onMade(key);
    } catch (refused) {
      setError(whyFailed(refused));
    }
  };
  return (
    <form class="card stack" onSubmit={make}>
      <h2>{t.admin.keys.new}</h2>
      <div class="times">
        <Field label={t.admin.keys.name}>
          {(id) => (
            <input
              id={id}
              class="input"
              data-testid="key-name"
              value={name}
              maxLength={defaultLimits.nameLength}
              required
              autocomplete="off"
              placeholder={t.admin.keys.nameHint}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t.admin.keys.until}>
          {(id) => (
            <input
              id={id}
              class="input"
              type="date"
              value={until}
              onInput={(event) => setUntil(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <Choices
        legend={t.admin.keys.may}
        all={scopes}
        words={t.admin.keys.scopes}
        chosen={chosen}
        onChoose={setChosen}
        testId="scope"
      />
      {error && <ErrorMessage>{error}</ErrorMessage>}
      <button type="submit" class="button primary" data-testid="create-key" disabled={!name.trim() || !chosen.length}>
        {t.admin.keys.create}
      </button>
    </form>
  );
}
