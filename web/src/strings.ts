import type { DeviceProblem } from './media/deviceProblem';
import type { LegState } from './media/mediaLeg';
import type { PathKind } from './media/pathReport';
import type {
  EndReason,
  LeaveReason,
  MediaConnectionState,
  ModePin,
  ModeReason,
  SlotQuality,
} from './signalling/protocol';

// Every word of the client, in one place. A translation is another object of this shape.

const plural = new Intl.PluralRules('en');
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`;

const english = {
  language: 'en',
  product: 'Parley',
  you: 'You',
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  tryAgain: 'Try again',
  loading: 'Loading…',

  home: {
    headline: 'Meet on your own server',
    lead: 'Video, voice and chat in the browser. No account, nothing to install. Start a meeting and send the link.',
    newMeeting: 'New meeting',
    title: 'What is it about?',
    titleHint: 'Weekly planning',
    name: 'Your name',
    nameHint: 'As others will see it',
    create: 'Create meeting',
    creating: 'Creating…',
    join: 'Join with a link',
    joinHint: 'Link or meeting id',
    joinButton: 'Join',
    open: 'Open meetings',
    empty: 'No meetings are open',
    emptyLead: 'Create one, and it shows up here for everyone on this server.',
    by: (name: string) => `by ${name}`,
    since: (time: string) => `since ${time}`,
    people: (n: number) => (n === 0 ? 'nobody yet' : count(n, 'person', 'people')),
    full: 'Full',
    history: 'History',
    check: 'Check the connection',
    unreachable: 'The list cannot be loaded right now. Trying again…',
    notALink: 'This is neither a link to a meeting here nor a meeting id.',
  },

  prejoin: {
    ready: 'Ready to join?',
    join: 'Join now',
    joining: 'Joining…',
    nobody: 'Nobody is here yet',
    people: (n: number) => `${count(n, 'person is', 'people are')} here`,
    mic: 'Microphone',
    cam: 'Camera',
    speaker: 'Speaker',
    systemDefault: 'System default',
    unnamed: (kind: string, n: number) => `${kind} ${n}`,
    cameraOff: 'Your camera is off',
    opening: 'Starting…',
    asking: 'Your browser asks whether Parley may use your microphone and camera. You can also join without them.',
    level: 'Microphone level',
    without: 'You can join without microphone and camera, and listen, watch and chat.',
    created: 'Your meeting is ready. Send the link to the people you want in it.',
    full: 'This meeting is full at the moment.',
  },

  problem: {
    title: (device: string, problem: DeviceProblem): string =>
      ({
        denied: `Your browser blocks the ${device}`,
        dismissed: `You have not allowed the ${device} yet`,
        missing: `There is no ${device}`,
        inUse: `Another program uses the ${device}`,
        unsuitable: `The ${device} cannot do what is needed`,
        insecure: `The ${device} cannot be used on this page`,
        unknown: `The ${device} did not start`,
      })[problem],
    advice: (device: string, problem: DeviceProblem): string =>
      ({
        denied: `Click the icon left of the address and allow the ${device} for this site, then try again. If it stays blocked, look at the privacy settings of your system.`,
        dismissed: `Click “Try again”, and “Allow” when your browser asks for the ${device}.`,
        missing: `Plug one in or switch it on, then try again. You can join without it.`,
        inUse: `Close the other program or end its call, then try again. You can join without it.`,
        unsuitable: 'Choose another one in the list.',
        insecure: 'Browsers give devices only to pages that come over HTTPS.',
        unknown: 'Unplug it and plug it in again, or choose another one in the list.',
      })[problem],
    secureLink: 'Open this page over HTTPS',
    lost: (device: string) => `Your ${device} was disconnected and is now off.`,
  },

  device: { mic: 'microphone', cam: 'camera', both: 'camera and microphone', either: 'camera or microphone' },

  gone: {
    meetingUnknown: {
      title: 'There is no such meeting',
      lead: 'Check the link: a letter may be missing. Meetings that ended long ago are not kept either.',
    },
    meetingEnded: { title: 'This meeting has ended', lead: 'Nobody can join it any more.' },
    meetingFull: {
      title: 'This meeting is full',
      lead: 'It holds no more people. Try again when somebody has left.',
    },
    unreachable: { title: 'The server cannot be reached', lead: 'Check your network, then try again.' },
    pageUnknown: { title: 'There is nothing here', lead: 'The address leads to no page of this server.' },
    home: 'Start page',
    newMeeting: 'Start a new meeting',
    record: 'What was said and who was there',
  },

  /** What a refusal says when the server gave no sentence of its own. */
  refusal: (code: string): string =>
    (
      ({
        unreachable: 'The server cannot be reached. Check your network, then try again.',
        meetingUnknown: 'There is no such meeting.',
        meetingEnded: 'This meeting has ended.',
        meetingFull: 'This meeting is full.',
        serverFull: 'The server holds no more meetings at the moment.',
        nameInvalid: 'Please give a name of 1 to 60 characters.',
        titleInvalid: 'Please give a title of 1 to 120 characters.',
        textInvalid: 'This message cannot be sent.',
        secretWrong: 'Only who created the meeting can do this.',
        serverUnavailable: 'The server could not do this right now. Try again in a moment.',
        rateLimited: 'That was too often. Wait a moment, then try again.',
      }) as Record<string, string>
    )[code] ?? 'That did not work. Please try again.',

  meeting: {
    micOn: 'Turn off microphone',
    micOff: 'Turn on microphone',
    camOn: 'Turn off camera',
    camOff: 'Turn on camera',
    screenOn: 'Stop sharing your screen',
    screenOff: 'Share your screen',
    screenOf: (name: string) => `Screen of ${name}`,
    sharing: 'You are sharing your screen',
    key: (label: string, key: string) => `${label} (${key})`,
    chatOpen: 'Close chat',
    chatClosed: (unread: number) => (unread ? `Open chat, ${unread} unread` : 'Open chat'),
    peopleOpen: 'Close participants',
    peopleClosed: (n: number) => `Show participants, ${n} in the meeting`,
    copyLink: 'Copy link',
    linkCopied: 'Link copied',
    linkFailed: (link: string) => `Copy this link: ${link}`,
    devices: 'Settings',
    help: 'Keyboard shortcuts',
    more: 'More',
    leave: 'Leave',
    leaveMeeting: 'Leave meeting',
    endForAll: 'End for all',
    endTitle: 'End the meeting for everyone?',
    endLead: 'Everyone is told and removed, and nobody can join again.',
    endConfirm: 'End for all',
    controls: 'Meeting controls',
    alone: 'You are the only one here',
    aloneLead: 'Send the link to the people you want to talk with.',
    youSuffix: (name: string) => `${name} (you)`,
    others: (n: number) => `+${n}`,
    othersLabel: (n: number) => `Show ${count(n, 'more participant', 'more participants')}`,
    muted: 'microphone off',
    unmuted: 'microphone on',
    camera: 'camera on',
    noCamera: 'camera off',
    speaking: 'speaking',
    away: 'Reconnecting…',
    mutedHint: 'You are muted. Press M to unmute.',
    pushToTalk: 'You are talking while Space is held',
    hear: 'Click to hear the others',
    hearLead: 'Your browser waits for a click before it plays sound.',
    reconnecting: 'Connection lost',
    reconnectingLead: 'Reconnecting. You keep your place, muted as it was.',
    retryNow: 'Try now',
    serverAway: 'The server is away. You two go on directly; chat waits.',
    ownWayBroken: 'Your way to the server is broken: a third person could not see or hear you.',
    peerWayBroken: (name: string) =>
      `The way from ${name} to the server is broken: a third person could not see or hear them.`,
    tile: (name: string, states: string[]) => [name, ...states].join(', '),
    stage: 'Participants’ video',
    quality: ({ level, reason }: Pick<SlotQuality, 'level' | 'reason'>): string => {
      const cause = reason === 'overload' ? 'the server is busy' : 'slow network';
      return level === 'paused' ? `Paused: ${cause}` : `Lower quality: ${cause}`;
    },
    pin: (name: string) => `Show ${name} large`,
    unpin: 'Do not keep it large',
    toSpeaker: 'Show who speaks large',
    toGrid: 'Show all alike',
  },

  leg: {
    idle: '',
    connecting: 'Connecting sound and video…',
    connected: '',
    interrupted: 'Sound and video are interrupted…',
    waiting: 'Sound and video are not available. Trying again… Chat works.',
    refused: 'Sound and video are not available with this browser. Chat works.',
  } satisfies Record<LegState, string>,

  chat: {
    title: 'Chat',
    empty: 'No messages yet',
    emptyLead: 'What is written here is seen by everyone in the meeting, and by who joins later.',
    placeholder: 'Message to everyone',
    send: 'Send message',
    sending: 'Sending…',
    failed: 'Not sent.',
    retry: 'Try again',
    discard: 'Discard',
    left: (n: number) => `${count(n, 'character', 'characters')} left`,
    over: (n: number) => `${count(n, 'character', 'characters')} too many`,
    newer: 'New messages',
    hint: 'Enter sends, Shift+Enter starts a new line',
  },

  people: {
    title: (n: number) => `Participants (${n})`,
    creator: 'Creator',
    invite: 'Copy link to invite',
  },

  toast: {
    joined: (name: string) => `${name} joined`,
    left: (name: string, reason: LeaveReason) =>
      reason === 'connectionLost' ? `${name} lost the connection` : `${name} left`,
    connectionLost: 'Connection lost. Reconnecting…',
    serverBack: 'The server is back',
    screenFailed: 'Your screen could not be shared.',
    connectionRestored: 'You are connected again',
    mediaFailed: 'Sound and video failed. Trying again…',
    mediaRefused: 'Sound and video are not available.',
    mediaRestored: 'Sound and video work again',
    newMessage: (name: string, text: string) => `${name}: ${text}`,
  },

  over: {
    reason: (reason: EndReason | 'unknown', by: string | null): { title: string; lead: string } => {
      switch (reason) {
        case 'cancelled':
          return {
            title: 'The meeting was ended for everyone',
            lead: by ? `${by} ended it.` : 'Who created it ended it.',
          };
        case 'lastLeft':
          return { title: 'The meeting has ended', lead: 'The last participant left.' };
        case 'unused':
          return { title: 'The meeting has ended', lead: 'Nobody joined it.' };
        case 'serverStopped':
          return { title: 'The meeting has ended', lead: 'The server was stopped.' };
        case 'unknown':
          return { title: 'The meeting has ended', lead: 'It ended while your connection was lost.' };
      }
    },
    superseded: {
      title: 'You are in this meeting elsewhere',
      lead: 'The same place was taken up in another tab or window, so this one has let go.',
    },
    useHere: 'Use it here',
    left: { title: 'You left the meeting', lead: 'It goes on without you. You can come back while it is open.' },
    refused: { title: 'You are no longer in the meeting' },
    rejoin: 'Rejoin',
    home: 'Start page',
    record: 'Attendance and chat',
  },

  settings: {
    title: 'Settings',
    devices: 'Devices',
    theme: 'Appearance',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
  },

  connection: {
    title: 'Connection',
    badge: { peerToPeer: 'Direct', server: 'Server', relay: 'Relay', none: 'Not connected' } satisfies Record<
      PathKind,
      string
    >,
    lead: {
      peerToPeer: 'Sound and video go directly between the two of you. The server only manages the meeting.',
      server: 'Sound and video go through the server.',
      relay: 'Sound and video go to the server through a relay, as the direct way there is closed.',
      none: 'There is no connection for sound and video at the moment.',
    } satisfies Record<PathKind, string>,
    paths: {
      peerToPeer: 'Peer to peer',
      server: 'Server',
      relay: 'Server, through a relay',
      none: 'None',
    } satisfies Record<PathKind, string>,
    path: 'Path',
    why: 'Why',
    reasons: {
      started: 'The meeting begins on the server',
      alone: 'Nobody else is here',
      twoPeople: 'Two people are here',
      moreThanTwo: 'More than two people are here',
      pinned: 'The creator chose the server',
      notAble: 'One of you cannot be reached directly',
      away: 'One of you has lost the connection',
      settling: 'Waiting a moment before going direct again',
      linkFailed: 'A direct connection did not work',
    } satisfies Record<ModeReason, string>,
    serverAway: 'The server is away',
    pin: 'Who carries sound and video',
    pins: { auto: 'Automatic', peerToPeer: 'Direct', server: 'Server' } satisfies Record<ModePin, string>,
    ownLeg: 'Your way to the server',
    legOf: (name: string) => `The way of ${name} to the server`,
    states: {
      idle: 'Not connected',
      connecting: 'Connecting',
      connected: 'Connected',
      interrupted: 'Interrupted',
      waiting: 'Waiting to try again',
      refused: 'Not possible',
    } satisfies Record<LegState, string>,
    legs: {
      connecting: 'Connecting',
      connected: 'Connected',
      disconnected: 'Interrupted',
      failed: 'Broken',
    } satisfies Record<MediaConnectionState, string>,
    protocol: 'Protocol',
    overRelay: (protocol: string, relay: string) => `${protocol}, to the relay ${relay}`,
    ownAddress: 'Your address',
    otherAddress: 'Other address',
    hidden: 'hidden',
    types: { host: 'host', srflx: 'srflx, behind NAT', prflx: 'prflx, found on the way', relay: 'relay' },
    roundTrip: 'Round trip',
    loss: 'Voice packets lost',
    sending: 'Sending',
    receiving: 'Receiving',
    limited: 'Limited pictures',
    limit: (name: string, quality: string) => `${name} (${quality.toLowerCase()})`,
    codecs: 'Codecs',
    sent: 'Picture sent',
    decoded: 'Picture received',
    perSecond: (frames: number) => `${frames} per second`,
    kilobits: (n: number) => `${n} kbit/s`,
    milliseconds: (n: number) => `${n} ms`,
    percent: (share: number) => `${(share * 100).toFixed(1)} %`,
    unknown: '–',
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'Your browser does not let this page copy.',
  },

  check: {
    title: 'Check the connection',
    lead: 'Whether this browser reaches the server, by each of the ways that sound and video can take.',
    link: 'Check the connection',
    again: 'Check again',
    took: (milliseconds: number) => `${milliseconds} ms`,
    running: 'Checking…',
    signalling: {
      title: 'Server',
      ok: 'The server can be reached.',
      failed: 'The server cannot be reached by WebSocket.',
      advice: 'Look at your network. Where a proxy or firewall stands in between, it must let WebSockets through.',
    },
    udp: {
      title: 'Sound and video, UDP',
      ok: 'Sound and video take the best way.',
      failed: 'UDP to the server is blocked.',
      advice:
        'A meeting may still work by TCP or a relay. For the best quality ask who runs your network, or the server, to open its UDP port.',
    },
    tcp: {
      title: 'Sound and video, TCP',
      ok: 'Sound and video also work where UDP is blocked.',
      failed: 'TCP to the media port of the server is blocked.',
      advice: 'This matters only where UDP is blocked too. Ask who runs the server whether its TCP media port is open.',
    },
    relay: {
      title: 'Relay',
      ok: (schemes: string) => `A relay can be reached: ${schemes}.`,
      failed: 'No relay can be reached.',
      advice: 'This matters only where UDP and TCP are blocked. Ask who runs the server to look at its relay.',
    },
    notOffered: 'This server does not offer it.',
    way: (scheme: string, verdict: string) => `${scheme.toUpperCase()}: ${verdict}`,
    words: { ok: 'works', failed: 'blocked', notOffered: 'not offered' },
  },

  help: {
    title: 'Keyboard shortcuts',
    keys: [
      ['M', 'Microphone on or off'],
      ['V', 'Camera on or off'],
      ['D', 'Share your screen, or stop it'],
      ['W', 'Who speaks large, or all alike'],
      ['Space', 'Hold to talk while muted'],
      ['C', 'Chat'],
      ['P', 'Participants'],
      ['?', 'This list'],
      ['Esc', 'Close what is open'],
    ] as readonly (readonly [string, string])[],
    note: 'Shortcuts rest while you type.',
  },

  history: {
    title: 'History',
    lead: 'Meetings of this server, open and past: who was there and what was written.',
    empty: 'No meetings yet',
    emptyLead: 'Once a meeting was held, it is listed here.',
    more: 'Show older meetings',
    openNow: 'Open now',
    join: 'Join',
    by: (name: string) => `by ${name}`,
    attended: (n: number) => (n === 0 ? 'nobody joined' : count(n, 'participant', 'participants')),
    attendance: 'Attendance',
    noAttendance: 'Nobody joined.',
    chat: 'Chat',
    noChat: 'Nothing was written.',
    name: 'Name',
    joined: 'Joined',
    left: 'Left',
    stayed: 'Stayed',
    why: 'Why',
    stillThere: 'still there',
    reasons: {
      left: 'Left',
      connectionLost: 'Connection lost',
      cancelled: 'Meeting was ended',
      serverStopped: 'Server stopped',
    } satisfies Record<LeaveReason, string>,
    ends: (reason: EndReason, by: string | null): string =>
      ({
        lastLeft: 'Ended when the last participant left',
        cancelled: by ? `Ended for all by ${by}` : 'Ended for all',
        unused: 'Ended unused',
        serverStopped: 'Ended by a stop of the server',
      })[reason],
    lasted: (duration: string) => `lasted ${duration}`,
    running: (duration: string) => `running for ${duration}`,
  },

  theme: { toDark: 'Use dark appearance', toLight: 'Use light appearance' },
};

export type Strings = typeof english;

/** The words in use. */
export const t: Strings = english;
