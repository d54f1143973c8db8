import type { HubConnection, HubConnector, HubEvent, HubHandlers } from '../../src/signalling/hubConnection';
import type { HubMethods, Reply } from '../../src/signalling/protocol';

type Answer = (...args: unknown[]) => unknown;

/** One connection as a test sees it. */
export class FakeConnection implements HubConnection {
  readonly calls: [string, ...unknown[]][] = [];
  readonly handlers: HubHandlers;
  closed = false;
  readonly #hub: FakeHub;

  constructor(hub: FakeHub, handlers: HubHandlers) {
    this.#hub = hub;
    this.handlers = handlers;
  }

  async open(): Promise<void> {
    if (!this.#hub.reachable) {
      throw new Error('No route.');
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.handlers.closed();
  }

  async invoke<M extends keyof HubMethods>(
    method: M,
    ...args: HubMethods[M]['args']
  ): Promise<Reply<HubMethods[M]['value']>> {
    this.calls.push([method, ...args]);
    const answer = this.#hub.answers[method];
    return (answer ? await answer(...args) : { value: true, error: null }) as Reply<HubMethods[M]['value']>;
  }

  event(event: HubEvent): void {
    this.handlers.event(event);
  }

  /** The network takes the connection away. */
  drop(): void {
    this.handlers.closed();
  }
}

/** A hub whose answers the test gives. */
export class FakeHub {
  readonly connections: FakeConnection[] = [];
  readonly answers: Partial<Record<keyof HubMethods, Answer>> = {};
  reachable = true;

  readonly connect: HubConnector = (handlers) => {
    const connection = new FakeConnection(this, handlers);
    this.connections.push(connection);
    return connection;
  };

  get last(): FakeConnection {
    const last = this.connections.at(-1);
    if (!last) {
      throw new Error('Nobody connected.');
    }
    return last;
  }
}
