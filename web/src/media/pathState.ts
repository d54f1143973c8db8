// Which way the media takes between two people, as one value and one transition function. protocol.md §6 is the rule.

/** What comes from the other: their voice, and their two pictures. */
export type Part = 'mic' | 'cam' | 'screen';

export type LinkPhase =
  /** Being made: the server's streams are played, both ways are sent on. */
  | 'connecting'
  /** The link is played. */
  | 'playing'
  /** The server has taken over: each part is played from the link until it comes from the server. */
  | 'returning'
  /** All is played from the server again; still sent on the link, for the other's sake. */
  | 'released'
  /** It broke. */
  | 'failed';

export interface LinkPath {
  id: string;
  peerId: string;
  phase: LinkPhase;
  /** Nothing comes for a moment. */
  interrupted: boolean;
  /** While returning: what comes from the server again. */
  back: Readonly<Record<Part, boolean>>;
}

export interface PathState {
  mode: 'server' | 'peerToPeer';
  link: LinkPath | null;
}

export type PathEvent =
  | { type: 'mode'; mode: 'server' | 'peerToPeer'; reason: string }
  | { type: 'started'; id: string; peerId: string }
  | { type: 'ready' }
  | { type: 'back'; part: Part }
  | { type: 'interrupted' }
  | { type: 'recovered' }
  | { type: 'broken' }
  | { type: 'ended'; id: string };

/** What follows from a state: what is sent where, and what is played from where. */
export interface PathView {
  sendToServer: boolean;
  mixAudible: boolean;
  /** Which parts of the other are played from the link. */
  fromLink: Readonly<Record<Part, boolean>>;
}

export const serverOnly: PathState = { mode: 'server', link: null };

const none = { mic: false, cam: false, screen: false };

/** The state after an event. What comes late or twice changes nothing. */
export function nextPath(state: PathState, event: PathEvent): PathState {
  const { link } = state;
  switch (event.type) {
    case 'mode':
      return { mode: event.mode, link: link && (goesOn(state.mode, event) ? link : leaving(link)) };
    case 'started':
      return {
        ...state,
        link: { id: event.id, peerId: event.peerId, phase: 'connecting', interrupted: false, back: none },
      };
    case 'ended':
      return link?.id === event.id ? { ...state, link: null } : state;
    case 'ready':
      return link?.phase === 'connecting' ? { ...state, link: { ...link, phase: 'playing' } } : state;
    case 'back':
      return link?.phase === 'returning' ? { ...state, link: withBack(link, event.part) } : state;
    case 'interrupted':
    case 'recovered':
      return link && link.interrupted !== (event.type === 'interrupted')
        ? { ...state, link: { ...link, interrupted: !link.interrupted } }
        : state;
    case 'broken':
      return link ? { ...state, link: { ...link, phase: brokenFrom(link.phase) } } : state;
  }
}

/** On the way back nothing is lost with the link: the server carries both again, and it is no failure. */
function brokenFrom(phase: LinkPhase): LinkPhase {
  return phase === 'returning' || phase === 'released' ? 'released' : 'failed';
}

/** From the server to the server because there are two people means: on the way to peer to peer. Else the link is to go. */
function goesOn(before: PathState['mode'], { mode, reason }: { mode: PathState['mode']; reason: string }): boolean {
  return mode === 'peerToPeer' || (before === 'server' && reason === 'twoPeople');
}

function leaving(link: LinkPath): LinkPath {
  switch (link.phase) {
    case 'connecting':
      return { ...link, phase: 'released' };
    case 'playing':
      return { ...link, phase: 'returning', back: none };
    default:
      return link;
  }
}

function withBack(link: LinkPath, part: Part): LinkPath {
  const back = { ...link.back, [part]: true };
  return { ...link, back, phase: back.mic && back.cam && back.screen ? 'released' : 'returning' };
}

export function viewOf({ mode, link }: PathState): PathView {
  const playing = link?.phase === 'playing';
  const returning = link?.phase === 'returning';
  const plays = (part: Part) => playing || (returning && !link.back[part]);
  return {
    // Also when the link stutters: until it is known whether it comes back, the other way is open.
    sendToServer: !(mode === 'peerToPeer' && playing && !link.interrupted),
    mixAudible: !playing,
    fromLink: { mic: plays('mic'), cam: plays('cam'), screen: plays('screen') },
  };
}

/** What the server is to be told of a phase; null for nothing. */
export function reportOf(phase: LinkPhase | undefined): 'ready' | 'released' | 'failed' | null {
  switch (phase) {
    case 'playing':
      return 'ready';
    case 'released':
    case 'failed':
      return phase;
    default:
      return null;
  }
}
