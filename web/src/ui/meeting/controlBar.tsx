import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { creatorSecrets } from '../../signalling/places';
import { t } from '../../strings';
import {
  CamIcon,
  CamOffIcon,
  ChatIcon,
  HelpIcon,
  LayoutIcon,
  LeaveIcon,
  LinkIcon,
  MicIcon,
  MicOffIcon,
  MoreIcon,
  PathIcon,
  PeopleIcon,
  ScreenIcon,
  SettingsIcon,
  StopIcon,
} from '../icons';
import { copyMeetingLink } from './copyLink';
import type { MeetingRoom } from './meetingRoom';

interface ControlProps {
  label: string;
  shortcut?: string;
  testId: string;
  pressed?: boolean;
  off?: boolean;
  tone?: string;
  badge?: number | undefined;
  onClick(): void;
  children: ComponentChildren;
}

function Control({ label, shortcut, testId, pressed, off, tone = '', badge, onClick, children }: ControlProps) {
  const full = shortcut ? t.meeting.key(label, shortcut) : label;
  return (
    <button
      type="button"
      class={`round ${tone} ${off ? 'off' : ''} ${pressed && off === undefined ? 'active' : ''}`}
      aria-label={full}
      aria-pressed={pressed}
      title={full}
      data-testid={testId}
      onClick={onClick}
    >
      {children}
      {badge ? (
        <span class="count" data-testid={`${testId}-badge`}>
          {badge > 99 ? '99+' : badge}
        </span>
      ) : null}
    </button>
  );
}

export function ControlBar({ room }: { room: MeetingRoom }) {
  const { mic, cam } = room.local.value;
  const { unread, participants, id, isCreator } = room.state.value;
  const panel = room.panel.value;
  const mayEnd = isCreator && creatorSecrets.of(id) !== undefined;
  return (
    <section class="controls" aria-label={t.meeting.controls}>
      <div class="controls-group">
        <Control
          label={mic.on ? t.meeting.micOn : t.meeting.micOff}
          shortcut="M"
          testId="mic-button"
          pressed={mic.on}
          off={!mic.on}
          onClick={() => room.toggle('mic')}
        >
          {mic.on ? <MicIcon /> : <MicOffIcon />}
        </Control>
        <Control
          label={cam.on ? t.meeting.camOn : t.meeting.camOff}
          shortcut="V"
          testId="cam-button"
          pressed={cam.on}
          off={!cam.on}
          onClick={() => room.toggle('cam')}
        >
          {cam.on ? <CamIcon /> : <CamOffIcon />}
        </Control>
        {room.canShare && (
          <Control
            label={room.screen.value ? t.meeting.screenOn : t.meeting.screenOff}
            shortcut="D"
            testId="screen-button"
            pressed={room.screen.value !== null}
            onClick={() => void room.toggleScreen()}
          >
            <ScreenIcon />
          </Control>
        )}
      </div>
      <div class="controls-group">
        <Control
          label={panel === 'chat' ? t.meeting.chatOpen : t.meeting.chatClosed(unread)}
          shortcut="C"
          testId="chat-button"
          pressed={panel === 'chat'}
          badge={unread}
          onClick={() => room.togglePanel('chat')}
        >
          <ChatIcon />
        </Control>
        <Control
          label={panel === 'people' ? t.meeting.peopleOpen : t.meeting.peopleClosed(participants.length)}
          shortcut="P"
          testId="people-button"
          pressed={panel === 'people'}
          onClick={() => room.togglePanel('people')}
        >
          <PeopleIcon />
        </Control>
        <MoreMenu room={room} mayEnd={mayEnd} />
      </div>
      <div class="controls-group">
        {mayEnd && (
          <button
            type="button"
            class="button danger-quiet end-button"
            data-testid="end-button"
            onClick={() => {
              room.sheet.value = 'end';
            }}
          >
            {t.meeting.endForAll}
          </button>
        )}
        <button
          type="button"
          class="button danger leave-button"
          aria-label={t.meeting.leaveMeeting}
          title={t.meeting.leaveMeeting}
          data-testid="leave-button"
          onClick={() => void room.leave()}
        >
          <LeaveIcon />
          <span>{t.meeting.leave}</span>
        </button>
      </div>
    </section>
  );
}

function MoreMenu({ room, mayEnd }: { room: MeetingRoom; mayEnd: boolean }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const follows = room.stage.followsSpeaker.value;
  useEffect(() => {
    if (!open) {
      return;
    }
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) {
        setOpen(false);
      }
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        setOpen(false);
        box.current?.querySelector('button')?.focus();
      }
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', onKey, true);
    };
  }, [open]);

  const item = (label: string, icon: ComponentChildren, testId: string, act: () => void, extra = '') => (
    <button
      type="button"
      class={`menu-item ${extra}`}
      data-testid={testId}
      onClick={() => {
        setOpen(false);
        act();
      }}
    >
      {icon}
      {label}
    </button>
  );
  return (
    <div class="more" ref={box}>
      <button
        type="button"
        class={`round ${open ? 'active' : ''}`}
        aria-label={t.meeting.more}
        title={t.meeting.more}
        aria-expanded={open}
        data-testid="more-button"
        onClick={() => setOpen(!open)}
      >
        <MoreIcon />
      </button>
      {open && (
        <div class="menu">
          {item(t.meeting.copyLink, <LinkIcon />, 'copy-link', () => void copyMeetingLink(room.state.value.id))}
          {item(follows ? t.meeting.toGrid : t.meeting.toSpeaker, <LayoutIcon />, 'layout-item', () =>
            room.stage.toggleLayout(),
          )}
          {item(t.meeting.devices, <SettingsIcon />, 'settings-button', () => {
            room.sheet.value = 'settings';
          })}
          {item(t.connection.title, <PathIcon />, 'connection-item', () => {
            room.sheet.value = 'connection';
          })}
          {item(t.meeting.help, <HelpIcon />, 'help-button', () => {
            room.sheet.value = 'help';
          })}
          {mayEnd &&
            item(
              t.meeting.endForAll,
              <StopIcon />,
              'end-menu-item',
              () => {
                room.sheet.value = 'end';
              },
              'danger only-narrow',
            )}
        </div>
      )}
    </div>
  );
}
