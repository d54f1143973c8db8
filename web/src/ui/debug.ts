import type { ConnectionFigures } from '../media/stats';
import type { MeetingState } from '../signalling/meetingState';
import type { Visit } from './meeting/visit';

/** What `window.parley` shows for support and for tests (docs/web.md). It can be read; nothing can be changed through it. */
export interface ParleyDebug {
  /** The peer connection in use, or null. */
  readonly pc: RTCPeerConnection | null;
  /** A copy of the meeting's state, or null outside of a meeting. */
  readonly state: MeetingState | null;
  /** `idle`, `connecting`, `connected`, `interrupted`, `waiting` or `refused`. */
  readonly media: string;
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
    return room()?.pc ?? null;
  },
  get state() {
    const current = room();
    return current ? structuredClone(current.state.peek()) : null;
  },
  get media() {
    return room()?.leg.peek().state ?? 'idle';
  },
  async stats() {
    await room()?.readFigures();
    return room()?.figures.peek() ?? null;
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
