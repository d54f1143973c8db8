import { hubSchedule } from '../retrySchedule';
import { connectHub, type HubConnection, type HubConnector, type HubEvent } from './hubConnection';
import { changeOf } from './hubEvents';
import { type LinkEvent, LinkEvents } from './linkEvents';
import { MeetingCalls } from './meetingCalls';
import { isOver, type MeetingEvent, type MeetingState, outside, reduce } from './meetingState';
import type {
  AskedToUnmute,
  ChatPage,
  ChatPerson,
  HubMethods,
  Joined,
  JoinRequest,
  MediaState,
  ProtocolError,
  Reacted,
  Reply,
  SendLayers,
  SwitchedOff,
} from './protocol';
import { ownPlace } from './rights';

export interface MeetingClientOptions {
  meetingId: string;
  name: string;
  creatorSecret?: string | undefined;
  resumeToken?: string | undefined;
  passcode?: string | undefined;
  token?: string | undefined;
  connect?: HubConnector;
  random?: () => number;
}

/** Refusals after which trying again by itself makes sense: the server may think otherwise in a moment. */
const passing = new Set(['rateLimited', 'serverFull', 'serverUnavailable', 'unreachable']);

/** Refusals of a rejoin that say that a host removed us meanwhile. */
const removals = new Set(['removed', 'barred']);

/** Longest wait for one attempt to connect and join, in milliseconds. */
const attemptPatience = 10_000;

const lost: ProtocolError = { code: 'unreachable', message: '' };

/**
 * One person's presence in one meeting over any number of hub connections: joins, joins again when a connection is lost, and
 * keeps the state by passing every event through `reduce`.
 */
export class MeetingClient extends MeetingCalls {
  /** Called after each change, with what changed it. */
  onChange: (state: MeetingState, event: MeetingEvent, before: MeetingState) => void = () => {};
  /** Called after each successful join; `again` is true when a lost connection came back. */
  onJoined: (joined: Joined, again: boolean) => void = () => {};
  /** What a join says of our devices; asked at each one. */
  media: () => MediaState = () => ({ mic: false, cam: false });
  /** Called when the server can use more or less of what we send. */
  onSendLayers: (layers: SendLayers) => void = () => {};
  /** Called when a host switched one of our devices off. */
  onSwitchedOff: (switched: SwitchedOff) => void = () => {};
  /** Called when a host asks us to unmute; nobody but us can. */
  onAskedToUnmute: (asked: AskedToUnmute) => void = () => {};
  /** Called when somebody gives a sign to all. */
  onReacted: (reacted: Reacted) => void = () => {};
  /** The link that a join names as still ours; asked at each one. */
  linkId: () => string | null = () => null;

  #state = outside;
  #hub: HubConnection | null = null;
  #token: string | undefined;
  /** Rises with each connection, so that what an old one still says is not believed. */
  #generation = 0;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sendingChat = false;
  /** The connection waits in the lobby. */
  #knocking = false;
  readonly #links = new LinkEvents();
  readonly #options: MeetingClientOptions;

  constructor(options: MeetingClientOptions) {
    super();
    this.#options = options;
    this.#token = options.resumeToken;
  }

  get state(): MeetingState {
    return this.#state;
  }

  /** Who takes the events of links; those that came before are given at once. */
  set onLink(take: (event: LinkEvent) => void) {
    this.#links.give(take);
  }

  /**
   * Joins for the first time, in one attempt. The reply says why not: `unreachable` when the server could not be reached, and
   * `waiting` when a host lets in: then it waits, and `onJoined` or a change of the phase says how that came out.
   */
  async join(): Promise<Reply<Joined>> {
    return this.#tryJoin(false);
  }

  /** Gives the place up and closes. Never throws: if the server is away, the place ends by its grace. */
  async leave(): Promise<void> {
    const there = this.#state.phase === 'joined' || this.#state.phase === 'waiting';
    const hub = this.#hub;
    this.dispatch({ type: 'left' });
    if (there && hub) {
      await Promise.race([hub.invoke('leave').catch(() => {}), delay(1000)]);
    }
    this.#close();
  }

