import { describe, expect, it } from 'vitest';
import { allLayers, planEncodings } from '../../src/media/encodings';
import { putTrack, type TrackSender } from '../../src/media/putTrack';

const one = { id: 'one' } as MediaStreamTrack;
const other = { id: 'other' } as MediaStreamTrack;

class FakeSender {
  track: MediaStreamTrack | null = null;
  encodings: RTCRtpEncodingParameters[] = planEncodings('cam', { width: 1280, height: 720 }, 1, allLayers);
  refuses = false;
  done: string[] = [];
  broken = false;

  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    await Promise.resolve();
    if (this.broken) {
      throw new Error('closed');
    }
    this.track = track;
    this.done.push(track?.id ?? 'none');
  }

  getParameters(): RTCRtpSendParameters {
    return { encodings: this.encodings.map((encoding) => ({ ...encoding })) } as RTCRtpSendParameters;
  }

  async setParameters({ encodings }: RTCRtpSendParameters): Promise<void> {
    await Promise.resolve();
    if (this.refuses) {
      throw new Error('not these');
    }
    this.encodings = encodings;
    this.done.push(encodings[0]?.active ? 'on' : 'off');
  }
}

const size = { width: 1280, height: 720 };
const put = (sender: FakeSender, track: MediaStreamTrack | null, layers = 3) =>
  putTrack(sender as unknown as TrackSender, { track, video: { line: 'cam', size, layers } });
const carry = (sender: FakeSender, track: MediaStreamTrack | null) =>
  putTrack(sender as unknown as TrackSender, { track });

describe('putTrack', () => {
  it('makes a video sender inactive when its track goes, and active before one comes', async () => {
    const sender = new FakeSender();
    await put(sender, one);
    await put(sender, null);
    await put(sender, null);
    await put(sender, other);
    expect(sender.done).toEqual(['one', 'none', 'off', 'on', 'other']);
  });

  it('leaves the encodings of a voice alone', async () => {
    const sender = new FakeSender();
    await carry(sender, one);
    await carry(sender, null);
    expect(sender.done).toEqual(['one', 'none']);
  });

  it('comes to the last of many wishes, whatever is under way', async () => {
    const sender = new FakeSender();
    await Promise.all([put(sender, one), put(sender, null), put(sender, other), put(sender, null), put(sender, one)]);
    expect(sender.track).toBe(one);
    expect(sender.encodings[0]?.active).toBe(true);
    await Promise.all([put(sender, null), put(sender, other), put(sender, null)]);
    expect(sender.track).toBe(null);
    expect(sender.encodings[0]?.active).toBe(false);
  });

  it('forgives a peer that was closed, and a sender without encodings', async () => {
    const sender = new FakeSender();
    sender.broken = true;
    await put(sender, one);
    sender.broken = false;
    sender.encodings = [];
    await put(sender, one);
    await put(sender, null);
    expect(sender.done).toEqual(['one', 'none']);
  });

  it('sends the encodings that are wanted, of the size that the picture has', async () => {
    const sender = new FakeSender();
    sender.encodings = [{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }];
    const active = () =>
      sender.encodings.map(({ rid, active, scaleResolutionDownBy }) => active && [rid, scaleResolutionDownBy]);
    await put(sender, one, 2);
    expect(active()).toEqual([['q', 4], ['h', 2], false]);
    await put(sender, one, 0);
    expect(active()).toEqual([false, false, false]);
    const small = { id: 'small', getSettings: () => ({ width: 640, height: 360 }) } as MediaStreamTrack;
    await put(sender, small, 3);
    expect(active()).toEqual([['q', 2], ['h', 1], false]);
    const calls = sender.done.length;
    await put(sender, small, 3);
    expect(sender.done).toHaveLength(calls);
  });

  it('comes to the last of many wishes for layers, with and without a track', async () => {
    const sender = new FakeSender();
    await Promise.all([put(sender, one, 3), put(sender, one, 0), put(sender, one, 1), put(sender, one, 0)]);
    expect([sender.track, sender.encodings[0]?.active]).toEqual([one, false]);
    await Promise.all([put(sender, null, 1), put(sender, null, 0), put(sender, one, 1)]);
    expect([sender.track, sender.encodings[0]?.active]).toEqual([one, true]);
  });

  it('shows a picture even where the browser refuses its encodings', async () => {
    const sender = new FakeSender();
    sender.refuses = true;
    await put(sender, one, 0);
    expect(sender.track).toBe(one);
  });
});
