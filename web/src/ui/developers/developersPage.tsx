import { useEffect, useState } from 'preact/hooks';
import { type Call, type Form, formsOf, groupsOf, type OpenApi } from '../../signalling/apiDocument';
import { Refusal } from '../../signalling/refusal';
import { rest } from '../../signalling/rest';
import { t } from '../../strings';
import { ErrorMessage, TopBar } from '../controls';
import { refusalText } from '../refusalText';
import { usePageTitle } from '../usePageTitle';

/** The REST calls for people, from the same document that programs read. */
export function DevelopersPage() {
  const [document, setDocument] = useState<OpenApi | null>(null);
  const [error, setError] = useState<string | null>(null);
  usePageTitle(t.developers.title);
  useEffect(() => {
    rest.apiDocument().then(setDocument, (refused: unknown) => {
      setError(refusalText(refused instanceof Refusal ? refused : new Refusal('unreachable', '')));
    });
  }, []);
  return (
    <div class="page">
      <TopBar />
      <main class="column api">
        <h1>{t.developers.title}</h1>
        <p class="lead">{t.developers.lead}</p>
        <p>
          <a href="/api/openapi.json" download="parley-openapi.json">
            {t.developers.raw}
          </a>
        </p>
        {error && <ErrorMessage>{error}</ErrorMessage>}
        {!document && !error && <p class="muted">{t.loading}</p>}
        {document &&
          groupsOf(document).map((group) => (
            <section key={group.name}>
              <h2>{group.name}</h2>
              {group.calls.map((call) => (
                <CallDetails key={call.id} call={call} />
              ))}
            </section>
          ))}
        {document && (
          <section>
            <h2>{t.developers.forms}</h2>
            {formsOf(document).map((form) => (
              <FormDetails key={form.name} form={form} />
            ))}
          </section>
        )}
      </main>
    </div>
  );
}

function CallDetails({ call }: { call: Call }) {
  return (
    <details class="api-call" data-testid={`api-${call.id}`}>
      <summary class="api-head">
        <code class="api-method">{call.method}</code> <code>{call.path}</code>
        <span class="api-head-lead muted">{call.summary}</span>
      </summary>
      {call.more && <p>{call.more}</p>}
      <dl>
        {call.scope && (
          <>
            <dt>
              <code>Authorization</code>
            </dt>
            <dd>
              {t.developers.key} <code>{call.scope}</code>
            </dd>
          </>
        )}
        {call.takesSecret && (
          <>
            <dt>
              <code>Authorization</code>
            </dt>
            <dd>{t.developers.secret}</dd>
          </>
        )}
        {call.parameters.map((parameter) => (
          <Row key={parameter.name} name={parameter.name} form={parameter.form + (parameter.required ? '' : '?')} />
        ))}
        {call.body && <Row name={t.developers.body} form={call.body} />}
        {call.answers.map((answer) => (
          <Row key={answer.status} name={answer.status} form={answer.form ?? answer.refusals ?? ''} />
        ))}
      </dl>
    </details>
  );
}

function FormDetails({ form }: { form: Form }) {
  return (
    <details class="api-call" data-testid={`form-${form.name}`}>
      <summary class="api-head">
        <code>{form.name}</code>
      </summary>
      {form.description && <p>{form.description}</p>}
      {form.words.length > 0 && (
        <p>
          <code>{form.words.join(' | ')}</code>
        </p>
      )}
      <dl>
        {form.fields.map((field) => (
          <Row key={field.name} name={field.name} form={field.form} more={field.description} />
        ))}
      </dl>
    </details>
  );
}

function Row({ name, form, more }: { name: string; form: string; more?: string }) {
  return (
    <>
      <dt>
        <code>{name}</code>
      </dt>
      <dd>
        <code>{form}</code>
        {more && <span class="muted"> {more}</span>}
      </dd>
    </>
  );
}
