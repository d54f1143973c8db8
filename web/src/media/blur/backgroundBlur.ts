import type { FilteredTrack } from '../filteredTrack';
import { openSegmenter } from './segmenter';

/** A blur that is not there by then is done without, in milliseconds. */
const patience = 15_000;
/** Pictures a second at most: telling the person from the background takes much of a processor. */
const most = 20;
/** The background is drawn as wide as this, and large again: that is the blur, the same at every size of the picture. */
const coarseWidth = 20;

/** Puts a blur behind a camera; rejects where the browser cannot. */
export async function blurBackground(camera: MediaStreamTrack): Promise<FilteredTrack> {
  const { width = 640, height = 360 } = camera.getSettings();
  const video = await play(camera);
  const canvas = canvasOf(width, height);
  const coarse = canvasOf(coarseWidth, Math.ceil((coarseWidth * height) / width));
  const stream = canvas.captureStream(most);
  const [track] = stream.getVideoTracks();
  let closed = false;
  const close = () => {
    closed = true;
    track?.stop();
    video.srcObject = null;
  };
  try {
    const segmenter = await withPatience(openSegmenter());
    const first = new Promise<void>((resolve) => {
      segmenter.onResults(({ image, segmentationMask }) => {
        draw(canvas, coarse, image, segmentationMask);
        resolve();
      });
    });
    const step = async () => {
      const began = performance.now();
      try {
        if (!closed && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
          await segmenter.send({ image: video });
        }
      } catch {
        // The graphics may be lost for a moment: the last picture stays.
      }
      if (closed) {
        void segmenter.close();
      } else {
        setTimeout(() => void step(), Math.max(0, 1000 / most - (performance.now() - began)));
      }
    };
    void step();
    await withPatience(first);
    if (!track) {
      throw new Error('No track.');
    }
    return { track, close };
  } catch (error) {
    close();
    throw error;
  }
}

type Drawable = CanvasImageSource;

/** The person as they are, before a background that was small for a moment. */
function draw(canvas: HTMLCanvasElement, coarse: HTMLCanvasElement, image: Drawable, mask: Drawable): void {
  const [picture, small] = [canvas.getContext('2d'), coarse.getContext('2d')];
  if (!picture || !small) {
    return;
  }
  const { width, height } = canvas;
  small.drawImage(image, 0, 0, coarse.width, coarse.height);
  picture.globalCompositeOperation = 'copy';
  picture.drawImage(mask, 0, 0, width, height);
  picture.globalCompositeOperation = 'source-in';
  picture.drawImage(image, 0, 0, width, height);
  picture.globalCompositeOperation = 'destination-over';
  picture.drawImage(coarse, 0, 0, width, height);
}

function canvasOf(width: number, height: number): HTMLCanvasElement {
  return Object.assign(document.createElement('canvas'), { width, height });
}

async function play(camera: MediaStreamTrack): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([camera]);
  await video.play();
  return video;
}

function withPatience<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The blur does not start.')), patience);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
