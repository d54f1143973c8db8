/** As much of a receiver as is read here. */
export type PlayoutSource = Pick<RTCRtpReceiver, 'getSynchronizationSources'>;

/** Looked at this often, in milliseconds. */
const lookEvery = 10;
/** Of a browser that does not say what it plays, a packet counts as played this long after it was sent. */
const playedAfter = 150;
/** A stream that does not get there by itself, because its packets were lost, is waited for no longer than this. */
const longest = 1_000;

/** Calls `reached` once what is played of a stream has come to an RTP timestamp (RFC 3550 §5.1). Gives what stops the waiting. */
export function whenPlayed(source: () => PlayoutSource | null, rtpTimestamp: number, reached: () => void): () => void {
  const began = performance.now();
  const timer = setInterval(() => {
    const played = source()?.getSynchronizationSources()[0];
    const waited = performance.now() - began;
    const there =
      played &&
      (played.rtpTimestamp === undefined ? waited >= playedAfter : isAtOrAfter(played.rtpTimestamp, rtpTimestamp));
    if (there || waited >= longest) {
      clearInterval(timer);
      reached();
    }
  }, lookEvery);
  return () => clearInterval(timer);
}

/** Timestamps wrap at 2³² (RFC 1982). */
function isAtOrAfter(one: number, other: number): boolean {
  return (one - other) >>> 0 < 0x80000000;
}
