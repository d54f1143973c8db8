import { t } from '../../strings';
import { Avatar } from '../avatar';
import { CamIcon, CamOffIcon, LeaveIcon, MicIcon, MicOffIcon } from '../icons';
import { Video } from '../video';
import type { MeetingRoom } from './meetingRoom';

/** What the window above all others shows: who speaks, and the buttons that one needs at once. */
export function FloatingView({ room }: { room: MeetingRoom }) {
  const { mic, cam } = room.local.value;
  const shown = room.floating.value;
  return (
    <main class="floating-view" data-testid="floating">
      {shown ? (
        <div class="tile large floating-tile">
          <Avatar id={shown.id} name={shown.name} />
          {shown.picture && <Video stream={shown.picture} whole={shown.screen} />}
          <span class="tile-name">
            <bdi>{shown.name}</bdi>
          </span>
        </div>
      ) : (
        <p class="muted floating-tile">{t.meeting.alone}</p>
      )}
      <div class="controls-group">
        <button
          type="button"
          class={`round ${mic.on ? '' : 'off'}`}
          aria-label={mic.on ? t.meeting.micOn : t.meeting.micOff}
          aria-pressed={mic.on}
          data-testid="floating-mic"
          onClick={() => room.toggle('mic')}
        >
          {mic.on ? <MicIcon /> : <MicOffIcon />}
        </button>
        <button
          type="button"
          class={`round ${cam.on ? '' : 'off'}`}
          aria-label={cam.on ? t.meeting.camOn : t.meeting.camOff}
          aria-pressed={cam.on}
          data-testid="floating-cam"
          onClick={() => room.toggle('cam')}
        >
          {cam.on ? <CamIcon /> : <CamOffIcon />}
        </button>
        <button
          type="button"
          class="round danger"
          aria-label={t.meeting.leaveMeeting}
          data-testid="floating-leave"
          onClick={() => void room.leave()}
        >
          <LeaveIcon />
        </button>
      </div>
    </main>
  );
}
