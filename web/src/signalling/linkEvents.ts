import type { HubEvent } from './hubConnection';

/** What concerns the link between two participants (protocol.md §6): not of the state, but of the moment. */
export type LinkEvent = Extract<HubEvent, { name: 'linkStarted' | 'linkSignal' | 'linkEnded' | 'inMix' }>;

/** Keeps the events of links, in order, until there is who takes them, and while a join is not done with. */
export class LinkEvents {
  #take: ((event: LinkEvent) => void) | null = null;
  #held = false;
  readonly #waiting: LinkEvent[] = [];

  add(event: LinkEvent): void {
    this.#waiting.push(event);
    this.#giveAll();
  }

  /** Who takes them from now on; those that came before are given at once. */
  give(take: (event: LinkEvent) => void): void {
    this.#take = take;
    this.#giveAll();
  }

  /** From a join's reply until its consequences are drawn: what happens to links comes after them. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#giveAll();
  }

  #giveAll(): void {
    while (this.#take && !this.#held) {
      const event = this.#waiting.shift();
      if (!event) {
        return;
      }
      this.#take(event);
    }
  }
}
