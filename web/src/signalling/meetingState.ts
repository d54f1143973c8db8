import type {
  ChatMessage,
  EndReason,
  IceServer,
  Joined,
  Limits,
  MediaConnectionChanged,
  ModeState,
  Participant,
  ParticipantLeft,
  ProtocolError,
  SlotQuality,
  SlotShown,
  SpeakersChanged,
  VideoSource,
} from './protocol';
import { defaultLimits } from './protocol';

/** How this client stands to the meeting. */
export type Phase = 'outside' | 'joined' | 'reconnecting' | 'ended' | 'superseded' | 'left' | 'refused';

/** A line of our own that the server has not acknowledged yet. */
export interface OutgoingChat {
  clientId: string;
  text: string;
  queuedAt: string;
  failure: ProtocolError | null;
}

export interface ShownSource {
  participantId: string;
  source: VideoSource;
}

/** Why it ended. `unknown` when we were away as it did; the message then says it. */
export interface Ended {
  reason: EndReason | 'unknown';
  by?: string | null;
  message: string;
}

/** All that is known of the meeting. Never changed in place: `reduce` gives the next one. */
export interface MeetingState {
  phase: Phase;
  id: string;
  title: string;
  createdBy: string;
  startedAt: string;
  limits: Limits;
  selfId: string;
  /** Every participant id this client has had; more than one after a place was lost. */
  ownIds: readonly string[];
  isCreator: boolean;
  /** In order of joining. */
  participants: readonly Participant[];
  /** In order of sending, newest last. */
  chat: readonly ChatMessage[];
  outgoing: readonly OutgoingChat[];
  chatOpen: boolean;
  unread: number;
  speaking: readonly string[];
  dominant: string | null;
  /** When each participant was last heard, as a counter: a higher number is more recent. */
  heard: Readonly<Record<string, number>>;
  /** What each slot's stream is now, by mid. */
  slots: Readonly<Record<string, ShownSource>>;
  /** Which slots get less than they could use, by mid; one that is not in it gets all. */
  qualities: Readonly<Record<string, SlotQuality>>;
  leg: MediaConnectionChanged | null;
  /** Who carries the media. While the hub is away it is what was last heard. */
  mode: ModeState;
  /** Relays and STUN servers for one's own leg. */
  iceServers: readonly IceServer[];
  ended: Ended | null;
  refusal: ProtocolError | null;
}

export type MeetingEvent =
  | { type: 'joined'; joined: Joined }
  | { type: 'connectionLost' }
  | { type: 'refused'; error: ProtocolError }
  | { type: 'left' }
  | { type: 'participantJoined'; participant: Participant }
  | { type: 'participantChanged'; participant: Participant }
  | { type: 'participantLeft'; left: ParticipantLeft }
  | { type: 'chatAdded'; message: ChatMessage }
  | { type: 'chatQueued'; outgoing: OutgoingChat }
  | { type: 'chatRetried'; clientId: string }
  | { type: 'chatAccepted'; clientId: string; message: ChatMessage }
  | { type: 'chatFailed'; clientId: string; error: ProtocolError }
  | { type: 'chatDiscarded'; clientId: string }
  | { type: 'chatOpened'; open: boolean }
  | { type: 'speakersChanged'; speakers: SpeakersChanged }
  | { type: 'slotShown'; shown: SlotShown }
  | { type: 'slotQuality'; quality: SlotQuality }
  | { type: 'slotsCleared' }
  | { type: 'mediaState'; leg: MediaConnectionChanged }
  | { type: 'modeChanged'; mode: ModeState }
  | { type: 'meetingEnded'; ended: Ended }
  | { type: 'superseded' };

/** Lines of chat kept in memory; the record on the server has all of them. */
export const chatKept = 1000;

