import { useEffect, useState } from 'preact/hooks';
import { admin, type Webhook, type WebhookDelivery, type WebhookEvent, webhookEvents } from '../../signalling/admin';
import { t } from '../../strings';
import { ErrorMessage, Field, Scrolling, Switch } from '../controls';
import { moment } from '../text';
import { Ask, type Question } from './ask';
import { Choices } from './choices';
import { OnceShown } from './onceShown';
import { whyFailed } from './session';

const readEvery = 5_000;

/** Who is told of events: made here, tried, and how it went. */
export function WebhooksPart() {
  const [webhooks, setWebhooks] = useState<readonly Webhook[] | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const load = () => admin.webhooks().then(setWebhooks, (refused: unknown) => setError(whyFailed(refused)));
  const change = (work: Promise<void>) => work.then(load, (refused: unknown) => setError(whyFailed(refused)));
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), readEvery);
    return () => clearInterval(timer);
  }, []);
  const remove = ({ id, url }: Webhook) =>
    setQuestion({
      title: t.admin.webhooks.deleteTitle,
      lead: t.admin.webhooks.deleteLead(url),
      action: t.admin.records.delete,
      act: async () => {
        await admin.deleteWebhook(id);
        await load();
      },
    });
  return (
    <>
      <p class="lead">{t.admin.webhooks.lead}</p>
      {error && <ErrorMessage>{error}</ErrorMessage>}
      <NewWebhook
        onMade={(made) => {
          setSecret(made);
          void load();
        }}
      />
      {secret && <OnceShown label={t.admin.webhooks.secret} value={secret} testId="made-webhook" />}
      {webhooks?.length === 0 && <p class="muted">{t.admin.webhooks.none}</p>}
      {webhooks?.map((one) => (
        <section key={one.id} class="card" aria-label={one.url} data-testid="webhook">
          <header class="admin-head">
            <div>
              <h2 class="admin-url">{one.url}</h2>
              <p class="muted">
                {one.events.map((event) => t.admin.webhooks.events[event]).join(t.history.between)}
                {one.waiting > 0 && ` · ${t.admin.webhooks.waiting(one.waiting)}`}
              </p>
            </div>
            <div class="admin-actions">
              <Switch
                label={t.admin.webhooks.on}
                checked={!one.disabled}
                testId="webhook-on"
                onChange={(on) => void change(admin.disableWebhook(one.id, !on))}
              />
              <button
                type="button"
                class="button plain small"
                data-testid="webhook-test"
                onClick={() => void change(admin.testWebhook(one.id))}
              >
                {t.admin.webhooks.test}
              </button>
              <button
                type="button"
                class="button danger-quiet small"
                data-testid="webhook-delete"
                onClick={() => remove(one)}
              >
                {t.admin.records.delete}
              </button>
            </div>
          </header>
          <Deliveries webhook={one.id} />
        </section>
      ))}
      {question && <Ask question={question} onClose={() => setQuestion(null)} />}
    </>
  );
}

function NewWebhook({ onMade }: { onMade(secret: string): void }) {
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<readonly WebhookEvent[]>(webhookEvents);
  const [error, setError] = useState<string | null>(null);
  const make = async (event: Event) => {
    event.preventDefault();
    try {
      const { secret } = await admin.createWebhook(url, events);
      setUrl('');
      setError(null);
      onMade(secret);
    } catch (refused) {
      setError(whyFailed(refused));
    }
  };
  return (
    <form class="card stack" onSubmit={make}>
      <h2>{t.admin.webhooks.new}</h2>
      <Field label={t.admin.webhooks.url} error={error}>
        {(id) => (
          <input
            id={id}
            class="input"
            type="url"
            data-testid="webhook-url"
            value={url}
            required
            placeholder="https://example.org/parley"
            autocomplete="off"
            onInput={(event) => setUrl(event.currentTarget.value)}
          />
        )}
      </Field>
      <Choices
        legend={t.admin.webhooks.tells}
        all={webhookEvents}
        words={t.admin.webhooks.events}
        chosen={events}
        onChoose={setEvents}
        testId="event"
      />
      <button type="submit" class="button primary" data-testid="create-webhook" disabled={!url || !events.length}>
        {t.admin.webhooks.create}
      </button>
    </form>
  );
}

/** The newest deliveries, read again as long as they are looked at. */
function Deliveries({ webhook }: { webhook: string }) {
  const [deliveries, setDeliveries] = useState<readonly WebhookDelivery[]>([]);
  useEffect(() => {
    // What cannot be read now is read the next time.
    const read = () => admin.deliveries(webhook).then(setDeliveries, () => {});
    void read();
    const timer = setInterval(() => void read(), readEvery);
    return () => clearInterval(timer);
  }, [webhook]);
  if (!deliveries.length) {
    return <p class="muted">{t.admin.webhooks.nothing}</p>;
  }
  return (
    <Scrolling label={t.admin.webhooks.deliveries}>
      <table>
        <thead>
          <tr>
            {t.admin.webhooks.columns.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {deliveries.map((one) => (
            <tr key={one.eventId} data-testid="delivery-row" data-state={one.state}>
              <td>{moment(one.at)}</td>
              <td>
                <code>{one.type}</code>
              </td>
              <td>{t.admin.webhooks.states[one.state]}</td>
              <td>{one.attempts}</td>
              <td>{one.status ?? one.problem ?? t.connection.unknown}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}
