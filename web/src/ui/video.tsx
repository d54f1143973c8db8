import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface VideoProps {
  stream: MediaStream;
  mirrored?: boolean;
  /** Shown whole, whatever its shape. */
  whole?: boolean;
  /** Shown until there is a first picture. */
  waiting?: ComponentChildren;
}

/** A stream that brings no frame in this time takes its place all the same, in milliseconds. */
const frameWithin = 5_000;

/**
 * Plays a stream without its sound. Pictures that stand upright are shown whole, others fill their tile. Another stream takes the
 * place with its first frame, not before: no tile goes dark at a hand-over.
 */
export function Video({ stream, mirrored = false, whole = false, waiting }: VideoProps) {
  const [shown, setShown] = useState(stream);
  const [empty, setEmpty] = useState(true);
  const streams = shown === stream ? [stream] : [shown, stream];
  return (
    <>
      {streams.map((one) => (
        <OneVideo
          key={one.id}
          stream={one}
          mirrored={mirrored}
          whole={whole}
          onLoaded={() => setEmpty(false)}
          onFrame={one === shown ? null : () => setShown(one)}
        />
      ))}
      {empty && waiting}
    </>
  );
}

interface OneVideoProps {
  stream: MediaStream;
  mirrored: boolean;
  whole: boolean;
  onLoaded(): void;
  onFrame: (() => void) | null;
}

function OneVideo({ stream, mirrored, whole, onLoaded, onFrame }: OneVideoProps) {
  const element = useRef<HTMLVideoElement>(null);
  const [upright, setUpright] = useState(false);
  const waits = useRef(onFrame);
  waits.current = onFrame;

  useEffect(() => {
    const video = element.current;
    if (!video) {
      return undefined;
    }
    video.srcObject = stream;
    // Muted video may always play; a refusal here means that the element is already gone.
    video.play().catch(() => {});
    return waits.current ? whenShown(video, () => waits.current?.()) : undefined;
  }, [stream]);

  return (
    <video
      ref={element}
      class={`video ${mirrored ? 'mirrored' : ''} ${upright || whole ? 'upright' : ''}`}
      autoplay
      playsInline
      muted
      onLoadedData={onLoaded}
      onResize={(event) => setUpright(event.currentTarget.videoHeight > event.currentTarget.videoWidth)}
    />
  );
}

/** Calls when the first frame is on the screen; a page in the background paints none, so there the decoded one counts. */
function whenShown(video: HTMLVideoElement, act: () => void): () => void {
  const painted = 'requestVideoFrameCallback' in video ? video.requestVideoFrameCallback(() => act()) : null;
  const loaded = () => (painted === null || document.hidden) && act();
  video.addEventListener('loadeddata', loaded);
  const timer = setTimeout(act, frameWithin);
  return () => {
    if (painted !== null) {
      video.cancelVideoFrameCallback(painted);
    }
    video.removeEventListener('loadeddata', loaded);
    clearTimeout(timer);
  };
}
