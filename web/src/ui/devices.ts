import { defaultVideo, parseVideoSetting, type VideoSetting } from '../media/captureSettings';
import { isInsecure } from '../media/deviceProblem';
import { LocalMedia, type LocalMediaOptions } from '../media/localMedia';
import type { ScreenDevices } from '../media/screenShare';
import { setting } from '../signalling/places';

const videoKey = 'video';
const choiceKeys = { mic: 'mic', cam: 'cam', speaker: 'speaker' } as const;

/** `?parley.video=320x180@15` holds for this tab; the localStorage item of the same name for all. */
export function readVideoOverride(): void {
  const given = new URLSearchParams(location.search).get(`parley.${videoKey}`);
  if (parseVideoSetting(given)) {
    setting.setOfTab(videoKey, given as string);
  }
}

export function videoSetting(): VideoSetting {
  return parseVideoSetting(setting.ofTab(videoKey)) ?? parseVideoSetting(setting.get(videoKey)) ?? defaultVideo;
}

/** Stands in for the browser's devices where it offers none because the page is not secure. */
const insecureDevices: LocalMediaOptions['devices'] = {
  getUserMedia: () => Promise.reject(new DOMException('Not a secure page.', 'InsecureContextError')),
  enumerateDevices: () => Promise.resolve([]),
};

/** Null where the browser cannot share a screen: phones, and pages that are not secure. */
export function screenDevices(): ScreenDevices | null {
  const devices = isInsecure(window) ? null : navigator.mediaDevices;
  return devices && 'getDisplayMedia' in devices ? devices : null;
}

export function openLocalMedia(): LocalMedia {
  return new LocalMedia({
    devices: isInsecure(window) ? insecureDevices : navigator.mediaDevices,
    video: videoSetting(),
    micId: setting.get(choiceKeys.mic) ?? '',
    camId: setting.get(choiceKeys.cam) ?? '',
    speakerId: setting.get(choiceKeys.speaker) ?? '',
  });
}

export function rememberChoice(kind: keyof typeof choiceKeys, deviceId: string): void {
  setting.set(choiceKeys[kind], deviceId || null);
}

/** Whether the person last joined with the device on. */
export const wantedDevices = {
  get: () => ({ mic: setting.get('joinMic') !== 'off', cam: setting.get('joinCam') !== 'off' }),
  set: (media: { mic: boolean; cam: boolean }) => {
    setting.set('joinMic', media.mic ? null : 'off');
    setting.set('joinCam', media.cam ? null : 'off');
  },
};

export const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;
