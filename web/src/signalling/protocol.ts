// The messages of docs/protocol.md, as TypeScript types. Times are ISO 8601 strings in UTC.

export interface ProtocolError {
  code: string;
  message: string;
}

export interface Reply<T> {
  value: T | null;
  error: ProtocolError | null;
}

export interface Limits {
  nameLength: number;
  titleLength: number;
  chatLength: number;
  participantsPerMeeting: number;
  slots: number;
}

export interface MeetingSummary {
  id: string;
  title: string;
  createdBy: string;
  startedAt: string;
  participants: number;
  capacity: number;
}

export interface MeetingCreated {
  id: string;
  creatorSecret: string;
  meeting: MeetingSummary;
}

export type EndReason = 'lastLeft' | 'cancelled' | 'unused' | 'serverStopped';
export type LeaveReason = 'left' | 'connectionLost' | 'cancelled' | 'serverStopped';

export interface MeetingRecordSummary {
  id: string;
  title: string;
  createdBy: string;
  startedAt: string;
  endedAt?: string | null;
  endReason?: EndReason | null;
  participants: number;
}

export interface Attendance {
  participantId: string;
  name: string;
  joinedAt: string;
  leftAt?: string | null;
  leaveReason?: LeaveReason | null;
}

export interface MeetingRecord {
  id: string;
  title: string;
  createdBy: string;
  startedAt: string;
  endedAt?: string | null;
  endReason?: EndReason | null;
  endedBy?: string | null;
  mode: 'server' | 'peerToPeer';
  attendance: Attendance[];
  chat: ChatMessage[];
}

export interface MediaState {
  mic: boolean;
  cam: boolean;
}

export interface Participant {
  id: string;
  name: string;
  isCreator: boolean;
  media: MediaState;
  presence: 'connected' | 'reconnecting';
  joinedAt: string;
}

export interface ChatMessage {
  id: string;
  participantId: string;
  name: string;
  text: string;
  sentAt: string;
}

export interface MeetingSnapshot {
  id: string;
  title: string;
  createdBy: string;
  startedAt: string;
  participants: Participant[];
  chat: ChatMessage[];
}

export interface JoinRequest {
  meetingId: string;
  name: string;
  resumeToken?: string;
  creatorSecret?: string;
  media: MediaState;
}

export interface Joined {
  participantId: string;
  resumeToken: string;
  resumed: boolean;
  isCreator: boolean;
  meeting: MeetingSnapshot;
  limits: Limits;
}

export interface SendChat {
  clientId: string;
  text: string;
}

export interface SessionDescription {
  sdp: string;
}

export type VideoSource = 'camera' | 'screen';

export interface SlotView {
  mid: string;
  participantId: string | null;
  source: VideoSource;
  width: number;
  height: number;
}

export interface ParticipantLeft {
  participantId: string;
  reason: LeaveReason;
}

export interface SpeakersChanged {
  speaking: string[];
  dominant?: string | null;
}

export interface SlotShown {
  mid: string;
  participantId?: string | null;
  source: VideoSource;
}

export type MediaConnectionState = 'connecting' | 'connected' | 'disconnected' | 'failed';

export interface MediaConnectionChanged {
  state: MediaConnectionState;
  message?: string | null;
}

export interface MeetingEnded {
  reason: EndReason;
  by?: string | null;
  message: string;
}

/** Client → server: each method, its arguments and the value of its reply. */
export interface HubMethods {
  join: { args: [JoinRequest]; value: Joined };
  leave: { args: []; value: boolean };
  cancel: { args: [string]; value: boolean };
  sendChat: { args: [SendChat]; value: ChatMessage };
  setMedia: { args: [MediaState]; value: boolean };
  offer: { args: [SessionDescription]; value: SessionDescription };
  setView: { args: [SlotView[]]; value: boolean };
}

/** Server → client: each event and its argument. */
export interface HubEvents {
  participantJoined: Participant;
  participantChanged: Participant;
  participantLeft: ParticipantLeft;
  chatAdded: ChatMessage;
  speakersChanged: SpeakersChanged;
  slotShown: SlotShown;
  mediaState: MediaConnectionChanged;
  meetingEnded: MeetingEnded;
  superseded: undefined;
}

export const hubEventNames = [
  'participantJoined',
  'participantChanged',
  'participantLeft',
  'chatAdded',
  'speakersChanged',
  'slotShown',
  'mediaState',
  'meetingEnded',
  'superseded',
] as const satisfies readonly (keyof HubEvents)[];

/** What a server allows unless it says otherwise (GET /api/limits). */
export const defaultLimits: Limits = {
  nameLength: 60,
  titleLength: 120,
  chatLength: 5000,
  participantsPerMeeting: 50,
  slots: 8,
};
