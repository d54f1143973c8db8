/** A microphone or camera with something behind it that changes what others get. Closing leaves the device itself as it was. */
export interface FilteredTrack {
  readonly track: MediaStreamTrack;
  close(): void;
}
