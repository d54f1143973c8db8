/** What the module of `@jitsi/rnnoise-wasm` exports, under the names that its build gave (its `rnnoise.js` lists them). */
interface Exports {
  c: WebAssembly.Memory;
  /** Static constructors; once, before anything else. */
  d(): void;
  /** `rnnoise_create(model)`: 0 is the built-in one. */
  f(model: number): number;
  /** `malloc(bytes)` */
  g(bytes: number): number;
  /** `rnnoise_process_frame(state, out, in)`: how likely it is a voice, 0 to 1. */
  j(state: number, out: number, input: number): number;
}

/** Samples that RNNoise takes at a time: 10 ms at 48 kHz. */
export const frameSize = 480;

/** RNNoise computes with samples of this size, as 16-bit ones are. */
const scale = 32768;

/** Takes noise out of a voice: RNNoise (Valin, 2018) for one stream of 48 kHz. It adds 10 ms of its own, for its windows overlap. */
export class Rnnoise {
  readonly #exports: Exports;
  readonly #state: number;
  readonly #frame: number;

  /** Throws where WebAssembly is not allowed. */
  constructor(module: WebAssembly.Module) {
    const memory = (): WebAssembly.Memory => this.#exports.c;
    const imports = {
      a: {
        // The memory it begins with is enough: it asks for more only at malloc, which is done here.
        a: () => 0,
        b: (to: number, from: number, bytes: number) =>
          new Uint8Array(memory().buffer).copyWithin(to, from, from + bytes),
      },
    };
    this.#exports = new WebAssembly.Instance(module, imports).exports as unknown as Exports;
    this.#exports.d();
    this.#state = this.#exports.f(0);
    this.#frame = this.#exports.g(frameSize * Float32Array.BYTES_PER_ELEMENT);
  }

  /** Replaces the frame by what is left of it without noise. */
  process(frame: Float32Array): void {
    const inside = new Float32Array(this.#exports.c.buffer, this.#frame, frameSize);
    for (let i = 0; i < frameSize; i++) {
      inside[i] = (frame[i] ?? 0) * scale;
    }
    this.#exports.j(this.#state, this.#frame, this.#frame);
    for (let i = 0; i < frameSize; i++) {
      frame[i] = (inside[i] ?? 0) / scale;
    }
  }
}
