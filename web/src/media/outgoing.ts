/** The tracks that are sent; null sends nothing. */
export interface Outgoing {
  mic: MediaStreamTrack | null;
  cam: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
}

export const nothing: Outgoing = { mic: null, cam: null, screen: null };

/** The order of m-lines, the same on the server leg and on a link (protocol.md §5, §6). */
export const sources = ['mic', 'cam', 'screen'] as const;
