import { useEffect, useState } from 'preact/hooks';
import { measureLevel } from '../../media/levelMeter';
import { t } from '../../strings';
import { Avatar } from '../avatar';
import { CamIcon, CamOffIcon, MicIcon, MicOffIcon } from '../icons';
import { LevelBar } from '../levelBar';
import type { Visit } from '../meeting/visit';
import { useStream } from '../useStream';
import { Video } from '../video';

function useLevel(track: MediaStreamTrack | null): number {
  const [level, setLevel] = useState(-100);
  useEffect(() => {
    setLevel(-100);
    return track ? measureLevel(track, setLevel) : undefined;
  }, [track]);
  return level;
}

/** What the others will see and hear, and the buttons for it. */
export function Preview({ visit, name }: { visit: Visit; name: string }) {
  const { mic, cam } = visit.local.value;
  const picture = useStream(cam.on ? cam.track : null);
  const level = useLevel(mic.on ? mic.track : null);
  const opening = mic.opening || cam.opening;
  return (
    <div class="preview">
      <div class="preview-empty">
        {name.trim() && <Avatar id={name} name={name} />}
        <p>{opening ? t.prejoin.asking : cam.on ? t.prejoin.opening : t.prejoin.cameraOff}</p>
      </div>
      {picture && <Video stream={picture} mirrored />}
      <div class="preview-controls">
        <LevelBar level={level} />
        <div class="preview-buttons">
          <button
            type="button"
            class={`round ${mic.on ? '' : 'off'}`}
            aria-pressed={mic.on}
            aria-label={mic.on ? t.meeting.micOn : t.meeting.micOff}
            title={mic.on ? t.meeting.micOn : t.meeting.micOff}
            data-testid="mic-button"
            onClick={() => visit.setDevice('mic', !mic.on)}
          >
            {mic.on ? <MicIcon /> : <MicOffIcon />}
          </button>
          <button
            type="button"
            class={`round ${cam.on ? '' : 'off'}`}
            aria-pressed={cam.on}
            aria-label={cam.on ? t.meeting.camOn : t.meeting.camOff}
            title={cam.on ? t.meeting.camOn : t.meeting.camOff}
            data-testid="cam-button"
            onClick={() => visit.setDevice('cam', !cam.on)}
          >
            {cam.on ? <CamIcon /> : <CamOffIcon />}
          </button>
        </div>
      </div>
    </div>
  );
}
