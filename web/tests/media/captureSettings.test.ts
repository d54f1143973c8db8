import { describe, expect, it } from 'vitest';
import { audioConstraints, defaultVideo, parseVideoSetting, videoConstraints } from '../../src/media/captureSettings';

describe('the video setting', () => {
  it('is read from its short form', () => {
    expect(parseVideoSetting('320x180@15')).toEqual({ width: 320, height: 180, frameRate: 15 });
  });

  it.each([
    null,
    undefined,
    '',
    '320x180',
    '320@15',
    '0x0@15',
    '99999x180@15',
    '320x180@0',
    '320x180@500',
    ' 320x180@15',
  ])('is nothing for %j', (text) => {
    expect(parseVideoSetting(text)).toBeNull();
  });
});

describe('constraints', () => {
  it('ask for a clean voice', () => {
    expect(audioConstraints('')).toEqual({ echoCancellation: true, noiseSuppression: true, autoGainControl: true });
  });

  it('prefer the chosen device without insisting, so that an unplugged one keeps nobody out', () => {
    expect(audioConstraints('m1').deviceId).toEqual({ ideal: 'm1' });
    expect(videoConstraints('c1', defaultVideo)).toEqual({
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30, max: 30 },
      deviceId: { ideal: 'c1' },
    });
  });
});
