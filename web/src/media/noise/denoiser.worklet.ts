import { Frames } from './frames';
import { frameSize, Rnnoise } from './rnnoise';

// The types of an AudioWorklet's global scope are not in TypeScript's library.
declare const registerProcessor: (
  name: string,
  processor: new (options: { processorOptions: ArrayBuffer }) => object,
) => void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

/** Runs RNNoise on the thread that renders sound. */
class Denoiser extends AudioWorkletProcessor {
  readonly #frames: Frames;

  constructor({ processorOptions }: { processorOptions: ArrayBuffer }) {
    super();
    const rnnoise = new Rnnoise(new WebAssembly.Module(processorOptions));
    this.#frames = new Frames(frameSize, (frame) => rnnoise.process(frame));
    // It works, and the first sound may come.
    this.port.postMessage('ready');
  }

  process([input]: Float32Array[][], [output]: Float32Array[][]): boolean {
    const samples = output?.[0];
    if (samples) {
      this.#frames.pass(input?.[0], samples);
    }
    return true;
  }
}

registerProcessor('denoiser', Denoiser);
