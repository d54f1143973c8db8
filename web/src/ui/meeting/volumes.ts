import { signal } from '@preact/signals';
import type { MeetingClient } from '../../signalling/meetingClient';
import { refusalText } from '../refusalText';
import { toast } from '../toasts';

/** How long to wait for the next move of a slider before the server is asked. */
const settle = 150;

/** How loud we hear others: the server mixes for us alone while one of them speaks; on a link it is the player's volume. */
export class Volumes {
  /** By participant, 0 to 2; who is not in it is heard as they are. Ahead of the server while a slider moves. */
  readonly chosen = signal<Readonly<Record<string, number>>>({});

  readonly #client: MeetingClient;
  /** What the server has taken. */
  readonly #told = new Map<string, number>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(client: MeetingClient) {
    this.#client = client;
  }

  of(participantId: string): number {
    return this.chosen.value[participantId] ?? 1;
  }

  /** What the server remembers of us. */
  restore(volumes: readonly { participantId: string; volume: number }[]): void {
    this.#told.clear();
    for (const { participantId, volume } of volumes) {
      this.#told.set(participantId, volume);
    }
    this.chosen.value = Object.fromEntries(this.#told);
  }

  choose(participantId: string, volume: number): void {
    this.#set(participantId, volume);
    clearTimeout(this.#timers.get(participantId));
    this.#timers.set(
      participantId,
      setTimeout(() => void this.#send(participantId, volume), settle),
    );
  }

  dispose(): void {
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
  }

  async #send(participantId: string, volume: number): Promise<void> {
    const { error } = await this.#client.setVolume({ participantId, volume });
    if (!error) {
      this.#told.set(participantId, volume);
      return;
    }
    toast(refusalText(error), 'bad');
    if (this.of(participantId) === volume) {
      this.#set(participantId, this.#told.get(participantId) ?? 1);
    }
  }

  #set(participantId: string, volume: number): void {
    const { [participantId]: _, ...others } = this.chosen.value;
    this.chosen.value = volume === 1 ? others : { ...others, [participantId]: volume };
  }
}
