import { hubSchedule } from '../retrySchedule';
import { connectHub, type HubConnection, type HubConnector, type HubEvent } from './hubConnection';
import { isOver, type MeetingEvent, type MeetingState, outside, reduce } from './meetingState';
import type {
  HubMethods,
  Joined,
  JoinRequest,
  LinkReport,
  LinkSignal,
  MediaState,
  ModePin,
  PathReport,
  ProtocolError,
  Reply,
  SendLayers,
  SlotView,
} from './protocol';

export interface MeetingClientOptions {
  meetingId: string;
  name: string;
  creatorSecret?: string | undefined;
  resumeToken?: string | undefined;
  connect?: HubConnector;
  random?: () => number;
}

/** What concerns the link between two participants (protocol.md §6): not of the state, but of the moment. */
export type LinkEvent = Extract<HubEvent, { name: 'linkStarted' | 'linkSignal' | 'linkEnded' | 'inMix' }>;

/** Refusals after which trying again by itself makes sense: the server may think otherwise in a moment. */
const passing = new Set(['rateLimited', 'serverFull', 'serverUnavailable', 'unreachable']);

/** Longest wait for one attempt to connect and join, in milliseconds. */
const attemptPatience = 10_000;

const lost: ProtocolError = { code: 'unreachable', message: '' };

/**
 * One person's presence in one meeting over any number of hub connections: joins, joins again when a connection is lost, and
 * keeps the state by passing every event through `reduce`.
 */
export class MeetingClient {
  /** Called after each change, with what changed it. */
  onChange: (state: MeetingState, event: MeetingEvent, before: MeetingState) => void = () => {};
  /** Called after each successful join; `again` is true when a lost connection came back. */
  onJoined: (joined: Joined, again: boolean) => void = () => {};
  /** What a join says of our devices; asked at each one. */
  media: () => MediaState = () => ({ mic: false, cam: false });
  /** Called when the server can use more or less of what we send. */
  onSendLayers: (layers: SendLayers) => void = () => {};
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
  #onLink: ((event: LinkEvent) => void) | null = null;
  #linkEvents: LinkEvent[] = [];
  /** True from a join's reply until `onJoined` was told: what happens to links comes after it. */
  #joining = false;
  readonly #options: MeetingClientOptions;

  constructor(options: MeetingClientOptions) {
    this.#options = options;
    this.#token = options.resumeToken;
  }

  get state(): MeetingState {
    return this.#state;
  }

  /** Who takes the events of links; those that came before are given at once. */
  set onLink(take: (event: LinkEvent) => void) {
    this.#onLink = take;
    this.#giveLinkEvents();
  }

  /** Joins for the first time, in one attempt. The reply says why not; `unreachable` when the server could not be reached. */
  async join(): Promise<Reply<Joined>> {
    return this.#tryJoin(false);
  }

  /** Gives the place up and closes. Never throws: if the server is away, the place ends by its grace. */
  async leave(): Promise<void> {
    const joined = this.#state.phase === 'joined';
    const hub = this.#hub;
    this.#dispatch({ type: 'left' });
    if (joined && hub) {
      await Promise.race([hub.invoke('leave').catch(() => {}), delay(1000)]);
    }
    this.#close();
  }

  /** Ends the meeting for everyone. */
  cancel(creatorSecret: string): Promise<Reply<boolean>> {
    return this.#invoke('cancel', creatorSecret);
  }

  setMedia(media: MediaState): Promise<Reply<boolean>> {
    return this.#invoke('setMedia', media);
  }

  setView(view: SlotView[]): Promise<Reply<boolean>> {
    return this.#invoke('setView', view);
  }

  offer(sdp: string): Promise<Reply<{ sdp: string }>> {
    return this.#invoke('offer', { sdp });
  }

  setMode(pin: ModePin): Promise<Reply<boolean>> {
    return this.#invoke('setMode', pin);
  }

  signalLink(signal: LinkSignal): Promise<Reply<boolean>> {
    return this.#invoke('signalLink', signal);
  }

  reportLink(report: LinkReport): Promise<Reply<boolean>> {
    return this.#invoke('reportLink', report);
  }

  reportPath(report: PathReport): Promise<Reply<boolean>> {
    return this.#invoke('reportPath', report);
  }

  /** Queues a line; it is sent now, or when the connection is back. */
  sendChat(text: string, clientId: string, queuedAt: string): void {
    this.#dispatch({ type: 'chatQueued', outgoing: { clientId, text, queuedAt, failure: null } });
    void this.#sendQueuedChat();
  }

