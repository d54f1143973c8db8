import { type Assignment, assignSlots } from './slotAssignment';

/** One slot of a view, as `setView` of protocol.md wants it. */
export interface ViewEntry {
  mid: string;
  participantId: string;
  source: 'camera';
  width: number;
  height: number;
}

/** A view is sent this long after the last change, in milliseconds, and again this long after a refusal. */
const after = 120;
const againAfter = 1_000;

/** Tells the server which participants we want in our slots: once per change, and again when it was refused. */
export class ViewRequests {
  #assignment: Assignment = new Map();
  #wantedView: ViewEntry[] | null = null;
  #sent = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #send: (view: ViewEntry[]) => Promise<boolean>;

  /** `send` says whether the server took the view. */
  constructor(send: (view: ViewEntry[]) => Promise<boolean>) {
    this.#send = send;
  }

  /** A new peer has new slots: nothing is in them yet. */
  reset(): void {
    this.#assignment = new Map();
    this.repeat();
  }

  /** The server may have forgotten the view: the next `want` sends it even if it is the same. */
  repeat(): void {
    this.#sent = '';
  }

  /** From now on these participants, the most wanted first, each in this size in device pixels. */
  want(mids: readonly string[], ids: readonly string[], size: { width: number; height: number }): void {
    this.#assignment = assignSlots(mids, ids, this.#assignment);
    this.#wantedView = [...this.#assignment].map(([mid, participantId]) => ({
      mid,
      participantId,
      source: 'camera',
      ...size,
    }));
    if (JSON.stringify(this.#wantedView) !== this.#sent) {
      this.#schedule(after);
    } else {
      this.stop();
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#sendNow(), wait);
  }

  async #sendNow(): Promise<void> {
    const view = this.#wantedView ?? [];
    const text = JSON.stringify(view);
    this.#sent = text;
    if (!(await this.#send(view)) && this.#sent === text) {
      this.#sent = '';
      this.#schedule(againAfter);
    }
  }
}
