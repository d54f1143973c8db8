import { describe, expect, it } from 'vitest';
import { putTrack, type TrackSender } from '../../src/media/putTrack';

const one = { id: 'one' } as MediaStreamTrack;
const other = { id: 'other' } as MediaStreamTrack;

class FakeSender {
  track: MediaStreamTrack | null = null;
  encodings: RTCRtpEncodingParameters[] = [{ active: true }];
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
    this.encodings = encodings;
    this.done.push(encodings[0]?.active ? 'on' : 'off');
  }
}

const put = (sender: FakeSender, track: MediaStreamTrack | null, kind = 'video') =>
  putTrack(sender as unknown as TrackSender, track, kind);

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
    await put(sender, one, 'audio');
    await put(sender, null, 'audio');
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
});
