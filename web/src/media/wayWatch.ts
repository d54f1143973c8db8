/** How somebody's leg to the server is; null before their first offer. */
export type ServerLeg = 'connecting' | 'connected' | 'disconnected' | 'failed' | null | undefined;

/** A leg that is being made for longer than this does not come about by itself, in milliseconds. */
const longestConnecting = 6_000;

/** Judges somebody's way to the server from the states of their leg: while one attempt follows another it is broken too. */
export class WayWatch {
  #broken = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #tell: (broken: boolean) => void;

  constructor(tell: (broken: boolean) => void) {
    this.#tell = tell;
  }

  /** `leg` is undefined when there is nobody. */
  see(leg: ServerLeg): void {
    if (leg === undefined || leg === null || leg === 'connected') {
      this.#become(false);
    } else if (leg !== 'connecting') {
      this.#become(true);
    } else if (!this.#broken) {
      this.#timer ??= setTimeout(() => this.#become(true), longestConnecting);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #become(broken: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (broken !== this.#broken) {
      this.#broken = broken;
      this.#tell(broken);
    }
  }
}
