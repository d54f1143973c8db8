/** As much of a track as the client touches. */
export class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live';
  readonly kind: 'audio' | 'video';
  readonly label = 'Another one';
  constructor(kind: 'audio' | 'video') {
    super();
    this.kind = kind;
  }
  stop(): void {
    this.readyState = 'ended';
  }
  /** The device goes away by itself. */
  unplug(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

export class FakeStream {
  readonly tracks: FakeTrack[];
  constructor(tracks: FakeTrack[] = []) {
    this.tracks = tracks;
  }
  getAudioTracks(): FakeTrack[] {
    return this.tracks.filter((track) => track.kind === 'audio');
  }
  getVideoTracks(): FakeTrack[] {
    return this.tracks.filter((track) => track.kind === 'video');
  }
}

type Stats = Record<string, unknown> & { type: string };

const report = (entries: Stats[]) => new Map(entries.map((entry, index) => [String(index), entry]));

export class FakeReceiver {
  readonly track: FakeTrack;
  /** What getStats says of what came in. */
  inbound: Record<string, number> = {};
  constructor(kind: 'audio' | 'video') {
    this.track = new FakeTrack(kind);
  }
  async getStats(): Promise<Map<string, Stats>> {
    return report([{ type: 'inbound-rtp', ...this.inbound }]);
  }
  getSynchronizationSources(): { audioLevel: number; rtpTimestamp: number }[] {
    return [];
  }
}

interface FakeTransceiver {
  kind: string;
  direction: string;
  mid: string | null;
  sender: {
    track: unknown;
    streams: unknown[];
    setStreams(...streams: unknown[]): void;
    encodings: RTCRtpEncodingParameters[];
    replaceTrack(track: unknown): Promise<void>;
    getParameters(): { encodings: RTCRtpEncodingParameters[] };
    setParameters(parameters: { encodings: RTCRtpEncodingParameters[] }): Promise<void>;
  };
  receiver: FakeReceiver;
}

interface Init {
  direction: string;
  streams?: unknown[];
  sendEncodings?: RTCRtpEncodingParameters[];
}

/** As much of an RTCPeerConnection as the client touches; the test moves its state. */
export class FakePeerConnection {
  readonly transceivers: FakeTransceiver[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
  localDescription: { type?: string; sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;
  onsignalingstatechange: (() => void) | null = null;
  onicecandidate: ((event: { candidate: { toJSON(): object } | null }) => void) | null = null;
  readonly candidates: unknown[] = [];
  configuration: RTCConfiguration;
  closed = false;
  restarts = 0;
  /** Found while the local description is set, before whoever set it goes on. */
  eager: object[] = [];
  bytesReceived = 0;
  /** The server answers without simulcast: only the first encoding is left (RFC 8853 §5.3.2). */
  refusesSimulcast = false;
  /** As Firefox does it: bytes are counted by stream, not by transport. */
  countsStreams = false;

  constructor(configuration: RTCConfiguration = {}) {
    this.configuration = configuration;
  }

  addTransceiver(kind: 'audio' | 'video', init: Init): FakeTransceiver {
    const sender = {
      track: null as unknown,
      streams: init.streams ?? [],
      setStreams: (...streams: unknown[]) => {
        sender.streams = streams;
      },
      encodings: init.sendEncodings ?? [{}],
      replaceTrack: async (track: unknown) => {
        sender.track = track;
      },
      getParameters: () => ({ encodings: sender.encodings.map((encoding) => ({ ...encoding })) }),
      setParameters: async ({ encodings }: { encodings: RTCRtpEncodingParameters[] }) => {
        sender.encodings = encodings;
      },
    };
    const transceiver = { kind, direction: init.direction, mid: null, sender, receiver: new FakeReceiver(kind) };
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  restartIce(): void {
    this.restarts++;
  }

  async getStats(): Promise<Map<string, Stats>> {
    const type = this.countsStreams ? 'inbound-rtp' : 'transport';
    return report([{ type: 'transport' }, { type, bytesReceived: this.bytesReceived }]);
  }

  async createOffer(): Promise<{ type: string; sdp: string }> {
    return { type: 'offer', sdp: this.restarts ? `offer ${this.restarts}` : 'offer' };
  }

  async createAnswer(): Promise<{ type: string; sdp: string }> {
    return { type: 'answer', sdp: 'answer' };
  }

  async setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    if (description.type === 'rollback') {
      this.#signaling('stable');
      return;
    }
    this.localDescription = description;
    this.transceivers.forEach((transceiver, index) => {
      transceiver.mid = String(index);
    });
    for (const candidate of this.eager.splice(0)) {
      this.find(candidate);
    }
    this.#signaling(description.type === 'offer' ? 'have-local-offer' : 'stable');
  }

  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    if (description.sdp === 'bad') {
      throw new Error('Not an SDP.');
    }
    this.remoteDescription = description;
    if (description.type === 'answer') {
      this.#settleEncodings();
    }
    if (description.type === 'offer' && this.transceivers.length === 0) {
      for (const kind of ['audio', 'video', 'video'] as const) {
        this.addTransceiver(kind, { direction: 'recvonly' });
      }
    }
    this.#signaling(description.type === 'offer' ? 'have-remote-offer' : 'stable');
  }

  async addIceCandidate(candidate: unknown): Promise<void> {
    if (!this.remoteDescription) {
      throw new Error('There is no remote description.');
    }
    this.candidates.push(candidate);
  }

  /** A local candidate is found. */
  find(candidate: object): void {
    this.onicecandidate?.({ candidate: { toJSON: () => candidate } });
  }

  close(): void {
    this.closed = true;
    this.connectionState = 'closed';
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  /** As Chromium does it: the answer says of each encoding that it is not paused. */
  #settleEncodings(): void {
    for (const { sender } of this.transceivers) {
      const kept = this.refusesSimulcast ? sender.encodings.slice(0, 1) : sender.encodings;
      sender.encodings = kept.map((encoding) => ({ ...encoding, active: true }));
    }
  }

  #signaling(state: RTCSignalingState): void {
    this.signalingState = state;
    this.onsignalingstatechange?.();
  }
}
