import type { PathKind } from '../media/pathReport';
import type { ConnectionFigures } from '../media/stats';
import type { MeetingState } from '../signalling/meetingState';
import type { ModeState } from '../signalling/protocol';
import type { Visit } from './meeting/visit';

/** What `window.parley` shows for support and for tests (docs/web.md). It can be read; nothing can be changed through it. */
export interface ParleyDebug {
  /** The peer connection to the server, or null. */
  readonly pc: RTCPeerConnection | null;
  /** A copy of the meeting's state, or null outside of a meeting. */
  readonly state: MeetingState | null;
  /** `idle`, `connecting`, `connected`, `interrupted`, `waiting` or `refused`. */
  readonly media: string;
  /** Who carries the media, or null outside of a meeting. */
  readonly mode: ModeState | null;
  /** The link to the other of two, by id, and its peer connection. */
  readonly link: string | null;
  readonly linkPc: RTCPeerConnection | null;
  /** Where the other's voice is played from. */
  readonly audible: 'mix' | 'link';
  /** Which way media takes. */
  path(): PathKind;
  /** A fresh reading of the connection's figures. */
  stats(): Promise<ConnectionFigures | null>;
}

declare global {
  interface Window {
    readonly parley: ParleyDebug;
  }
}

let watched: Visit | null = null;

const room = () => watched?.room.peek() ?? null;

const view: ParleyDebug = {
  get pc() {
    return room()?.media.pc ?? null;
  },
  get state() {
    const current = room();
    return current ? structuredClone(current.state.peek()) : null;
  },
  get media() {
    return room()?.media.leg.peek().state ?? 'idle';
  },
  get mode() {
    return room()?.state.peek().mode ?? null;
  },
  get link() {
    return room()?.media.path.peek().state.link?.id ?? null;
  },
  get linkPc() {
    return room()?.media.linkPc ?? null;
  },
  get audible() {
    return room()?.media.path.peek().view.fromLink.mic ? 'link' : 'mix';
  },
  path() {
    return room()?.media.kind.peek() ?? 'none';
  },
  async stats() {
    await room()?.media.readFigures();
    return room()?.media.figures.peek() ?? null;
  },
};

export function startDebug(): void {
  Object.defineProperty(window, 'parley', { value: Object.freeze(view), enumerable: true });
}

export function watchForSupport(visit: Visit): () => void {
  watched = visit;
  return () => {
    if (watched === visit) {
      watched = null;
    }
  };
}
