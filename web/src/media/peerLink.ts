import { defaultVideo, type VideoSetting } from './captureSettings';
import { allLayers, planEncodings } from './encodings';
import { nothing, type Outgoing, sources } from './outgoing';
import { putTrack } from './putTrack';

export type LinkState =
  | 'connecting'
  | 'connected'
  /** Lost for a moment; an ICE restart is under way. */
  | 'interrupted'
  /** It did not connect, or did not come back. */
  | 'failed';

/** What one end tells the other: one of description, candidate and restart (protocol.md §6). */
export interface LinkMessage {
  description?: { type: 'offer' | 'answer'; sdp: string } | null;
  candidate?: RTCIceCandidateInit | null;
  restart?: boolean;
}

export interface PeerLinkOptions {
  /** Whether this end makes the offers. */
  offers: boolean;
  iceServers: RTCIceServer[];
  video?: VideoSetting;
  createPeerConnection?: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Brings a message to the other end; messages stay in order. */
  signal(message: LinkMessage): void;
}

/** Interrupted for longer than this, it has failed; in milliseconds. */
const patience = 5_000;
/** The server ends a link that is not ready in 5 s; this is for when the server is away just then. */
const connectWithin = 10_000;
/** Restarts are at least this far apart. */
const restartEvery = 1_000;
/** An offer without an answer for this long was lost on its way, with the hub connection that brought it. */
const answerWithin = 1_000;
/** The voice and the camera come first of the sources. */
const ofFace = 2;

/** What comes from the other end, by m-line; null until the link is described. */
export interface LinkReceivers {
  mic: RTCRtpReceiver;
  cam: RTCRtpReceiver;
  screen: RTCRtpReceiver;
}

/** One RTCPeerConnection between two participants: audio, camera and screen, each both ways. */
export class PeerLink {
  onState: (state: LinkState) => void = () => {};
  /** The streams are known: at once for who offers, with the offer for who answers. */
  onReceivers: (receivers: LinkReceivers) => void = () => {};

  readonly pc: RTCPeerConnection;
  receivers: LinkReceivers | null = null;

  #state: LinkState = 'connecting';
  #closed = false;
  #transceivers: RTCRtpTransceiver[] = [];
  #outgoing = nothing;
  /** Descriptions and candidates are taken one after the other, in the order they came. */
  #work: Promise<void> = Promise.resolve();
  /** Candidates of the other end that came before its description. */
  #early: RTCIceCandidateInit[] = [];
  /** Own candidates that were found before the description they belong to was told. */
  #held: RTCIceCandidateInit[] | null = [];
  #restartWanted = false;
  #restartedAt = Number.NEGATIVE_INFINITY;
  #offeredAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Browsers play in step what is in one stream. */
  readonly #face = new MediaStream();
  readonly #options: PeerLinkOptions;

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    const configuration: RTCConfiguration = {
      bundlePolicy: 'max-bundle',
      rtcpMuxPolicy: 'require',
      iceServers: options.iceServers,
    };
    this.pc = options.createPeerConnection?.(configuration) ?? new RTCPeerConnection(configuration);
    this.pc.onconnectionstatechange = () => this.#onConnectionState();
    this.pc.onsignalingstatechange = () => this.#onSignalingState();
    this.pc.onicecandidate = ({ candidate }) => candidate && this.#tell(candidate.toJSON());
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Who offers makes the offer now; who answers waits for it. */
  start(): void {
    this.#timer = setTimeout(() => this.#become('failed'), connectWithin);
    if (this.#options.offers) {
      const sendEncodings = planEncodings('cam', this.#options.video ?? defaultVideo, 1, allLayers);
      this.#adopt([
        this.pc.addTransceiver('audio', { direction: 'sendrecv', streams: [this.#face] }),
        this.pc.addTransceiver('video', { direction: 'sendrecv', streams: [this.#face], sendEncodings }),
        this.pc.addTransceiver('video', { direction: 'sendrecv' }),
      ]);
      this.#enqueue(() => this.#offer());
    }
  }

  /** What is sent from now on. */
  send(outgoing: Outgoing): void {
    this.#outgoing = outgoing;
    void this.#replaceTracks();
  }

  /** Takes what the other end told. */
  take({ description, candidate, restart }: LinkMessage): void {
    if (description) {
      this.#enqueue(() => this.#describe(description));
    } else if (candidate) {
      this.#enqueue(() => this.#addCandidate(candidate));
    } else if (restart && this.#options.offers) {
      // Both ends notice the same trouble: one restart answers both.
      this.restart();
    }
  }

  /** Nothing comes any more, or the network changed: new candidates and a new path, the streams go on. */
  restart(now = performance.now()): void {
    if (this.#closed || this.#state === 'failed' || now - this.#restartedAt < restartEvery) {
      return;
    }
    this.#restartedAt = now;
    if (this.#options.offers) {
      this.#restartNow();
    } else {
      this.#options.signal({ restart: true });
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.pc.close();
  }

  #restartNow(): void {
    this.#enqueue(async () => {
      const { signalingState } = this.pc;
      const lost = signalingState === 'have-local-offer' && performance.now() - this.#offeredAt >= answerWithin;
      if (signalingState !== 'stable' && !lost) {
        // The answer to the last offer is still on its way.
        this.#restartWanted = true;
        return;
      }
      this.pc.restartIce();
      await this.#offer();
    });
  }

  #onSignalingState(): void {
    if (this.#restartWanted && this.pc.signalingState === 'stable') {
      this.#restartWanted = false;
      this.#restartNow();
    }
  }

  async #offer(): Promise<void> {
    this.#held ??= [];
    this.#offeredAt = performance.now();
    await this.pc.setLocalDescription(await this.pc.createOffer());
    this.#tellDescription('offer');
  }

  async #describe(description: { type: 'offer' | 'answer'; sdp: string }): Promise<void> {
    // Only one end offers, so an offer and an offer never meet; an answer to nothing is of no use.
    const expected = this.#options.offers ? 'answer' : 'offer';
    if (description.type !== expected || (expected === 'answer' && this.pc.signalingState !== 'have-local-offer')) {
      return;
    }
    await this.pc.setRemoteDescription(description);
    if (expected === 'offer') {
      this.#held ??= [];
      await this.#answer();
    }
    for (const candidate of this.#early.splice(0)) {
      await this.#addCandidate(candidate);
    }
  }

