import { planEncodings, type Size, type VideoLine } from './encodings';

/** As much of a sender as is used here. */
export type TrackSender = Pick<RTCRtpSender, 'track' | 'replaceTrack' | 'getParameters' | 'setParameters'>;

/** What a sender is to carry. */
export interface SendWish {
  track: MediaStreamTrack | null;
  /** How a picture is encoded; absent leaves the encodings as they are. */
  video?: VideoWish;
}

export interface VideoWish {
  line: VideoLine;
  /** The size of the picture until its track says its own. */
  size: Size;
  /** The lowest so many encodings are sent. */
  layers: number;
}

/** What each sender is to carry in the end; while it is brought there, only the newest wish counts. */
const wishes = new WeakMap<TrackSender, SendWish>();

/** Puts a track into a sender or takes it out, without a new offer, and makes its encodings what the picture and its viewers need. */
export async function putTrack(sender: TrackSender, wish: SendWish): Promise<void> {
  const busy = wishes.has(sender);
  wishes.set(sender, wish);
  if (busy) {
    return;
  }
  try {
    for (let next: SendWish | null = wish; next; next = newer(sender, next)) {
      await fulfil(sender, next);
    }
  } catch {
    // The peer was closed meanwhile; the next one gets the track when it is made.
  } finally {
    wishes.delete(sender);
  }
}

/** The wish that came while this one was brought about, if any. */
function newer(sender: TrackSender, done: SendWish): SendWish | null {
  const wish = wishes.get(sender);
  return wish && wish !== done ? wish : null;
}

async function fulfil(sender: TrackSender, { track, video }: SendWish): Promise<void> {
  if (video && track) {
    await encode(sender, track, video);
  }
  if (sender.track !== track) {
    await sender.replaceTrack(track);
  }
  if (video && !track) {
    await encode(sender, track, video);
  }
}

/** Without a track nothing is active: Firefox would go on sending a black picture every second. */
async function encode(sender: TrackSender, track: MediaStreamTrack | null, video: VideoWish): Promise<void> {
  const parameters = sender.getParameters();
  const encodings = parameters.encodings ?? [];
  const plan = planEncodings(video.line, sizeOf(track) ?? video.size, encodings.length, track ? video.layers : 0);
  let changed = false;
  for (const [index, encoding] of encodings.entries()) {
    const { active, scaleResolutionDownBy, maxBitrate } = plan[index] ?? encoding;
    changed ||=
      (encoding.active ?? true) !== active ||
      (active && (encoding.scaleResolutionDownBy !== scaleResolutionDownBy || encoding.maxBitrate !== maxBitrate));
    Object.assign(encoding, { active, scaleResolutionDownBy, maxBitrate });
  }
  if (video.line === 'screen' && track && sender.track !== track) {
    // Rather fewer pictures than blurred text.
    parameters.degradationPreference = 'maintain-resolution';
    changed = true;
  }
  if (changed) {
    // A browser that refuses shows the picture as it will.
    await sender.setParameters(parameters).catch(() => {});
  }
}

function sizeOf(track: MediaStreamTrack | null): Size | null {
  const { width, height } = track?.getSettings?.() ?? {};
  return width && height ? { width, height } : null;
}
