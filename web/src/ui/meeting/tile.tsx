import type { ComponentChildren } from 'preact';
import type { Participant, SlotQuality } from '../../signalling/protocol';
import { t } from '../../strings';
import { Avatar } from '../avatar';
import { Spinner } from '../controls';
import { CamOffIcon, HandIcon, MicIcon, MicOffIcon, PinIcon, ScreenIcon, WeakNetworkIcon } from '../icons';
import { Video } from '../video';
import type { Place } from './roomStage';

interface ShownProps {
  place: Place;
  /** What to show; null shows the avatar. */
  picture: MediaStream | null;
  /** Null when the picture is as good as its size can use. */
  quality: SlotQuality | null;
  pinned: boolean;
  onPin(): void;
}

interface TileProps extends ShownProps {
  participant: Participant;
  self: boolean;
  speaking: boolean;
  /** Which of the raised hands theirs is, from 1 on; 0 when it is down. */
  hand: number;
  /** What they show to all right now. */
  sign: string | null;
}

export function Tile({ participant, self, speaking, hand, sign, ...shown }: TileProps) {
  const { id, name, media, presence } = participant;
  const { picture, quality } = shown;
  const label = self ? t.meeting.youSuffix(name) : name;
  const states = [
    media.mic ? t.meeting.unmuted : t.meeting.muted,
    media.cam ? t.meeting.camera : t.meeting.noCamera,
    ...(speaking ? [t.meeting.speaking] : []),
    ...(hand ? [t.meeting.hand(hand)] : []),
    ...(presence === 'reconnecting' ? [t.meeting.away] : []),
    ...(quality ? [t.meeting.quality(quality)] : []),
  ];
  return (
    <Frame
      testId="tile"
      id={id}
      name={name}
      label={t.meeting.tile(label, states)}
      classes={`${speaking ? 'speaking' : ''} ${presence}`}
      facts={{ 'data-self': String(self), 'data-speaking': String(speaking) }}
      mayPin={!self}
      {...shown}
    >
      <Avatar id={id} name={name} />
      {picture && <Video stream={picture} mirrored={self} />}
      {presence === 'reconnecting' && (
        <span class="tile-away">
          <Spinner />
          {t.meeting.away}
        </span>
      )}
      {hand > 0 && (
        <span class="tile-hand" data-testid="hand" title={t.meeting.hand(hand)}>
          <HandIcon />
          {hand}
        </span>
      )}
      {sign && (
        <span class="tile-sign" aria-hidden="true" data-testid="tile-sign">
          {sign}
        </span>
      )}
      <span class="tile-name">
        <span class={media.mic ? 'mic-on' : 'mic-off'}>{media.mic ? <MicIcon /> : <MicOffIcon />}</span>
        {!media.cam && <CamOffIcon />}
        <bdi>{label}</bdi>
      </span>
    </Frame>
  );
}

interface ScreenTileProps extends ShownProps {
  name: string;
}

export function ScreenTile({ name, ...shown }: ScreenTileProps) {
  const { place, picture, quality } = shown;
  const label = t.meeting.screenOf(name);
  const waiting = quality?.level !== 'paused' && <Spinner />;
  return (
    <Frame
      testId="screen-tile"
      id={place.participantId}
      name={name}
      label={t.meeting.tile(label, quality ? [t.meeting.quality(quality)] : [])}
      mayPin
      {...shown}
    >
      {picture ? <Video stream={picture} whole waiting={waiting} /> : waiting}
      <span class="tile-name">
        <ScreenIcon />
        <bdi>{label}</bdi>
      </span>
    </Frame>
  );
}

interface FrameProps extends ShownProps {
  testId: string;
  id: string;
  name: string;
  label: string;
  classes?: string;
  facts?: Record<string, string>;
  mayPin: boolean;
  children: ComponentChildren;
}

/** What every tile has: its place, what it says of its picture's quality, and the pin. */
function Frame(props: FrameProps) {
  const { testId, id, name, label, classes = '', facts, mayPin, children } = props;
  const { place, picture, quality, pinned, onPin } = props;
  const { width, height, large } = place;
  const size = height < 130 || width < 150 ? 'small' : height < 260 ? 'medium' : 'large';
  const pin = pinned ? t.meeting.unpin : t.meeting.pin(name);
  return (
    <li
      class={`tile ${size} ${large ? 'on-stage' : ''} ${quality?.level ?? ''} ${classes}`}
      style={{ width: `${width}px`, height: `${height}px`, '--width': `${width}px` }}
      aria-label={label}
      data-testid={testId}
      data-participant-id={id}
      data-name={name}
      data-has-video={String(picture !== null)}
      data-quality={quality?.level ?? 'full'}
      data-large={String(large)}
      {...facts}
    >
      {children}
      {quality?.level === 'paused' && (
        <span class="tile-away" role="status" data-testid="paused">
          <WeakNetworkIcon />
          {t.meeting.quality(quality)}
        </span>
      )}
      {quality?.level === 'reduced' && (
        <span class="tile-weak" title={t.meeting.quality(quality)} data-testid="reduced">
          <WeakNetworkIcon />
        </span>
      )}
      {mayPin && (
        <button
          type="button"
          class="tile-pin"
          aria-label={pin}
          title={pin}
          aria-pressed={pinned}
          data-testid="pin-button"
          onClick={onPin}
        >
          <PinIcon />
        </button>
      )}
    </li>
  );
}
