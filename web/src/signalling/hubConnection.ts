import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { type HubEvents, type HubMethods, hubEventNames, type Reply } from './protocol';

export type HubEvent = { [K in keyof HubEvents]: { name: K; argument: HubEvents[K] } }[keyof HubEvents];

/** One connection to the hub: it opens once and closes once. A lost one is replaced by a new one, never revived. */
export interface HubConnection {
  open(): Promise<void>;
  close(): Promise<void>;
  invoke<M extends keyof HubMethods>(method: M, ...args: HubMethods[M]['args']): Promise<Reply<HubMethods[M]['value']>>;
}

export interface HubHandlers {
  event(event: HubEvent): void;
  /** The connection is gone: by the network, the server, or our own `close`. */
  closed(): void;
}

export type HubConnector = (handlers: HubHandlers) => HubConnection;

/** Both sides ping every 5 s; 15 s of silence is a lost connection (protocol.md §4). */
const pingEvery = 5_000;
const lostAfter = 15_000;

/** Connects by SignalR: JSON over one WebSocket, without the negotiation round trip. */
export const connectHub: HubConnector = (handlers) => {
  const connection = new HubConnectionBuilder()
    .withUrl('/hub/meeting', { transport: HttpTransportType.WebSockets, skipNegotiation: true })
    .withKeepAliveInterval(pingEvery)
    .withServerTimeout(lostAfter)
    .configureLogging(LogLevel.None)
    .build();
  for (const name of hubEventNames) {
    connection.on(name, (argument: unknown) => handlers.event({ name, argument } as HubEvent));
  }
  connection.onclose(() => handlers.closed());
  return {
    open: () => connection.start(),
    close: () => connection.stop(),
    invoke: (method, ...args) => connection.invoke(method, ...args),
  };
};
