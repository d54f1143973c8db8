/** Silence for this long where something should come is trouble, in milliseconds. */
const silentFor = 1_000;
/** While it stays silent the next alarm comes after this, then twice as long each time. */
const firstPause = 2_000;
const longestPause = 60_000;

/** Notices that bytes stand still on a connection whose other side should be sending: long before ICE says so. */
export class SilenceWatch {
  #bytes = -1;
  #since = 0;
  #alarmAt = 0;
  #pause = firstPause;

  /** Takes one reading, `now` in milliseconds; true when something should be done about it. */
  heard(bytes: number, expected: boolean, now: number): boolean {
    if (bytes !== this.#bytes || !expected) {
      this.#bytes = bytes;
      this.#since = now;
      this.#alarmAt = now + silentFor;
      this.#pause = firstPause;
      return false;
    }
    if (now < this.#alarmAt) {
      return false;
    }
    this.#alarmAt = now + this.#pause;
    this.#pause = Math.min(longestPause, this.#pause * 2);
    return true;
  }

  /** How long it has been silent at the last reading, in milliseconds. */
  silence(now: number): number {
    return now - this.#since;
  }

  /** Bytes that came in over a connection, by getStats. */
  static async bytesOf(pc: RTCPeerConnection): Promise<number> {
    let ofTransport: number | null = null;
    let ofStreams = 0;
    for (const entry of (await pc.getStats()).values()) {
      if (entry.type === 'transport' && typeof entry.bytesReceived === 'number') {
        ofTransport = (ofTransport ?? 0) + entry.bytesReceived;
      } else if (entry.type === 'inbound-rtp') {
        ofStreams += entry.bytesReceived ?? 0;
      }
    }
    // Firefox does not count the bytes of a transport.
    return ofTransport ?? ofStreams;
  }
}
