import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../strings';
import {
  CamIcon,
  CamOffIcon,
  ChatIcon,
  CrownIcon,
  FloatIcon,
  HandIcon,
  HelpIcon,
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
import { toast } from '../toasts';
import { copyMeetingLink } from './copyLink';
import { FloatingView } from './floatingView';
import { LayoutChoice } from './layoutChoice';
import type { MeetingRoom } from './meetingRoom';
import { canFloat } from './pictureInPicture';
import { SignMenu, SignRow, SignSaid } from './signs';

interface ControlProps {
  label: string;
  shortcut?: string;
  testId: string;
  pressed?: boolean;
  off?: boolean;
  tone?: string;
  badge?: number | undefined;
  /** Why it cannot be used now. It can still be reached, and then says so. */
  denied?: string | null;
  onClick(): void;
  children: ComponentChildren;
}

function Control(props: ControlProps) {
  const { label, shortcut, testId, pressed, off, tone = '', badge, denied = null, onClick, children } = props;
  const full = denied ?? (shortcut ? t.meeting.key(label, shortcut) : label);
  return (
    <button
      type="button"
      class={`round ${tone} ${off ? 'off' : ''} ${pressed && off === undefined ? 'active' : ''}`}
      aria-label={full}
      aria-pressed={pressed}
      aria-disabled={denied !== null}
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
  const { unread, participants, waiting } = room.state.value;
  const panel = room.panel.value;
  const mayEnd = room.isHost.value;
  return (
    <section class="controls" aria-label={t.meeting.controls}>
      <div class="controls-group">
        <Control
          label={mic.on ? t.meeting.micOn : t.meeting.micOff}
          shortcut="M"
          testId="mic-button"
          pressed={mic.on}
          off={!mic.on}
          denied={room.deniedToggle('mic')}
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
          denied={room.deniedToggle('cam')}
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
            denied={room.deniedToggle('screen')}
            onClick={() => void room.toggleScreen()}
          >
            <ScreenIcon />
          </Control>
        )}
        <Control
          label={room.handUp.value ? t.meeting.handUp : t.meeting.handDown}
          shortcut="R"
          testId="hand-button"
          tone="hand-button"
          pressed={room.handUp.value}
          onClick={() => void room.toggleHand()}
        >
          <HandIcon />
        </Control>
        <SignMenu room={room} />
        <SignSaid signs={room.signs} />
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
          label={[
            panel === 'people' ? t.meeting.peopleOpen : t.meeting.peopleClosed(participants.length),
            ...(waiting.length ? [t.meeting.waiting(waiting.length)] : []),
          ].join(', ')}
          shortcut="P"
          testId="people-button"
          pressed={panel === 'people'}
          badge={waiting.length}
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
          <fieldset class="signs only-narrow" aria-label={t.meeting.signs}>
            <SignRow room={room} />
          </fieldset>
          <LayoutChoice stage={room.stage} />
          {item(
            room.handUp.value ? t.meeting.handUp : t.meeting.handDown,
            <HandIcon />,
            'hand-item',
            () => void room.toggleHand(),
            'only-narrow',
          )}
          {canFloat() &&
            item(
              room.pip.open.value ? t.meeting.floatOff : t.meeting.floatOn,
              <FloatIcon />,
              'float-item',
              async () => {
                if (!(await room.pip.toggle(() => <FloatingView room={room} />))) {
                  toast(t.meeting.floatFailed, 'bad');
                }
              },
            )}
          {item(t.meeting.devices, <SettingsIcon />, 'settings-button', () => {
            room.sheet.value = 'settings';
          })}
          {room.isHost.value &&
            item(t.hosting.title, <CrownIcon />, 'hosting-item', () => {
              room.sheet.value = 'hosting';
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
