import { useEffect } from 'preact/hooks';
import { shortcutOf } from '../shortcuts';
import type { MeetingRoom } from './meetingRoom';

/** The keys of a meeting, while its page is there. */
export function useShortcuts(room: MeetingRoom): void {
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      // An open sheet has the keyboard to itself.
      if (document.querySelector('dialog[open]')) {
        return;
      }
      switch (shortcutOf(event)) {
        case 'mic':
          room.toggle('mic');
          break;
        case 'cam':
          room.toggle('cam');
          break;
        case 'screen':
          void room.toggleScreen();
          break;
        case 'hand':
          void room.toggleHand();
          break;
        case 'layout':
          room.stage.toggleLayout();
          break;
        case 'chat':
          room.togglePanel('chat');
          break;
        case 'people':
          room.togglePanel('people');
          break;
        case 'help':
          room.sheet.value = 'help';
          break;
        case 'talk':
          room.talk(true);
          break;
        case 'dismiss':
          room.show(null);
          return;
        default:
          return;
      }
      // The letter must not land in a field that the shortcut just opened.
      event.preventDefault();
    };
    const up = (event: KeyboardEvent) => {
      if (event.code === 'Space' || event.key === ' ') {
        room.talk(false);
      }
    };
    // A key let go in another window is never told here.
    const away = () => room.talk(false);
    addEventListener('keydown', down);
    addEventListener('keyup', up);
    addEventListener('blur', away);
    return () => {
      removeEventListener('keydown', down);
      removeEventListener('keyup', up);
      removeEventListener('blur', away);
    };
  }, [room]);
}
