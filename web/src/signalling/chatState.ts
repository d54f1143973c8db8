import type { MeetingState } from './meetingState';
import type {
  ChatDeleted,
  ChatMessage,
  ChatPage,
  ChatPerson,
  ChatReacted,
  ChatReaction,
  ProtocolError,
} from './protocol';

/** A line of our own that the server has not acknowledged yet. */
export interface OutgoingChat {
  clientId: string;
  text: string;
  /** The only one who is to be told; null for everyone. */
  to: ChatPerson | null;
  queuedAt: string;
  failure: ProtocolError | null;
}

export type ChatEvent =
  | { type: 'chatAdded'; message: ChatMessage }
  | ChatChange
  | { type: 'chatQueued'; outgoing: OutgoingChat }
  | { type: 'chatRetried'; clientId: string }
  | { type: 'chatAccepted'; clientId: string; message: ChatMessage }
  | { type: 'chatFailed'; clientId: string; error: ProtocolError }
  | { type: 'chatDiscarded'; clientId: string }
  | { type: 'chatPageAsked' }
  | { type: 'chatPageCame'; page: ChatPage | null }
  | { type: 'chatOpened'; open: boolean };

/** What happens to a message that is there already. */
export type ChatChange =
  | { type: 'chatReacted'; reaction: ChatReacted }
  | { type: 'chatDeleted'; deletion: ChatDeleted };

/** What a meeting's state has of the chat. */
export interface ChatState {
  /** In order of sending, newest last. */
  chat: readonly ChatMessage[];
  /** The server has older ones. */
  olderChat: boolean;
  /** What happened to older ones while a page of them is under way: it may have been read before that. Null while none is. */
  pageChanges: readonly ChatChange[] | null;
  outgoing: readonly OutgoingChat[];
  chatOpen: boolean;
  unread: number;
}

/** Lines of chat kept in memory as new ones come; the server has all of them. */
export const chatKept = 1000;

export const noChat: ChatState = {
  chat: [],
  olderChat: false,
  pageChanges: null,
  outgoing: [],
  chatOpen: false,
  unread: 0,
};

export function reduceChat(state: MeetingState, event: ChatEvent): MeetingState {
  switch (event.type) {
    case 'chatAdded':
      return chatAdded(state, event.message);
    case 'chatReacted':
    case 'chatDeleted':
      return chatChanged(state, event);
    case 'chatQueued':
      return { ...state, outgoing: [...state.outgoing, event.outgoing] };
    case 'chatRetried':
      return { ...state, outgoing: withFailure(state.outgoing, event.clientId, null) };
    case 'chatFailed':
      return { ...state, outgoing: withFailure(state.outgoing, event.clientId, event.error) };
    case 'chatDiscarded':
      return { ...state, outgoing: without(state.outgoing, event.clientId) };
    case 'chatAccepted':
      return { ...withMessage(state, event.message), outgoing: without(state.outgoing, event.clientId) };
    case 'chatPageAsked':
      return { ...state, pageChanges: [] };
    case 'chatPageCame':
      return pageCame(state, event.page);
    case 'chatOpened':
      return { ...state, chatOpen: event.open, unread: event.open ? 0 : state.unread };
  }
}

/** The chat of a snapshot, with what is only ours. What was read of older pages is let go: it may have been deleted meanwhile. */
export function chatOf(
  before: MeetingState | null,
  chat: readonly ChatMessage[],
  olderChat: boolean,
  own: readonly string[],
): ChatState {
  if (!before) {
    return { ...noChat, chat, olderChat };
  }
  const missed = before.phase === 'reconnecting' ? newerThan(chat, before.chat.at(-1)) : [];
  return {
    chat,
    olderChat,
    pageChanges: null,
    outgoing: before.outgoing,
    chatOpen: before.chatOpen,
    unread: before.chatOpen ? 0 : before.unread + foreign(missed, own),
  };
}

function newerThan(chat: readonly ChatMessage[], last: ChatMessage | undefined): readonly ChatMessage[] {
  return last ? chat.slice(chat.findIndex((m) => m.id === last.id) + 1) : chat;
}

function foreign(chat: readonly ChatMessage[], own: readonly string[]): number {
  return chat.filter((m) => !own.includes(m.participantId)).length;
}

function chatAdded(state: MeetingState, message: ChatMessage): MeetingState {
  if (state.chat.some((m) => m.id === message.id)) {
    return state;
  }
  const own = state.ownIds.includes(message.participantId);
  // Our own line comes back as an event before the reply. Lines are sent one at a time, so it is the oldest that waits:
  // taking it away here keeps the line from showing twice for a moment. A file is none of these lines.
  const sent = own && !message.file ? state.outgoing.find((o) => o.failure === null) : undefined;
  return {
    ...withMessage(state, message),
    outgoing: sent ? without(state.outgoing, sent.clientId) : state.outgoing,
    unread: state.chatOpen || own ? state.unread : state.unread + 1,
  };
}

function withMessage(state: MeetingState, message: ChatMessage): MeetingState {
  if (state.chat.some((m) => m.id === message.id)) {
    return state;
  }
  const chat = [...state.chat, message].slice(-chatKept);
  return { ...state, chat, olderChat: state.olderChat || chat.length <= state.chat.length };
}

function chatChanged(state: MeetingState, change: ChatChange): MeetingState {
  const id = change.type === 'chatDeleted' ? change.deletion.messageId : change.reaction.messageId;
  if (state.chat.some((m) => m.id === id)) {
    return { ...state, chat: state.chat.map((m) => (m.id === id ? apply(m, change) : m)) };
  }
  return state.pageChanges ? { ...state, pageChanges: [...state.pageChanges, change] } : state;
}

function pageCame(state: MeetingState, page: ChatPage | null): MeetingState {
  // A rejoin came between: its snapshot begins anew.
  if (!state.pageChanges || !page) {
    return { ...state, pageChanges: null };
  }
  const known = new Set(state.chat.map((m) => m.id));
  const older = state.pageChanges.reduce(
    (messages, change) => messages.map((m) => apply(m, change)),
    page.messages.filter((m) => !known.has(m.id)),
  );
  return { ...state, chat: [...older, ...state.chat], olderChat: page.older, pageChanges: null };
}

function apply(message: ChatMessage, change: ChatChange): ChatMessage {
  if (change.type === 'chatDeleted') {
    const { messageId, deleted } = change.deletion;
    return message.id === messageId ? { ...message, text: '', file: null, reactions: null, deleted } : message;
  }
  const { messageId, emoji, by, on } = change.reaction;
  return message.id === messageId && !message.deleted
    ? { ...message, reactions: withReaction(message.reactions ?? [], emoji, by, on) }
    : message;
}

/** Again changes nothing. */
function withReaction(
  reactions: readonly ChatReaction[],
  emoji: string,
  by: ChatPerson,
  on: boolean,
): readonly ChatReaction[] {
  const there = reactions.find((r) => r.emoji === emoji);
  const others = (there?.by ?? []).filter((one) => one.participantId !== by.participantId);
  const people = !on ? others : there && others.length < there.by.length ? there.by : [...others, by];
  if (!there) {
    return on ? [...reactions, { emoji, by: people }] : reactions;
  }
  return reactions.map((r) => (r === there ? { emoji, by: people } : r)).filter((r) => r.by.length > 0);
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