  retryChat(clientId: string): void {
    this.#dispatch({ type: 'chatRetried', clientId });
    void this.#sendQueuedChat();
  }

  discardChat(clientId: string): void {
    this.#dispatch({ type: 'chatDiscarded', clientId });
  }

  openChat(open: boolean): void {
    this.#dispatch({ type: 'chatOpened', open });
  }

  clearSlots(): void {
    this.#dispatch({ type: 'slotsCleared' });
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
    if (!reply.value) {
      this.#close();
      return { value: null, error: reply.error ?? lost };
    }
    this.#token = reply.value.resumeToken;
    this.#attempt = 0;
    this.#joining = true;
    this.#dispatch({ type: 'joined', joined: reply.value });
    const waiting = early;
    early = null;
    for (const event of waiting) {
      this.#onEvent(event);
    }
    if (!isOver(this.#state)) {
      this.onJoined(reply.value, again);
      void this.#sendQueuedChat();
    }
    this.#joining = false;
    this.#giveLinkEvents();
    return reply;
  }

  async #openAndJoin(hub: HubConnection): Promise<Reply<Joined>> {
    await hub.open();
    const { meetingId, name, creatorSecret } = this.#options;
    const peerToPeer = typeof RTCPeerConnection !== 'undefined';
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
    return hub.invoke('join', request);
  }

  #onEvent(event: HubEvent): void {
    switch (event.name) {
      case 'participantJoined':
      case 'participantChanged':
        this.#dispatch({ type: event.name, participant: event.argument });
        break;
      case 'participantLeft':
        this.#dispatch({ type: event.name, left: event.argument });
        break;
      case 'chatAdded':
        this.#dispatch({ type: event.name, message: event.argument });
        break;
      case 'speakersChanged':
        this.#dispatch({ type: event.name, speakers: event.argument });
        break;
      case 'slotShown':
        this.#dispatch({ type: event.name, shown: event.argument });
        break;
      case 'slotQuality':
        this.#dispatch({ type: event.name, quality: event.argument });
        break;
      case 'sendLayers':
        this.onSendLayers(event.argument);
        break;
      case 'mediaState':
        this.#dispatch({ type: event.name, leg: event.argument });
        break;
      case 'modeChanged':
        this.#dispatch({ type: event.name, mode: event.argument });
        break;
      case 'linkStarted':
      case 'linkSignal':
      case 'linkEnded':
      case 'inMix':
        this.#linkEvents.push(event);
        this.#giveLinkEvents();
        break;
      case 'meetingEnded':
        this.#dispatch({ type: event.name, ended: event.argument });
        this.#close();
        break;
      case 'superseded':
        this.#dispatch({ type: event.name });
        this.#close();
        break;
    }
  }

  #giveLinkEvents(): void {
    while (this.#onLink && !this.#joining) {
      const event = this.#linkEvents.shift();
      if (!event) {
        return;
      }
      this.#onLink(event);
    }
  }

  #onClosed(generation: number): void {
    if (generation !== this.#generation || this.#state.phase !== 'joined') {
      return;
    }
    this.#generation++;
    this.#hub = null;
    this.#attempt = 0;
    this.#dispatch({ type: 'connectionLost' });
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
    if (!error || this.#state.phase !== 'reconnecting') {
      return;
    }
    if (passing.has(error.code)) {
      this.#schedule();
    } else if (error.code === 'meetingEnded') {
      this.#dispatch({ type: 'meetingEnded', ended: { reason: 'unknown', message: error.message } });
    } else {
      this.#dispatch({ type: 'refused', error });
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
        const { clientId, text } = next;
        const reply = await this.#invoke('sendChat', { clientId, text });
        if (reply.value) {
          this.#dispatch({ type: 'chatAccepted', clientId, message: reply.value });
        } else if (generation === this.#generation) {
          this.#dispatch({ type: 'chatFailed', clientId, error: reply.error ?? lost });
        }
        // Else the connection was lost meanwhile: the line waits and goes out after the rejoin, with the same clientId.
      }
    } finally {
      this.#sendingChat = false;
    }
  }

  /** A reply in every case: a call that did not reach the server is refused as `unreachable`. */
  async #invoke<M extends keyof HubMethods>(
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

  #dispatch(event: MeetingEvent): void {
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state !== before) {
      this.onChange(this.#state, event, before);
    }
  }

  #close(): void {
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
