/** As much of a track as the client touches. */
export class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live';
  readonly kind: 'audio' | 'video';
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

interface FakeTransceiver {
  kind: string;
  direction: string;
  mid: string | null;
  sender: { track: unknown; replaceTrack(track: unknown): Promise<void> };
  receiver: { track: FakeTrack };
}

/** As much of an RTCPeerConnection as the client touches; the test moves its state. */
export class FakePeerConnection {
  readonly transceivers: FakeTransceiver[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;
  closed = false;

  addTransceiver(kind: 'audio' | 'video', init: { direction: string }): FakeTransceiver {
    const sender = {
      track: null as unknown,
      replaceTrack: async (track: unknown) => {
        sender.track = track;
      },
    };
    const transceiver = {
      kind,
      direction: init.direction,
      mid: null,
      sender,
      receiver: { track: new FakeTrack(kind) },
    };
    this.transceivers.push(transceiver);
    return transceiver;
  }

  async createOffer(): Promise<{ sdp: string }> {
    return { sdp: 'offer' };
  }

  async setLocalDescription(description: { sdp: string }): Promise<void> {
    this.localDescription = description;
    this.transceivers.forEach((transceiver, index) => {
      transceiver.mid = String(index);
    });
  }

  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    this.remoteDescription = description;
  }

  close(): void {
    this.closed = true;
    this.connectionState = 'closed';
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}
