/** Makes frames of one size of blocks of another, and blocks again of what became of the frames: later by exactly one frame. */
export class Frames {
  readonly #work: (frame: Float32Array) => void;
  readonly #filling: Float32Array;
  readonly #done: Float32Array;
  #at = 0;

  constructor(size: number, work: (frame: Float32Array) => void) {
    this.#work = work;
    this.#filling = new Float32Array(size);
    this.#done = new Float32Array(size);
  }

  /** Takes a block and gives as many samples; `input` may be missing, which is silence. */
  pass(input: Float32Array | undefined, output: Float32Array): void {
    for (let i = 0; i < output.length; i++) {
      output[i] = this.#done[this.#at] ?? 0;
      this.#filling[this.#at] = input?.[i] ?? 0;
      if (++this.#at === this.#filling.length) {
        this.#work(this.#filling);
        this.#done.set(this.#filling);
        this.#at = 0;
      }
    }
  }
}
