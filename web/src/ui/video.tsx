import { useEffect, useRef, useState } from 'preact/hooks';

interface VideoProps {
  stream: MediaStream;
  mirrored?: boolean;
}

/** Plays a stream without its sound. Pictures that stand upright are shown whole, others fill their tile. */
export function Video({ stream, mirrored = false }: VideoProps) {
  const element = useRef<HTMLVideoElement>(null);
  const [upright, setUpright] = useState(false);

  useEffect(() => {
    const video = element.current;
    if (video && video.srcObject !== stream) {
      video.srcObject = stream;
      // Muted video may always play; a refusal here means that the element is already gone.
      video.play().catch(() => {});
    }
  }, [stream]);

  return (
    <video
      ref={element}
      class={`video ${mirrored ? 'mirrored' : ''} ${upright ? 'upright' : ''}`}
      autoplay
      playsInline
      muted
      onResize={(event) => setUpright(event.currentTarget.videoHeight > event.currentTarget.videoWidth)}
    />
  );
}
