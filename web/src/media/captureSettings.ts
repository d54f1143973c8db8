/** What the camera is asked for. */
export interface VideoSetting {
  width: number;
  height: number;
  frameRate: number;
}

export const defaultVideo: VideoSetting = { width: 1280, height: 720, frameRate: 30 };

/** Reads `WIDTHxHEIGHT@RATE`, as in `320x180@15`; null when it is not of that form or out of range. */
export function parseVideoSetting(text: string | null | undefined): VideoSetting | null {
  const match = /^(\d{2,4})x(\d{2,4})@(\d{1,3})$/.exec(text ?? '');
  if (!match) {
    return null;
  }
  const [width, height, frameRate] = match.slice(1).map(Number) as [number, number, number];
  return width >= 16 && height >= 16 && frameRate >= 1 && frameRate <= 120 ? { width, height, frameRate } : null;
}

export function audioConstraints(deviceId: string): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(deviceId && { deviceId: { ideal: deviceId } }),
  };
}

export function videoConstraints(deviceId: string, video: VideoSetting): MediaTrackConstraints {
  return {
    width: { ideal: video.width },
    height: { ideal: video.height },
    frameRate: { ideal: video.frameRate, max: video.frameRate },
    ...(deviceId && { deviceId: { ideal: deviceId } }),
  };
}
