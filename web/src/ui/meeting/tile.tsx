import type { Participant } from '../../signalling/protocol';
import { t } from '../../strings';
import { Avatar } from '../avatar';
import { Spinner } from '../controls';
import { CamOffIcon, MicIcon, MicOffIcon, ScreenIcon } from '../icons';
import { Video } from '../video';

interface TileProps {
  participant: Participant;
  self: boolean;
  speaking: boolean;
  /** What to show; null shows the avatar. */
  picture: MediaStream | null;
  width: number;
  height: number;
}

export function Tile({ participant, self, speaking, picture, width, height }: TileProps) {
  const { id, name, media, presence } = participant;
  const label = self ? t.meeting.youSuffix(name) : name;
  const states = [
    media.mic ? t.meeting.unmuted : t.meeting.muted,
    media.cam ? t.meeting.camera : t.meeting.noCamera,
    ...(speaking ? [t.meeting.speaking] : []),
    ...(presence === 'reconnecting' ? [t.meeting.away] : []),
  ];
  const size = height < 130 || width < 150 ? 'small' : height < 260 ? 'medium' : 'large';
  return (
    <li
      class={`tile ${size} ${speaking ? 'speaking' : ''} ${presence}`}
      style={{ width: `${width}px`, height: `${height}px` }}
      aria-label={t.meeting.tile(label, states)}
      data-testid="tile"
      data-participant-id={id}
      data-name={name}
      data-self={String(self)}
      data-has-video={String(picture !== null)}
      data-speaking={String(speaking)}
    >
      <Avatar id={id} name={name} />
      {picture && <Video stream={picture} mirrored={self} />}
      {presence === 'reconnecting' && (
        <span class="tile-away">
          <Spinner />
          {t.meeting.away}
        </span>
      )}
      <span class="tile-name">
        <span class={media.mic ? 'mic-on' : 'mic-off'}>{media.mic ? <MicIcon /> : <MicOffIcon />}</span>
        {!media.cam && <CamOffIcon />}
        <bdi>{label}</bdi>
      </span>
    </li>
  );
}

interface ScreenTileProps {
  /** Whose screen. */
  id: string;
  name: string;
  picture: MediaStream | null;
  width: number;
  height: number;
}

export function ScreenTile({ id, name, picture, width, height }: ScreenTileProps) {
  const label = t.meeting.screenOf(name);
  return (
    <li
      class="tile"
      style={{ width: `${width}px`, height: `${height}px` }}
      aria-label={label}
      data-testid="screen-tile"
      data-participant-id={id}
      data-name={name}
      data-has-video={String(picture !== null)}
    >
      {picture ? <Video stream={picture} whole /> : <Spinner />}
      <span class="tile-name">
        <ScreenIcon />
        <bdi>{label}</bdi>
      </span>
    </li>
  );
}
