import wasmUrl from '@jitsi/rnnoise-wasm/dist/rnnoise.wasm?url';
import type { FilteredTrack } from '../filteredTrack';
import workletUrl from './denoiser.worklet?worker&url';

const sampleRate = 48_000;
/** A filter that is not there by then is done without, in milliseconds. */
const patience = 10_000;

/** Puts RNNoise behind a microphone; rejects where the browser does not let it run. About 20 ms later than the microphone itself. */
export async function filterNoise(microphone: MediaStreamTrack): Promise<FilteredTrack> {
  const context = new AudioContext({ sampleRate, latencyHint: 'interactive' });
  const close = () => void context.close().catch(() => {});
  try {
    const [wasm] = await Promise.all([bytesOf(wasmUrl), context.audioWorklet.addModule(workletUrl)]);
    const source = context.createMediaStreamSource(new MediaStream([microphone]));
    const denoiser = new AudioWorkletNode(context, 'denoiser', {
      channelCount: 1,
      channelCountMode: 'explicit',
      outputChannelCount: [1],
      processorOptions: wasm,
    });
    const destination = context.createMediaStreamDestination();
    destination.channelCount = 1;
    source.connect(denoiser).connect(destination);
    await context.resume();
    await ready(denoiser);
    const [track] = destination.stream.getAudioTracks();
    if (!track) {
      throw new Error('No track.');
    }
    return {
      track,
      close: () => {
        track.stop();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function bytesOf(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patience) });
  if (!response.ok) {
    throw new Error(`No ${url}`);
  }
  return response.arrayBuffer();
}

/** An exception in the worklet's constructor is only told as an event. */
function ready(node: AudioWorkletNode): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The filter does not start.')), patience);
    const end = (done: () => void) => () => {
      clearTimeout(timer);
      done();
    };
    node.port.onmessage = end(resolve);
    node.onprocessorerror = end(() => reject(new Error('The filter failed.')));
  });
}