  /** Queues a line; it is sent now, or when the connection is back. */
  sendChat(text: string, to: ChatPerson | null, clientId: string, queuedAt: string): void {
    this.dispatch({ type: 'chatQueued', outgoing: { clientId, text, to, queuedAt, failure: null } });
    void this.#sendQueuedChat();
  }

  retryChat(clientId: string): void {
    this.dispatch({ type: 'chatRetried', clientId });
    void this.#sendQueuedChat();
  }

  discardChat(clientId: string): void {
    this.dispatch({ type: 'chatDiscarded', clientId });
  }

  /** Asks for messages before the oldest that is there, if there are any and they are not asked for already. */
  async readOlderChat(): Promise<Reply<ChatPage> | null> {
    const { chat, olderChat, pageChanges } = this.#state;
    const oldest = chat[0];
    if (!oldest || !olderChat || pageChanges) {
      return null;
    }
    const generation = this.#generation;
    this.dispatch({ type: 'chatPageAsked' });
    const reply = await this.invoke('chatBefore', { messageId: oldest.id });
    if (generation === this.#generation) {
      this.dispatch({ type: 'chatPageCame', page: reply.value });
    }
    return reply;
  }

  /** The token by which the server knows us over HTTP. */
  get token(): string {
    return this.#token ?? '';
  }

  openChat(open: boolean): void {
    this.dispatch({ type: 'chatOpened', open });
  }

  clearSlots(): void {
    this.dispatch({ type: 'slotsCleared' });
  }

