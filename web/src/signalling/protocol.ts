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
  /** Bytes of a file in the chat; 0 when there are none. */
  fileSize: number;
}

export interface MeetingSummary {
  id: string;
  title: string;
  createdBy: string;
  startedAt: string;
  /** Not told to strangers of a closed meeting, as title and creator are not. */
  participants?: number | null;
  capacity: number;
  locked: boolean;
  lobby: boolean;
  /** Whether a passcode is needed. */
  passcode: boolean;
  lasting: boolean;
  notBefore?: string | null;
  expiresAt?: string | null;
  /** Nobody comes in without a join token. */
  tokenOnly?: boolean;
}

export interface CreateMeeting {
  title: string;
  createdBy: string;
  passcode?: string;
  lobby?: boolean;
  rights?: Rights;
  capacity?: number;
  notBefore?: string;
  expiresAt?: string;
  lasting?: boolean;
}

export interface MeetingCreated {
  id: string;
  creatorSecret: string;
  meeting: MeetingSummary;
}

export type EndReason = 'lastLeft' | 'cancelled' | 'unused' | 'expired' | 'serverStopped';
export type LeaveReason = 'left' | 'connectionLost' | 'removed' | 'barred' | 'cancelled' | 'expired' | 'serverStopped';

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
  /** Told to hosts only. */
  actions?: HostAction[] | null;
}

export interface MediaState {
  mic: boolean;
  cam: boolean;
  screen?: boolean;
  /** The sound of the shared screen is sent, also while the microphone is off. */
  screenAudio?: boolean;
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
  | 'restricted'
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
  role: Role;
  media: MediaState;
  presence: 'connected' | 'reconnecting';
  joinedAt: string;
  /** When the hand that is up was raised: the order of hands. */
  handRaisedAt?: string | null;
  /** Their connection to the server, whoever carries the media. */
  serverLeg?: MediaConnectionState | null;
}

export interface ChatMessage {
  id: string;
  participantId: string;
  name: string;
  /** A program wrote it, by an API key. */
  program?: boolean;
  /** Empty for a file, and once it is deleted. */
  text: string;
  sentAt: string;
  /** The only other who is told. */
  to?: ChatPerson | null;
  file?: ChatFile | null;
  reactions?: readonly ChatReaction[] | null;
  deleted?: ChatDeletion | null;
}

/** With the name they had then. */
export interface ChatPerson {
  participantId: string;
  name: string;
}

export interface ChatFile {
  id: string;
  name: string;
  type: string;
  size: number;
}

export interface ChatReaction {
  emoji: string;
  by: readonly ChatPerson[];
}

export interface ChatDeletion {
  at: string;
  by: ChatPerson;
  byHost: boolean;
}

export interface ReactToChat {
  messageId: string;
  emoji: string;
  on: boolean;
}

export interface ChatPage {
  messages: ChatMessage[];
  older: boolean;
}

export interface ChatReacted {
  messageId: string;
  emoji: string;
  by: ChatPerson;
  on: boolean;
}

export interface ChatDeleted {
  messageId: string;
  deleted: ChatDeletion;
}

/** A sign to all. */
export interface Reacted {
  participantId: string;
  emoji: string;
}

export interface MeetingSnapshot {
  id: string;
  title: string;
  createdBy: string;
  startedAt: string;
  expiresAt?: string | null;
  settings: MeetingSettings;
  participants: Participant[];
  chat: ChatMessage[];
  mode: ModeState;
  /** There are older messages than these. */
  olderChat?: boolean;
}

export interface JoinRequest {
  meetingId: string;
  name: string;
  resumeToken?: string;
  creatorSecret?: string;
  passcode?: string;
  /** A join token (docs/api.md). */
  token?: string;
  media: MediaState;
  abilities: Abilities;
  /** The link that we still have; without it the server takes it as lost. */
  linkId?: string;
}

export interface Joined {
  participantId: string;
  resumeToken: string;
  resumed: boolean;
  meeting: MeetingSnapshot;
  limits: Limits;
  iceServers: IceServer[];
  volumes?: VoiceVolume[];
}

