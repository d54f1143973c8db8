import type { HubEvent } from './hubConnection';
import type { MeetingEvent } from './meetingState';

/** What an event of the hub changes in the meeting's state; null for what is of the moment only. */
export function changeOf(event: HubEvent): MeetingEvent | null {
  switch (event.name) {
    case 'participantJoined':
    case 'participantChanged':
      return { type: event.name, participant: event.argument };
    case 'participantLeft':
      return { type: event.name, left: event.argument };
    case 'chatAdded':
      return { type: event.name, message: event.argument };
    case 'chatReacted':
      return { type: event.name, reaction: event.argument };
    case 'chatDeleted':
      return { type: event.name, deletion: event.argument };
    case 'speakersChanged':
      return { type: event.name, speakers: event.argument };
    case 'slotShown':
      return { type: event.name, shown: event.argument };
    case 'slotQuality':
      return { type: event.name, quality: event.argument };
    case 'mediaState':
      return { type: event.name, leg: event.argument };
    case 'modeChanged':
      return { type: event.name, mode: event.argument };
    case 'settingsChanged':
      return { type: event.name, settings: event.argument };
    case 'lobbyChanged':
      return { type: event.name, waiting: event.argument.waiting };
    case 'removed':
      return { type: event.name, removed: event.argument };
    case 'meetingEnded':
      return { type: event.name, ended: event.argument };
    case 'turnedAway':
    case 'superseded':
      return { type: event.name };
    default:
      return null;
  }
}
