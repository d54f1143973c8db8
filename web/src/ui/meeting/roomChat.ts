import { computed, type Signal, signal } from '@preact/signals';
import { sendFile } from '../../signalling/files';
import type { MeetingClient } from '../../signalling/meetingClient';
import { isOver, type MeetingState } from '../../signalling/meetingState';
import type { ChatPerson, Participant, Reply } from '../../signalling/protocol';
import { Refusal } from '../../signalling/refusal';
import { ownRole } from '../../signalling/rights';
import { t } from '../../strings';
import { refusalText } from '../refusalText';
import { byteSize } from '../text';
import { toast } from '../toasts';

/** A file on its way, or one that did not go. */
export interface Upload {
  clientId: string;
  name: string;
  to: ChatPerson | null;
  /** 0–1. */
  done: number;
  failure: string | null;
}

/** What one does in the chat (protocol.md §8), and to whom one writes. */
export class RoomChat {
  /** Null for everyone. Who has left stays chosen, and is refused by the server: no line goes to others than was meant. */
  readonly to = signal<ChatPerson | null>(null);
  readonly uploads = signal<readonly Upload[]>([]);
  /** All others that one may write to alone; without the right to chat these are the hosts. */
  readonly others: Signal<readonly Participant[]>;
  readonly mayWriteToAll: Signal<boolean>;

  readonly #client: MeetingClient;
  readonly #state: Signal<MeetingState>;
  readonly #contents = new Map<string, { content: Blob; stop: AbortController }>();

  constructor(client: MeetingClient, state: Signal<MeetingState>) {
    this.#client = client;
    this.#state = state;
    this.mayWriteToAll = computed(() => ownRole(state.value) === 'host' || state.value.settings.rights.chat);
    this.others = computed(() => {
      const all = this.mayWriteToAll.value;
      return state.value.participants.filter((p) => p.id !== state.value.selfId && (all || p.role === 'host'));
    });
  }

  get secret(): string {
    return this.#client.token;
  }

  say(text: string): void {
    this.#client.sendChat(text, this.to.value, newClientId(), new Date().toISOString());
  }

  retry(clientId: string): void {
    this.#client.retryChat(clientId);
  }

  discard(clientId: string): void {
    this.#client.discardChat(clientId);
  }

  delete(messageId: string): void {
    void this.#say(this.#client.deleteChat(messageId));
  }

  react(messageId: string, emoji: string, on: boolean): void {
    void this.#say(this.#client.reactToChat({ messageId, emoji, on }));
  }

  sign(emoji: string): void {
    void this.#say(this.#client.react(emoji));
  }

  async readOlder(): Promise<void> {
    const reply = await this.#client.readOlderChat();
    if (reply?.error) {
      toast(refusalText(reply.error), 'bad');
    }
  }

  get mayAttach(): boolean {
    return this.mayWriteToAll.value && this.#state.value.limits.fileSize > 0;
  }

  /** Those that are too large are told at once: the server would refuse them after all the work. */
  attach(files: Iterable<File>): void {
    const limit = this.#state.value.limits.fileSize;
    for (const file of files) {
      if (file.size > limit) {
        toast(t.chat.tooLarge(file.name, byteSize(limit)), 'bad');
      } else if (this.mayAttach) {
        const clientId = newClientId();
        this.#contents.set(clientId, { content: file, stop: new AbortController() });
        const upload = { clientId, name: file.name || t.chat.pasted, to: this.to.value, done: 0, failure: null };
        this.uploads.value = [...this.uploads.value, upload];
        void this.#send(upload);
      }
    }
  }

  /** The same file under the same id: had it arrived after all, it is not there twice. */
  retryUpload(clientId: string): void {
    const upload = this.uploads.value.find((one) => one.clientId === clientId);
    if (upload) {
      this.#change(clientId, { failure: null, done: 0 });
      void this.#send(upload);
    }
  }

  cancelUpload(clientId: string): void {
    this.#contents.get(clientId)?.stop.abort();
    this.#contents.delete(clientId);
    this.uploads.value = this.uploads.value.filter((one) => one.clientId !== clientId);
  }

  close(): void {
    for (const { clientId } of this.uploads.value) {
      this.cancelUpload(clientId);
    }
  }

  async #send({ clientId, name, to }: Upload): Promise<void> {
    const held = this.#contents.get(clientId);
    if (!held || isOver(this.#state.value)) {
      return;
    }
    const { id } = this.#state.value;
    const file = {
      meetingId: id,
      token: this.secret,
      clientId,
      name,
      content: held.content,
      to: to?.participantId ?? null,
    };
    try {
      await sendFile(file, (done) => this.#change(clientId, { done }), held.stop.signal);
      this.cancelUpload(clientId);
    } catch (error) {
      this.#change(clientId, {
        failure: refusalText(error instanceof Refusal ? error : new Refusal('unreachable', '')),
      });
    }
  }

  #change(clientId: string, change: Partial<Upload>): void {
    this.uploads.value = this.uploads.value.map((one) => (one.clientId === clientId ? { ...one, ...change } : one));
  }

  async #say(call: Promise<Reply<boolean>>): Promise<void> {
    const { error } = await call;
    if (error) {
      toast(refusalText(error), 'bad');
    }
  }
}

// crypto.randomUUID is there on secure pages only; chat must work on the others too.
function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
