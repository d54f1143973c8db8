/** As much of a sender as is used here. */
export type TrackSender = Pick<RTCRtpSender, 'track' | 'replaceTrack' | 'getParameters' | 'setParameters'>;

/** What a sender is to carry in the end; while it is brought there, only the newest wish counts. */
const wishes = new WeakMap<TrackSender, MediaStreamTrack | null>();

/**
 * Puts a track into a sender or takes it out, without a new offer. A video sender without a track is made inactive as well: Firefox
 * would go on sending a black picture every second.
 */
export async function putTrack(sender: TrackSender, track: MediaStreamTrack | null, kind: string): Promise<void> {
  const busy = wishes.has(sender);
  wishes.set(sender, track);
  if (busy) {
    return;
  }
  try {
    for (let wish = wishes.get(sender); wish !== undefined; wish = next(sender, wish)) {
      if (sender.track !== wish) {
        if (wish && kind === 'video') {
          await setActive(sender, true);
        }
        await sender.replaceTrack(wish);
        if (!wish && kind === 'video') {
          await setActive(sender, false);
        }
      }
    }
  } catch {
    // The peer was closed meanwhile; the next one gets the track when it is made.
  } finally {
    wishes.delete(sender);
  }
}

/** The wish that came while this one was brought about, if any. */
function next(sender: TrackSender, done: MediaStreamTrack | null): MediaStreamTrack | null | undefined {
  const wish = wishes.get(sender);
  return wish === done ? undefined : wish;
}

async function setActive(sender: TrackSender, active: boolean): Promise<void> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings ?? [];
  if (encoding && (encoding.active ?? true) !== active) {
    encoding.active = active;
    await sender.setParameters(parameters);
  }
}
