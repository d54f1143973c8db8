import { signal } from '@preact/signals';
import type { MeetingClient } from '../../signalling/meetingClient';
import type { MediaSource, Reply, Rights, Role } from '../../signalling/protocol';
import { t } from '../../strings';
import { refusalText } from '../refusalText';
import { toast } from '../toasts';

/** What hosts do to the meeting and to others (protocol.md §7). The server decides; a refusal is said in a toast, unless it is given back. */
export class Hosting {
  /** A call is under way that should not be made twice. */
  readonly busy = signal(false);

  readonly #client: MeetingClient;

  constructor(client: MeetingClient) {
    this.#client = client;
  }

  switchOff(participantId: string, source: MediaSource): void {
    void this.#say(this.#client.switchOff({ participantId, source }));
  }

  muteAll(): void {
    void this.#say(this.#client.switchOff({ source: 'microphone' }), t.hosting.allMuted);
  }

  askToUnmute(participantId: string, name: string): void {
    void this.#say(this.#client.askToUnmute(participantId), t.hosting.asked(name));
  }

  setRole(participantId: string, role: Role): void {
    void this.#say(this.#client.setRole(participantId, role));
  }

  lowerHand(participantId: string): void {
    void this.#say(this.#client.lowerHands(participantId));
  }

  lowerAllHands(): void {
    void this.#say(this.#client.lowerHands(null));
  }

  lock(locked: boolean): void {
    void this.#say(this.#client.changeSettings({ locked }));
  }

  openLobby(lobby: boolean): void {
    void this.#say(this.#client.changeSettings({ lobby }));
  }

  playJoinTone(joinTone: boolean): void {
    void this.#say(this.#client.changeSettings({ joinTone }));
  }

  setRights(rights: Rights): void {
    void this.#say(this.#client.changeSettings({ rights }));
  }

  /** Of one who waits, or of all. */
  answer(waitingId: string | null, admit: boolean): void {
    void this.#say(this.#client.answerKnock(waitingId, admit));
  }

  /** An empty one removes it. Gives what stands against it. */
  setPasscode(passcode: string): Promise<string | null> {
    return this.#try(this.#client.changeSettings({ passcode }));
  }

  remove(participantId: string, mayReturn: boolean): Promise<string | null> {
    return this.#try(this.#client.remove(participantId, mayReturn));
  }

  rename(participantId: string, name: string): Promise<string | null> {
    return this.#try(this.#client.rename({ participantId, name }));
  }

  endForAll(): Promise<string | null> {
    return this.#try(this.#client.cancel());
  }

  async #try(call: Promise<Reply<boolean>>): Promise<string | null> {
    this.busy.value = true;
    const { error } = await call;
    this.busy.value = false;
    return error && refusalText(error);
  }

  async #say(call: Promise<Reply<boolean>>, done?: string): Promise<void> {
    const { error } = await call;
    if (error) {
      toast(refusalText(error), 'bad');
    } else if (done) {
      toast(done, 'good');
    }
  }
}