export const outside: MeetingState = {
  phase: 'outside',
  id: '',
  title: '',
  createdBy: '',
  startedAt: '',
  limits: defaultLimits,
  selfId: '',
  ownIds: [],
  isCreator: false,
  participants: [],
  chat: [],
  outgoing: [],
  chatOpen: false,
  unread: 0,
  speaking: [],
  dominant: null,
  heard: {},
  slots: {},
  qualities: {},
  leg: null,
  mode: { mode: 'server', pin: 'auto', reason: 'started', since: '' },
  iceServers: [],
  ended: null,
  refusal: null,
};

/** True once nothing more can happen in this meeting without joining again. */
export function isOver(state: MeetingState): boolean {
  return state.phase === 'ended' || state.phase === 'superseded' || state.phase === 'left' || state.phase === 'refused';
}

/** The state after an event. Events that come twice, late or out of order change nothing they should not. */
export function reduce(state: MeetingState, event: MeetingEvent): MeetingState {
  // After the end only a new join counts: a late event must not bring a closed meeting back.
  if (isOver(state) && event.type !== 'joined') {
    return state;
  }
  switch (event.type) {
    case 'joined':
      return joined(state, event.joined);
    case 'connectionLost':
      return state.phase === 'joined' ? { ...state, phase: 'reconnecting', speaking: [], dominant: null } : state;
    case 'refused':
      return { ...state, phase: 'refused', refusal: event.error };
    case 'left':
      return { ...state, phase: 'left' };
    case 'meetingEnded':
      return { ...state, phase: 'ended', ended: event.ended };
    case 'superseded':
      return { ...state, phase: 'superseded' };
    case 'participantJoined':
    case 'participantChanged':
      return { ...state, participants: withParticipant(state.participants, event.participant) };
    case 'participantLeft':
      return participantLeft(state, event.left.participantId);
    case 'speakersChanged':
      return speakersChanged(state, event.speakers);
    case 'slotShown':
      return { ...state, slots: withShown(state.slots, event.shown) };
    case 'slotQuality':
      return { ...state, qualities: withQuality(state.qualities, event.quality) };
    case 'slotsCleared':
      return { ...state, slots: {}, qualities: {} };
    case 'mediaState':
      return { ...state, leg: event.leg };
    case 'modeChanged':
      return { ...state, mode: event.mode };
    default:
      return reduceChat(state, event);
  }
}

type ChatEvent = Extract<MeetingEvent, { type: `chat${string}` }>;

function reduceChat(state: MeetingState, event: ChatEvent): MeetingState {
  switch (event.type) {
    case 'chatAdded':
      return chatAdded(state, event.message);
    case 'chatQueued':
      return { ...state, outgoing: [...state.outgoing, event.outgoing] };
    case 'chatRetried':
      return { ...state, outgoing: withFailure(state.outgoing, event.clientId, null) };
    case 'chatFailed':
      return { ...state, outgoing: withFailure(state.outgoing, event.clientId, event.error) };
    case 'chatDiscarded':
      return { ...state, outgoing: without(state.outgoing, event.clientId) };
    case 'chatAccepted':
      return {
        ...state,
        chat: withMessage(state.chat, event.message),
        outgoing: without(state.outgoing, event.clientId),
      };
    case 'chatOpened':
      return { ...state, chatOpen: event.open, unread: event.open ? 0 : state.unread };
  }
}

/** A snapshot replaces everything but what is only ours: unsent chat, who was heard, what the slots show. */
function joined(state: MeetingState, joined: Joined): MeetingState {
  const { meeting } = joined;
  const again = state.id === meeting.id;
  const own = [...new Set([...(again ? state.ownIds : []), joined.participantId])];
  const missed = again && state.phase === 'reconnecting' ? newerThan(meeting.chat, state.chat.at(-1)) : [];
  return {
    ...outside,
    phase: 'joined',
    id: meeting.id,
    title: meeting.title,
    createdBy: meeting.createdBy,
    startedAt: meeting.startedAt,
    limits: joined.limits,
    selfId: joined.participantId,
    ownIds: own,
    isCreator: joined.isCreator,
    participants: meeting.participants,
    chat: meeting.chat,
    outgoing: again ? state.outgoing : [],
    chatOpen: again && state.chatOpen,
    unread: again && !state.chatOpen ? state.unread + foreign(missed, own) : 0,
    heard: again ? state.heard : {},
    slots: again ? state.slots : {},
    qualities: again ? state.qualities : {},
    leg: again ? state.leg : null,
    // A server from before this was in the protocol says nothing of it.
    mode: meeting.mode ?? outside.mode,
    iceServers: joined.iceServers ?? [],
  };
}