  async #answer(): Promise<void> {
    if (!this.receivers) {
      const transceivers = this.pc.getTransceivers().slice(0, sources.length);
      for (const transceiver of transceivers) {
        transceiver.direction = 'sendrecv';
      }
      for (const { sender } of transceivers.slice(0, ofFace)) {
        // Firefox before 113 cannot.
        sender.setStreams?.(this.#face);
      }
      this.#adopt(transceivers);
    }
    await this.pc.setLocalDescription(await this.pc.createAnswer());
    this.#tellDescription('answer');
  }

  async #addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.pc.remoteDescription) {
      this.#early.push(candidate);
      return;
    }
    // One that cannot be used is one way less, no more.
    await this.pc.addIceCandidate(candidate).catch(() => {});
  }

  #tell(candidate: RTCIceCandidateInit): void {
    if (this.#held) {
      this.#held.push(candidate);
    } else if (!this.#closed) {
      this.#options.signal({ candidate });
    }
  }

  #tellDescription(type: 'offer' | 'answer'): void {
    if (this.#closed) {
      return;
    }
    this.#options.signal({ description: { type, sdp: this.pc.localDescription?.sdp ?? '' } });
    const held = this.#held ?? [];
    this.#held = null;
    for (const candidate of held) {
      this.#options.signal({ candidate });
    }
  }

  #adopt(transceivers: RTCRtpTransceiver[]): void {
    const [mic, cam, screen] = transceivers;
    if (!mic || !cam || !screen) {
      throw new Error('The offer has not the three m-lines of a link.');
    }
    this.#transceivers = transceivers;
    this.receivers = { mic: mic.receiver, cam: cam.receiver, screen: screen.receiver };
    void this.#replaceTracks();
    this.onReceivers(this.receivers);
  }

  async #replaceTracks(): Promise<void> {
    const size = this.#options.video ?? defaultVideo;
    await Promise.all(
      sources.map(async (source, index) => {
        const sender = this.#transceivers[index]?.sender;
        const track = this.#outgoing[source];
        if (sender) {
          const video = source === 'mic' ? undefined : { line: source, size, layers: allLayers };
          await putTrack(sender, { track, ...(video && { video }) });
        }
      }),
    );
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#closed) {
        return;
      }
      try {
        await work();
      } catch {
        // What the other end said cannot be used (or we were closed meanwhile): there is no link.
        this.#become('failed');
      }
    });
  }

  #onConnectionState(): void {
    switch (this.pc.connectionState) {
      case 'connected':
        clearTimeout(this.#timer);
        this.#become('connected');
        break;
      case 'disconnected':
        this.#interrupt();
        break;
      case 'failed':
        // Never connected there is nothing to restart; afterwards a restart has until the patience is over.
        this.#state === 'connecting' ? this.#become('failed') : this.#interrupt();
        break;
      case 'closed':
        this.#become('failed');
        break;
    }
  }

  #interrupt(): void {
    if (this.#state === 'connected') {
      this.#become('interrupted');
      this.#timer = setTimeout(() => this.#become('failed'), patience);
    }
    this.restart();
  }

  #become(state: LinkState): void {
    // Failed is for good: the server is told, and makes another link if it wants one.
    if (state !== this.#state && this.#state !== 'failed' && !this.#closed) {
      this.#state = state;
      this.onState(state);
    }
  }
}
