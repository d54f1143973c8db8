/** The size of a picture in its own pixels. */
export interface Size {
  width: number;
  height: number;
}

/** What one encoding of a picture is to be; `rid` by its place in the offer. */
export interface Encoding {
  active: boolean;
  scaleResolutionDownBy: number;
  maxBitrate: number;
}

/** The encodings of each line, the lowest first (protocol.md §5). Text is of no use at a quarter of its size. */
export const rids = { cam: ['q', 'h', 'f'], screen: ['h', 'f'] } as const;

export type VideoLine = keyof typeof rids;

/** As many as there may be: what is sent until the server says how many it can use. */
export const allLayers = 3;

/** A picture of fewer lines than this is not halved any more. */
const fewestLines = 135;
/** A shared screen changes seldom: what its bits buy is sharpness. */
const screenFrameRate = 15;
const bounds = { cam: { least: 60_000, most: 2_500_000 }, screen: { least: 200_000, most: 2_500_000 } };

/**
 * The most a picture may take, in bit/s: 150 kb/s at 180 lines, 500 at 360, 1.7 Mb/s at 720. Four times the pixels do not cost four
 * times the bits.
 */
export function maxBitrate({ width, height }: Size, line: VideoLine = 'cam'): number {
  const { least, most } = bounds[line];
  const bits = 1_700_000 * ((width * height) / (1280 * 720)) ** 0.87;
  return Math.min(most, Math.max(least, Math.round(bits / 1000) * 1000));
}

/**
 * What `count` encodings of a picture of this size are to be, the lowest first. A small picture needs only the first of them: the
 * highest that is of use has the whole picture, each one below it half the width and height. Of those the lowest `layers` are sent.
 */
export function planEncodings(line: VideoLine, size: Size, count: number, layers: number): Encoding[] {
  const lines = Math.min(size.width, size.height);
  const useful = Math.max(1, Math.min(count, 1 + Math.floor(Math.log2(lines / fewestLines))));
  return Array.from({ length: count }, (_, index) => {
    const scaleResolutionDownBy = index < useful ? 2 ** (useful - 1 - index) : 1;
    const scaled = { width: size.width / scaleResolutionDownBy, height: size.height / scaleResolutionDownBy };
    return { active: index < Math.min(useful, layers), scaleResolutionDownBy, maxBitrate: maxBitrate(scaled, line) };
  });
}

/**
 * What a line is offered with. Every encoding is active, whatever the picture will be: an offer that pauses one would be answered so.
 * Each has its temporal layers named: without that VP9 and AV1 would send spatial layers of one stream instead of simulcast.
 */
export function offeredEncodings(line: VideoLine, size: Size): RTCRtpEncodingParameters[] {
  const plan = planEncodings(line, size, rids[line].length, allLayers);
  return plan.map((encoding, index) => ({
    ...encoding,
    rid: rids[line][index] as string,
    active: true,
    scalabilityMode: 'L1T3',
    ...(line === 'screen' && { maxFramerate: screenFrameRate }),
  }));
}