function newerThan(chat: readonly ChatMessage[], last: ChatMessage | undefined): readonly ChatMessage[] {
  return last ? chat.slice(chat.findIndex((m) => m.id === last.id) + 1) : chat;
}

function foreign(chat: readonly ChatMessage[], own: readonly string[]): number {
  return chat.filter((m) => !own.includes(m.participantId)).length;
}

function participantLeft(state: MeetingState, id: string): MeetingState {
  const { [id]: _, ...heard } = state.heard;
  return {
    ...state,
    participants: state.participants.filter((p) => p.id !== id),
    speaking: state.speaking.filter((s) => s !== id),
    dominant: state.dominant === id ? null : state.dominant,
    heard,
    slots: Object.fromEntries(Object.entries(state.slots).filter(([, shown]) => shown.participantId !== id)),
  };
}

function withParticipant(all: readonly Participant[], one: Participant): readonly Participant[] {
  return all.some((p) => p.id === one.id) ? all.map((p) => (p.id === one.id ? one : p)) : [...all, one];
}

function speakersChanged(state: MeetingState, { speaking, dominant }: SpeakersChanged): MeetingState {
  const present = speaking.filter((id) => state.participants.some((p) => p.id === id));
  const now = Math.max(0, ...Object.values(state.heard)) + 1;
  const heard = { ...state.heard };
  for (const id of present) {
    heard[id] = now;
  }
  return { ...state, speaking: present, dominant: dominant ?? null, heard };
}

function withShown(slots: MeetingState['slots'], { mid, participantId, source }: SlotShown): MeetingState['slots'] {
  const { [mid]: _, ...rest } = slots;
  return participantId ? { ...rest, [mid]: { participantId, source } } : rest;
}

function withQuality(qualities: MeetingState['qualities'], quality: SlotQuality): MeetingState['qualities'] {
  const { [quality.mid]: _, ...rest } = qualities;
  return quality.level === 'full' ? rest : { ...rest, [quality.mid]: quality };
}

function chatAdded(state: MeetingState, message: ChatMessage): MeetingState {
  if (state.chat.some((m) => m.id === message.id)) {
    return state;
  }
  const own = state.ownIds.includes(message.participantId);
  // Our own line comes back as an event before the reply. Lines are sent one at a time, so it is the oldest that waits:
  // taking it away here keeps the line from showing twice for a moment.
  const sent = own ? state.outgoing.find((o) => o.failure === null) : undefined;
  return {
    ...state,
    chat: withMessage(state.chat, message),
    outgoing: sent ? without(state.outgoing, sent.clientId) : state.outgoing,
    unread: state.chatOpen || own ? state.unread : state.unread + 1,
  };
}

function withMessage(chat: readonly ChatMessage[], message: ChatMessage): readonly ChatMessage[] {
  return chat.some((m) => m.id === message.id) ? chat : [...chat, message].slice(-chatKept);
}

function without(outgoing: readonly OutgoingChat[], clientId: string): readonly OutgoingChat[] {
  return outgoing.filter((o) => o.clientId !== clientId);
}

function withFailure(
  outgoing: readonly OutgoingChat[],
  clientId: string,
  failure: ProtocolError | null,
): readonly OutgoingChat[] {
  return outgoing.map((o) => (o.clientId === clientId ? { ...o, failure } : o));
}
