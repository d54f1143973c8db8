import { useMemo } from 'preact/hooks';

/** The stream of one track, the same as long as the track is. */
export function useStream(track: MediaStreamTrack | null): MediaStream | null {
  return useMemo(() => (track ? new MediaStream([track]) : null), [track]);
}