export interface SendChat {
  clientId: string;
  text: string;
  /** Only to this participant. */
  to?: string;
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

export type Role = 'host' | 'participant' | 'listener';

/** What participants who are no hosts may do (protocol.md §7). */
export interface Rights {
  chat: boolean;
  mic: boolean;
  camera: boolean;
  screen: boolean;
  rename: boolean;
}

export interface MeetingSettings {
  rights: Rights;
  locked: boolean;
  lobby: boolean;
  /** Whether there is one. */
  passcode: boolean;
  /** A tone says that somebody joined. */
  joinTone: boolean;
}

/** How loud one hears another: 0 (not at all) to 2, 1 as they are. */
export interface VoiceVolume {
  participantId: string;
  volume: number;
}

/** What is not named stays; an empty passcode removes it. */
export interface SettingsChange {
  rights?: Rights;
  locked?: boolean;
  lobby?: boolean;
  passcode?: string;
  joinTone?: boolean;
}

export interface SetRole {
  participantId: string;
  role: Role;
}

export type MediaSource = 'microphone' | 'camera' | 'screen';

/** Without a participant all who are no hosts are meant. */
export interface SwitchOff {
  participantId?: string;
  source: MediaSource;
}

/** Without a participant oneself is meant. */
export interface Rename {
  participantId?: string;
  name: string;
}

export interface RemoveParticipant {
  participantId: string;
  mayReturn: boolean;
}

/** Without an id all who wait are meant. */
export interface KnockAnswer {
  waitingId?: string;
  admit: boolean;
}

export interface Waiting {
  id: string;
  name: string;
  since: string;
}

export interface LobbyChanged {
  waiting: Waiting[];
}

export interface SwitchedOff {
  source: MediaSource;
  by?: string | null;
}

export interface AskedToUnmute {
  by: string;
}

export interface Removed {
  by: string;
  mayReturn: boolean;
  message: string;
}

/** Out of the lobby: join again with this token. */
export interface Admitted {
  resumeToken: string;
}

export interface TurnedAway {
  message: string;
}

export type HostActionKind =
  | 'roleChanged'
  | 'hostChosen'
  | 'rightsChanged'
  | 'locked'
  | 'unlocked'
  | 'lobbyOpened'
  | 'lobbyClosed'
  | 'passcodeSet'
  | 'passcodeRemoved'
  | 'switchedOff'
  | 'askedToUnmute'
  | 'handsLowered'
  | 'renamed'
  | 'removed'
  | 'barred'
  | 'admitted'
  | 'turnedAway'
  | 'modePinned'
  | 'chatDeleted';

export interface HostAction {
  action: HostActionKind;
  at: string;
  byId?: string | null;
  by?: string | null;
  targetId?: string | null;
  target?: string | null;
  detail?: string | null;
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
  cancel: { args: [string | null]; value: boolean };
  sendChat: { args: [SendChat]; value: ChatMessage };
  deleteChat: { args: [string]; value: boolean };
  reactToChat: { args: [ReactToChat]; value: boolean };
  chatBefore: { args: [{ messageId: string; limit?: number }]; value: ChatPage };
  react: { args: [string]; value: boolean };
  setMedia: { args: [MediaState]; value: boolean };
  offer: { args: [SessionDescription]; value: SessionDescription };
  setView: { args: [SlotView[]]; value: boolean };
  setMode: { args: [ModePin]; value: boolean };
  signalLink: { args: [LinkSignal]; value: boolean };
  reportLink: { args: [LinkReport]; value: boolean };
  reportPath: { args: [PathReport]; value: boolean };
  setVolume: { args: [VoiceVolume]; value: boolean };
  setHand: { args: [boolean]; value: boolean };
  rename: { args: [Rename]; value: boolean };
  changeSettings: { args: [SettingsChange]; value: boolean };
  setRole: { args: [SetRole]; value: boolean };
  switchOff: { args: [SwitchOff]; value: boolean };
  askToUnmute: { args: [string]; value: boolean };
  lowerHands: { args: [string | null]; value: boolean };
  remove: { args: [RemoveParticipant]; value: boolean };
  answerKnock: { args: [KnockAnswer]; value: boolean };
}

/** Server → client: each event and its argument. */
export interface HubEvents {
  participantJoined: Participant;
  participantChanged: Participant;
  participantLeft: ParticipantLeft;
  chatAdded: ChatMessage;
  chatReacted: ChatReacted;
  chatDeleted: ChatDeleted;
  reacted: Reacted;
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
  settingsChanged: MeetingSettings;
  lobbyChanged: LobbyChanged;
  switchedOff: SwitchedOff;
  askedToUnmute: AskedToUnmute;
  removed: Removed;
  admitted: Admitted;
  turnedAway: TurnedAway;
  meetingEnded: MeetingEnded;
  superseded: undefined;
}

export const hubEventNames = [
  'participantJoined',
  'participantChanged',
  'participantLeft',
  'chatAdded',
  'chatReacted',
  'chatDeleted',
  'reacted',
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
  'settingsChanged',
  'lobbyChanged',
  'switchedOff',
  'askedToUnmute',
  'removed',
  'admitted',
  'turnedAway',
  'meetingEnded',
  'superseded',
] as const satisfies readonly (keyof HubEvents)[];

/** The signs that one gives to all. */
export const signs = ['👍', '👏', '❤️', '😂', '😮', '🎉'] as const;

/** Longest passcode. */
export const passcodeLength = 64;

/** What a server allows unless it says otherwise (GET /api/limits). */
export const defaultLimits: Limits = {
  nameLength: 60,
  titleLength: 120,
  chatLength: 5000,
  participantsPerMeeting: 50,
  slots: 8,
  fileSize: 25 * 1024 * 1024,
};

/** What came from people, counted by the server. */
export interface ReceivedStatistics {
  packets: number;
  bytes: number;
  lost: number;
  repaired: number;
  nacks: number;
  keyframeRequests: number;
}

/** What was sent to them. */
export interface SentStatistics {
  packets: number;
  bytes: number;
  lost: number;
  retransmissions: number;
}

export interface RtpStatistics {
  received: ReceivedStatistics;
  sent: SentStatistics;
}

/** The way down now, in kbit/s and milliseconds. */
export interface PathStatistics {
  roundTrip?: number | null;
  estimate?: number | null;
  wanted: number;
  allocated: number;
  pictures: number;
  reduced: number;
  paused: number;
}

export interface TransportStatistics {
  since: string;
  rtp: RtpStatistics;
  path: PathStatistics;
}

export interface ParticipantStatistics {
  participantId: string;
  name: string;
  transport?: TransportStatistics | null;
}

export interface MeetingStatistics {
  id: string;
  at: string;
  rtp: RtpStatistics;
  participants: ParticipantStatistics[];
}