  /** Tries now instead of at the next time of the schedule: the network came back, or the person asked. */
  retryNow(): void {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      void this.#rejoin();
    }
  }

  /** Lets go of a hub connection that answers no more, and joins again at once: keep-alive would take 15 s to notice. */
  renew(): void {
    const hub = this.#hub;
    if (hub && this.#state.phase === 'joined') {
      this.#onClosed(this.#generation);
      void hub.close().catch(() => {});
    }
  }

  async #tryJoin(again: boolean): Promise<Reply<Joined>> {
    const generation = ++this.#generation;
    // Events that overtake the reply belong after the snapshot: they wait here until it is in.
    let early: HubEvent[] | null = [];
    const hub = (this.#options.connect ?? connectHub)({
      event: (event) => {
        if (generation === this.#generation) {
          early ? early.push(event) : this.#onEvent(event);
        }
      },
      closed: () => this.#onClosed(generation),
    });
    this.#hub = hub;
    let reply: Reply<Joined>;
    try {
      reply = await withPatience(this.#openAndJoin(hub));
    } catch {
      reply = { value: null, error: lost };
    }
    if (generation !== this.#generation) {
      void hub.close().catch(() => {});
      return { value: null, error: lost };
    }
    const takeEvents = () => {
      const before = early ?? [];
      early = null;
      for (const event of before) {
        this.#onEvent(event);
      }
    };
    if (reply.error?.code === 'waiting') {
      this.#attempt = 0;
      this.#knocking = true;
      this.dispatch({ type: 'knocked' });
      takeEvents();
      return { value: null, error: reply.error };
    }
    if (!reply.value) {
      this.#close();
      return { value: null, error: reply.error ?? lost };
    }
    this.#token = reply.value.resumeToken;
    this.#attempt = 0;
    this.#links.hold();
    this.dispatch({ type: 'joined', joined: reply.value });
    takeEvents();
    if (!isOver(this.#state)) {
      this.onJoined(reply.value, again);
      void this.#sendQueuedChat();
    }
    this.#links.release();
    return reply;
  }

  async #openAndJoin(hub: HubConnection): Promise<Reply<Joined>> {
    await hub.open();
    const { meetingId, creatorSecret, passcode, token } = this.#options;
    const peerToPeer = typeof RTCPeerConnection !== 'undefined';
    // Renamed meanwhile, by a host perhaps: a place that was lost is not taken up under the old name.
    const name = ownPlace(this.#state)?.name ?? this.#options.name;
    const request: JoinRequest = { meetingId, name, media: this.media(), abilities: { peerToPeer } };
    const linkId = this.linkId();
    if (linkId) {
      request.linkId = linkId;
    }
    if (this.#token) {
      request.resumeToken = this.#token;
    }
    if (creatorSecret) {
      request.creatorSecret = creatorSecret;
    }
    if (passcode) {
      request.passcode = passcode;
    }
    if (token) {
      request.token = token;
    }
    return hub.invoke('join', request);
  }

  #onEvent(event: HubEvent): void {
    const change = changeOf(event);
    if (change) {
      this.dispatch(change);
      if (isOver(this.#state)) {
        this.#close();
      }
      return;
    }
    switch (event.name) {
      case 'sendLayers':
        this.onSendLayers(event.argument);
        break;
      case 'switchedOff':
        this.onSwitchedOff(event.argument);
        break;
      case 'askedToUnmute':
        this.onAskedToUnmute(event.argument);
        break;
      case 'reacted':
        this.onReacted(event.argument);
        break;
      case 'admitted':
        // Over a connection of its own, which is tried again like any other: the place is kept for us meanwhile.
        this.#token = event.argument.resumeToken;
        this.#close();
        void this.#rejoin();
        break;
      case 'linkStarted':
      case 'linkSignal':
      case 'linkEnded':
      case 'inMix':
        this.#links.add(event);
        break;
    }
  }

  #onClosed(generation: number): void {
    if (generation !== this.#generation || (this.#state.phase !== 'joined' && !this.#knocking)) {
      return;
    }
    this.#knocking = false;
    this.#generation++;
    this.#hub = null;
    this.#attempt = 0;
    this.dispatch({ type: 'connectionLost' });
    this.#schedule();
  }

  #schedule(): void {
    const wait = hubSchedule(this.#attempt++, this.#options.random);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#rejoin();
    }, wait);
  }

  async #rejoin(): Promise<void> {
    const { error } = await this.#tryJoin(true);
    const { phase } = this.#state;
    if (!error || error.code === 'waiting' || (phase !== 'reconnecting' && phase !== 'waiting')) {
      return;
    }
    if (passing.has(error.code)) {
      this.#schedule();
    } else if (removals.has(error.code)) {
      const removed = { by: '', mayReturn: error.code === 'removed', message: error.message };
      this.dispatch({ type: 'removed', removed });
    } else if (error.code === 'meetingEnded') {
      this.dispatch({ type: 'meetingEnded', ended: { reason: 'unknown', message: error.message } });
    } else {
      this.dispatch({ type: 'refused', error });
    }
  }

  async #sendQueuedChat(): Promise<void> {
    if (this.#sendingChat) {
      return;
    }
    this.#sendingChat = true;
    try {
      for (;;) {
        const next = this.#state.outgoing.find((o) => o.failure === null);
        if (!next || this.#state.phase !== 'joined') {
          return;
        }
        const generation = this.#generation;
        const { clientId, text, to } = next;
        const reply = await this.invoke('sendChat', to ? { clientId, text, to: to.participantId } : { clientId, text });
        if (reply.value) {
          this.dispatch({ type: 'chatAccepted', clientId, message: reply.value });
        } else if (generation === this.#generation) {
          this.dispatch({ type: 'chatFailed', clientId, error: reply.error ?? lost });
        }
        // Else the connection was lost meanwhile: the line waits and goes out after the rejoin, with the same clientId.
      }
    } finally {
      this.#sendingChat = false;
    }
  }

  /** A reply in every case: a call that did not reach the server is refused as `unreachable`. */
  protected async invoke<M extends keyof HubMethods>(
    method: M,
    ...args: HubMethods[M]['args']
  ): Promise<Reply<HubMethods[M]['value']>> {
    if (!this.#hub || this.#state.phase !== 'joined') {
      return { value: null, error: lost };
    }
    try {
      return await this.#hub.invoke(method, ...args);
    } catch {
      return { value: null, error: lost };
    }
  }

  protected dispatch(event: MeetingEvent): void {
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state !== before) {
      this.onChange(this.#state, event, before);
    }
  }

  #close(): void {
    this.#knocking = false;
    this.#generation++;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const hub = this.#hub;
    this.#hub = null;
    void hub?.close().catch(() => {});
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function withPatience<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('No answer in time.')), attemptPatience);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
