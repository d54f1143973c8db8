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
  mode: MeetingMode;
  modes?: ModeChange[];
  attendance: Attendance[];
  chat: ChatMessage[];
}

export interface MediaState {
  mic: boolean;
  cam: boolean;
  screen?: boolean;
}

export type MeetingMode = 'server' | 'peerToPeer';
export type ModePin = 'auto' | 'peerToPeer' | 'server';
export type ModeReason =
  | 'started'
  | 'alone'
  | 'twoPeople'
  | 'moreThanTwo'
  | 'pinned'
  | 'notAble'
  | 'away'
  | 'settling'
  | 'linkFailed';

/** Who carries the media, since when and why. */
export interface ModeState {
  mode: MeetingMode;
  pin: ModePin;
  reason: ModeReason;
  since: string;
}

export interface ModeChange {
  mode: MeetingMode;
  reason: ModeReason;
  at: string;
}

/** As RTCIceServer, but absent values may be null. */
export interface IceServer {
  urls: string[];
  username?: string | null;
  credential?: string | null;
}

export interface Abilities {
  peerToPeer: boolean;
}

export interface Participant {
  id: string;
  name: string;
  isCreator: boolean;
  media: MediaState;
  presence: 'connected' | 'reconnecting';
  joinedAt: string;
  /** Their connection to the server, whoever carries the media. */
  serverLeg?: MediaConnectionState | null;
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
  mode: ModeState;
}

export interface JoinRequest {
  meetingId: string;
  name: string;
  resumeToken?: string;
  creatorSecret?: string;
  media: MediaState;
  abilities: Abilities;
  /** The link that we still have; without it the server takes it as lost. */
  linkId?: string;
}

export interface Joined {
  participantId: string;
  resumeToken: string;
  resumed: boolean;
  isCreator: boolean;
  meeting: MeetingSnapshot;
  limits: Limits;
  iceServers: IceServer[];
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
  /** The person chose this one. */
  pinned?: boolean;
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

export type SlotLevel = 'full' | 'reduced' | 'paused';

/** How what a slot shows compares with what its size could use. */
export interface SlotQuality {
  mid: string;
  level: SlotLevel;
  reason?: 'bandwidth' | 'overload' | null;
}

/** Only the lowest so many encodings of one's own source are of use; 0 when nobody watches. */
export interface SendLayers {
  source: VideoSource;
  layers: number;
}

export type MediaConnectionState = 'connecting' | 'connected' | 'disconnected' | 'failed';

export interface MediaConnectionChanged {
  state: MediaConnectionState;
  message?: string | null;
}

/** Two participants are to connect to each other (protocol.md §6). */
export interface LinkStarted {
  linkId: string;
  peerId: string;
  /** Whether we make the offer. */
  offers: boolean;
  iceServers: IceServer[];
}

/** What one end of a link tells the other: one of description, candidate and restart. */
export interface LinkSignal {
  linkId: string;
  description?: { type: 'offer' | 'answer'; sdp: string } | null;
  candidate?: RTCIceCandidateInit | null;
  restart?: boolean;
}

export type LinkEndReason = 'released' | 'failed' | 'left' | 'replaced';

export interface LinkEnded {
  linkId: string;
  reason: LinkEndReason;
}

export type LinkReportState = 'ready' | 'released' | 'failed';

export interface LinkReport {
  linkId: string;
  state: LinkReportState;
}

export interface InMix {
  participantId: string;
  /** Of our own stream of the mix: from this one on the voice is in it. */
  rtpTimestamp: number;
}

/** One end of a selected candidate pair; the address is null where the browser does not tell it. */
export interface PathEnd {
  address: string | null;
  port: number;
  type: 'host' | 'srflx' | 'prflx' | 'relay';
  protocol: 'udp' | 'tcp';
}

/** What one's media takes: round trip in ms, loss 0–1, rates in kbit/s; without a `linkId` it is the server's. */
export interface PathReport {
  linkId?: string;
  local: PathEnd;
  remote: PathEnd;
  relayProtocol?: string;
  roundTrip?: number;
  loss?: number;
  sending?: number;
  receiving?: number;
  audioCodec?: string;
  videoCodec?: string;
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
  setMode: { args: [ModePin]; value: boolean };
  signalLink: { args: [LinkSignal]; value: boolean };
  reportLink: { args: [LinkReport]; value: boolean };
  reportPath: { args: [PathReport]; value: boolean };
}

/** Server → client: each event and its argument. */
export interface HubEvents {
  participantJoined: Participant;
  participantChanged: Participant;
  participantLeft: ParticipantLeft;
  chatAdded: ChatMessage;
  speakersChanged: SpeakersChanged;
  slotShown: SlotShown;
  slotQuality: SlotQuality;
  sendLayers: SendLayers;
  mediaState: MediaConnectionChanged;
  modeChanged: ModeState;
  linkStarted: LinkStarted;
  linkSignal: LinkSignal;
  linkEnded: LinkEnded;
  inMix: InMix;
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
  'slotQuality',
  'sendLayers',
  'mediaState',
  'modeChanged',
  'linkStarted',
  'linkSignal',
  'linkEnded',
  'inMix',
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
