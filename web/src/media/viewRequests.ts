import { type Assignment, assignSlots } from './slotAssignment';

/** One slot of a view, as `setView` of protocol.md wants it. */
export interface ViewEntry {
  mid: string;
  participantId: string;
  source: 'camera' | 'screen';
  width: number;
  height: number;
  pinned: boolean;
}

/** One picture of one participant, as large as it is drawn, in device pixels. */
export type Wanted = Omit<ViewEntry, 'mid'>;

/** A picture as one text: what a slot is assigned to. */
export function pictureKey(participantId: string, source: 'camera' | 'screen'): string {
  return `${source}/${participantId}`;
}

/** A view is sent this long after the last change, in milliseconds, and again this long after a refusal. */
const after = 120;
const againAfter = 1_000;

/** Tells the server which pictures we want in our slots: once per change, and again when it was refused. */
export class ViewRequests {
  #assignment: Assignment = new Map();
  #wantedView: ViewEntry[] | null = null;
  #sent = '';
  /** The view that is sent when the timer rings. */
  #waiting = '';
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
    this.#waiting = '';
  }

  /** Which picture each slot is to carry. */
  get assignment(): Assignment {
    return this.#assignment;
  }

  /** From now on these pictures, the most wanted first. */
  want(mids: readonly string[], wanted: readonly Wanted[]): void {
    const byKey = new Map(wanted.map((one) => [pictureKey(one.participantId, one.source), one]));
    this.#assignment = assignSlots(mids, [...byKey.keys()], this.#assignment);
    this.#wantedView = [...this.#assignment].flatMap(([mid, key]) => {
      const one = byKey.get(key);
      return one ? [{ mid, ...one }] : [];
    });
    const text = JSON.stringify(this.#wantedView);
    if (text === this.#sent) {
      this.stop();
    } else if (text !== this.#waiting) {
      // The same view again is no change: whoever asks for it all the time would never be heard.
      this.#waiting = text;
      this.#schedule(after);
    }
  }

  stop(): void {
    this.#waiting = '';
    clearTimeout(this.#timer);
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#sendNow(), wait);
  }

  async #sendNow(): Promise<void> {
    const view = this.#wantedView ?? [];
    const text = JSON.stringify(view);
    this.#waiting = '';
    this.#sent = text;
    if (!(await this.#send(view)) && this.#sent === text) {
      this.#sent = '';
      this.#waiting = text;
      this.#schedule(againAfter);
    }
  }
}
