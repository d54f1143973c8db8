import { type ConnectionFigures, readStats, type StatsReading } from './stats';

/** Reads the figures of whichever peer connection is in use; rates are between two readings of the same one. */
export class StatsReader {
  #before: StatsReading | null = null;
  #of: RTCPeerConnection | null = null;

  async read(pc: RTCPeerConnection | null): Promise<ConnectionFigures | null> {
    if (!pc) {
      return null;
    }
    const report = await pc.getStats();
    const reading = readStats([...report.values()], this.#of === pc ? this.#before : null);
    this.#before = reading;
    this.#of = pc;
    return reading.figures;
  }
}
