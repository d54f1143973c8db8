import type { MeetingEvent, MeetingState } from './meetingState';
import type {
  HubMethods,
  LinkReport,
  LinkSignal,
  MediaState,
  ModePin,
  Participant,
  PathReport,
  ReactToChat,
  Rename,
  Reply,
  Role,
  SettingsChange,
  SlotView,
  SwitchOff,
  VoiceVolume,
} from './protocol';
import { raisedHands } from './rights';

/** What one who is in a meeting asks of the server (protocol.md §4), each with a reply in every case. */
export abstract class MeetingCalls {
  abstract get state(): MeetingState;

  protected abstract invoke<M extends keyof HubMethods>(
    method: M,
    ...args: HubMethods[M]['args']
  ): Promise<Reply<HubMethods[M]['value']>>;

  protected abstract dispatch(event: MeetingEvent): void;

  /** Ends the meeting for everyone; hosts only, as all of these. */
  cancel(): Promise<Reply<boolean>> {
    return this.invoke('cancel', null);
  }

  changeSettings(change: SettingsChange): Promise<Reply<boolean>> {
    return this.invoke('changeSettings', change);
  }

  setRole(participantId: string, role: Role): Promise<Reply<boolean>> {
    return this.invoke('setRole', { participantId, role });
  }

  switchOff(what: SwitchOff): Promise<Reply<boolean>> {
    return this.invoke('switchOff', what);
  }

  askToUnmute(participantId: string): Promise<Reply<boolean>> {
    return this.invoke('askToUnmute', participantId);
  }

  /** Of one, or of all. */
  lowerHands(participantId: string | null): Promise<Reply<boolean>> {
    return this.invoke('lowerHands', participantId);
  }

  remove(participantId: string, mayReturn: boolean): Promise<Reply<boolean>> {
    return this.invoke('remove', { participantId, mayReturn });
  }

  /** Of one who waits, or of all. */
  answerKnock(waitingId: string | null, admit: boolean): Promise<Reply<boolean>> {
    return this.invoke('answerKnock', waitingId === null ? { admit } : { waitingId, admit });
  }

  async setMedia(media: MediaState): Promise<Reply<boolean>> {
    return this.#taken({ media }, await this.invoke('setMedia', media));
  }

  setVolume(volume: VoiceVolume): Promise<Reply<boolean>> {
    return this.invoke('setVolume', volume);
  }

  async setHand(raised: boolean): Promise<Reply<boolean>> {
    const reply = await this.invoke('setHand', raised);
    return this.#taken({ handRaisedAt: raised ? afterAllHands(this.state) : null }, reply);
  }

  /** Oneself, or as a host another. */
  async rename({ participantId, name }: Rename): Promise<Reply<boolean>> {
    if (participantId !== undefined && participantId !== this.state.selfId) {
      return this.invoke('rename', { participantId, name });
    }
    return this.#taken({ name }, await this.invoke('rename', { name }));
  }

  deleteChat(messageId: string): Promise<Reply<boolean>> {
    return this.invoke('deleteChat', messageId);
  }

  reactToChat(reaction: ReactToChat): Promise<Reply<boolean>> {
    return this.invoke('reactToChat', reaction);
  }

  /** A sign to all. */
  react(emoji: string): Promise<Reply<boolean>> {
    return this.invoke('react', emoji);
  }

  setView(view: SlotView[]): Promise<Reply<boolean>> {
    return this.invoke('setView', view);
  }

  offer(sdp: string): Promise<Reply<{ sdp: string }>> {
    return this.invoke('offer', { sdp });
  }

  setMode(pin: ModePin): Promise<Reply<boolean>> {
    return this.invoke('setMode', pin);
  }

  signalLink(signal: LinkSignal): Promise<Reply<boolean>> {
    return this.invoke('signalLink', signal);
  }

  reportLink(report: LinkReport): Promise<Reply<boolean>> {
    return this.invoke('reportLink', report);
  }

  reportPath(report: PathReport): Promise<Reply<boolean>> {
    return this.invoke('reportPath', report);
  }

  /** Takes up what the server accepted of us: it tells the others only. */
  #taken(change: Partial<Participant>, reply: Reply<boolean>): Reply<boolean> {
    if (!reply.error) {
      this.dispatch({ type: 'selfChanged', change });
    }
    return reply;
  }
}

/** When a hand went up that was raised last: the server's clock may be another than ours. */
function afterAllHands(state: MeetingState): string {
  const last = Math.max(
    ...raisedHands(state).map(({ handRaisedAt }) => Date.parse(handRaisedAt ?? '')),
    Date.now() - 1,
  );
  return new Date(last + 1).toISOString();
}
