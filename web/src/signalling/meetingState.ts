import { type ChatEvent, type ChatState, chatOf, noChat, reduceChat } from './chatState';
import type {
  EndReason,
  IceServer,
  Joined,
  Limits,
  MediaConnectionChanged,
  MeetingSettings,
  ModeState,
  Participant,
  ParticipantLeft,
  ProtocolError,
  Removed,
  SlotQuality,
  SlotShown,
  SpeakersChanged,
  VideoSource,
  Waiting,
} from './protocol';
import { defaultLimits } from './protocol';

/** How this client stands to the meeting. */
export type Phase = 'outside' | 'waiting' | 'joined' | 'reconnecting' | Over;

/** Nothing more can happen in this meeting without joining again. */
type Over = 'ended' | 'superseded' | 'left' | 'removed' | 'turnedAway' | 'refused';

const over: ReadonlySet<Phase> = new Set<Over>(['ended', 'superseded', 'left', 'removed', 'turnedAway', 'refused']);

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
export interface MeetingState extends ChatState {
  phase: Phase;
  id: string;
  title: string;
  createdBy: string;
  startedAt: string;
  limits: Limits;
  selfId: string;
  /** Every participant id this client has had; more than one after a place was lost. */
  ownIds: readonly string[];
  settings: MeetingSettings;
  /** Who waits in the lobby, in order; told to hosts only. */
  waiting: readonly Waiting[];
  /** In order of joining. */
  participants: readonly Participant[];
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
  removed: Removed | null;
  refusal: ProtocolError | null;
}

export type MeetingEvent =
  | { type: 'joined'; joined: Joined }
  | { type: 'connectionLost' }
  | { type: 'refused'; error: ProtocolError }
  | { type: 'left' }
  | { type: 'knocked' }
  | { type: 'turnedAway' }
  | { type: 'removed'; removed: Removed }
  | { type: 'participantJoined'; participant: Participant }
  | { type: 'participantChanged'; participant: Participant }
  | { type: 'participantLeft'; left: ParticipantLeft }
  /** What we did to our own place: the server tells it to the others only. */
  | { type: 'selfChanged'; change: Partial<Participant> }
  | { type: 'settingsChanged'; settings: MeetingSettings }
  | { type: 'lobbyChanged'; waiting: readonly Waiting[] }
  | ChatEvent
  | { type: 'speakersChanged'; speakers: SpeakersChanged }
  | { type: 'slotShown'; shown: SlotShown }
  | { type: 'slotQuality'; quality: SlotQuality }
  | { type: 'slotsCleared' }
  | { type: 'mediaState'; leg: MediaConnectionChanged }
  | { type: 'modeChanged'; mode: ModeState }
  | { type: 'meetingEnded'; ended: Ended }
  | { type: 'superseded' };

export const outside: MeetingState = {
  phase: 'outside',
  id: '',
  title: '',
  createdBy: '',
  startedAt: '',
  limits: defaultLimits,
  selfId: '',
  ownIds: [],
  settings: {
    rights: { chat: true, mic: true, camera: true, screen: true, rename: true },
    locked: false,
    lobby: false,
    passcode: false,
    joinTone: false,
  },
  waiting: [],
  participants: [],
  ...noChat,
  speaking: [],
  dominant: null,
  heard: {},
  slots: {},
  qualities: {},
  leg: null,
  mode: { mode: 'server', pin: 'auto', reason: 'started', since: '' },
  iceServers: [],
  ended: null,
  removed: null,
  refusal: null,
};

/** True once nothing more can happen in this meeting without joining again. */
export function isOver(state: MeetingState): boolean {
  return over.has(state.phase);
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
    case 'knocked':
      return { ...state, phase: 'waiting' };
    case 'turnedAway':
      return { ...state, phase: 'turnedAway' };
    case 'removed':
      return { ...state, phase: 'removed', removed: event.removed };
    case 'meetingEnded':
      return { ...state, phase: 'ended', ended: event.ended };
    case 'superseded':
      return { ...state, phase: 'superseded' };
    case 'participantJoined':
    case 'participantChanged':
      return changed(state, event.participant);
    case 'participantLeft':
      return participantLeft(state, event.left.participantId);
    case 'selfChanged':
      return { ...state, participants: withChange(state.participants, state.selfId, event.change) };
    case 'settingsChanged':
      return { ...state, settings: event.settings };
    case 'lobbyChanged':
      return { ...state, waiting: event.waiting };
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

/** A snapshot replaces everything but what is only ours: unsent chat, who was heard, what the slots show. */
function joined(state: MeetingState, joined: Joined): MeetingState {
  const { meeting } = joined;
  const again = state.id === meeting.id;
  const own = [...new Set([...(again ? state.ownIds : []), joined.participantId])];
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
    settings: meeting.settings,
    participants: meeting.participants,
    ...chatOf(again ? state : null, meeting.chat, meeting.olderChat ?? false, own),
    heard: again ? state.heard : {},
    slots: again ? state.slots : {},
    qualities: again ? state.qualities : {},
    leg: again ? state.leg : null,
    // A server from before this was in the protocol says nothing of it.
    mode: meeting.mode ?? outside.mode,
    iceServers: joined.iceServers ?? [],
  };
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

function changed(state: MeetingState, one: Participant): MeetingState {
  const participants = withParticipant(state.participants, one);
  // Who is no host any more is not told who waits.
  const waiting = one.id === state.selfId && one.role !== 'host' ? [] : state.waiting;
  return { ...state, participants, waiting };
}

function withParticipant(all: readonly Participant[], one: Participant): readonly Participant[] {
  return all.some((p) => p.id === one.id) ? all.map((p) => (p.id === one.id ? one : p)) : [...all, one];
}

function withChange(all: readonly Participant[], id: string, change: Partial<Participant>): readonly Participant[] {
  return all.map((p) => (p.id === id ? { ...p, ...change } : p));
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
