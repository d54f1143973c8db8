import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Participant } from '../../signalling/protocol';
import { t } from '../../strings';
import { ErrorMessage, Field, Sheet, Switch } from '../controls';
import {
  CamOffIcon,
  CrownIcon,
  EditIcon,
  HandIcon,
  ListenerIcon,
  MicIcon,
  MicOffIcon,
  PersonIcon,
  ScreenIcon,
  SpeakerIcon,
  StopIcon,
} from '../icons';
import type { MeetingRoom } from './meetingRoom';

interface PersonProps {
  room: MeetingRoom;
  person: Participant;
  onClose(): void;
}

/** What can be done about one person: by a host, by oneself, and by everyone how loud they are heard. */
export function PersonSheet({ room, id, onClose }: { room: MeetingRoom; id: string; onClose(): void }) {
  const [view, setView] = useState<'actions' | 'rename' | 'remove'>('actions');
  const { participants, selfId } = room.state.value;
  const person = participants.find((p) => p.id === id);
  const may = id === selfId || room.isHost.value;
  // They left, or what is open is for a host only and we are none any more.
  const over = !person || (view !== 'actions' && !may);
  useEffect(() => {
    if (over) {
      onClose();
    }
  }, [over]);
  if (over) {
    return null;
  }
  const title = view === 'remove' ? t.person.removeTitle(person.name) : person.name;
  const shown = { room, person, onClose };
  return (
    <Sheet title={title} onClose={onClose}>
      {view === 'rename' && <RenameForm {...shown} />}
      {view === 'remove' && <RemoveForm {...shown} />}
      {view === 'actions' && (
        <div class="actions" data-testid="person-sheet">
          {id !== selfId && <VolumeSlider room={room} id={id} />}
          {id !== selfId && may && <HostActions {...shown} />}
          {may && (
            <Action
              icon={<EditIcon />}
              testId="rename"
              denied={room.denied('rename')}
              onClick={() => setView('rename')}
            >
              {t.person.rename}
            </Action>
          )}
          {id !== selfId && may && (
            <Action icon={<StopIcon />} testId="remove" danger onClick={() => setView('remove')}>
              {t.person.remove}
            </Action>
          )}
        </div>
      )}
    </Sheet>
  );
}

/** For our ears only. On a link nothing is louder than it is. */
function VolumeSlider({ room, id }: { room: MeetingRoom; id: string }) {
  const volume = room.volumes.of(id);
  const most = room.media.direct.value ? 1 : 2;
  const label = t.person.volume(volume);
  return (
    <label class="volume">
      <SpeakerIcon />
      <span>{label}</span>
      <input
        type="range"
        min={0}
        max={most}
        step={0.05}
        value={Math.min(volume, most)}
        aria-valuetext={label}
        data-testid="volume"
        onInput={(event) => room.volumes.choose(id, event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}

function HostActions({ room, person, onClose }: PersonProps) {
  const { hosting } = room;
  const { id, name, media, role, handRaisedAt } = person;
  const act = (icon: ComponentChildren, testId: string, label: string, does: () => void) => (
    <Action
      icon={icon}
      testId={testId}
      onClick={() => {
        onClose();
        does();
      }}
    >
      {label}
    </Action>
  );
  return (
    <>
      {media.mic
        ? act(<MicOffIcon />, 'mute', t.person.mute, () => hosting.switchOff(id, 'microphone'))
        : role !== 'listener' && act(<MicIcon />, 'ask-to-unmute', t.person.ask, () => hosting.askToUnmute(id, name))}
      {media.cam && act(<CamOffIcon />, 'stop-camera', t.person.stopCamera, () => hosting.switchOff(id, 'camera'))}
      {media.screen && act(<ScreenIcon />, 'stop-screen', t.person.stopScreen, () => hosting.switchOff(id, 'screen'))}
      {handRaisedAt && act(<HandIcon />, 'lower-hand', t.person.lowerHand, () => hosting.lowerHand(id))}
      {role !== 'host' && act(<CrownIcon />, 'make-host', t.person.makeHost, () => hosting.setRole(id, 'host'))}
      {role !== 'participant' &&
        act(<PersonIcon />, 'make-participant', role === 'host' ? t.person.noHost : t.person.makeParticipant, () =>
          hosting.setRole(id, 'participant'),
        )}
      {role !== 'listener' &&
        act(<ListenerIcon />, 'make-listener', t.person.makeListener, () => hosting.setRole(id, 'listener'))}
    </>
  );
}

interface ActionProps {
  icon: ComponentChildren;
  testId: string;
  danger?: boolean;
  denied?: string | null;
  onClick(): void;
  children: ComponentChildren;
}

function Action({ icon, testId, danger, denied = null, onClick, children }: ActionProps) {
  return (
    <button
      type="button"
      class={`menu-item ${danger ? 'danger' : ''}`}
      data-testid={testId}
      disabled={denied !== null}
      onClick={onClick}
    >
      {icon}
      <span>
        {children}
        {denied && <small>{denied}</small>}
      </span>
    </button>
  );
}

function RenameForm({ room, person, onClose }: PersonProps) {
  const [name, setName] = useState(person.name);
  const [error, setError] = useState<string | null>(null);
  const { selfId, limits } = room.state.value;
  const rename = async (event: Event) => {
    event.preventDefault();
    const wanted = name.trim();
    const refused = await (person.id === selfId ? room.rename(wanted) : room.hosting.rename(person.id, wanted));
    setError(refused);
    if (!refused) {
      onClose();
    }
  };
  return (
    <form class="stack" onSubmit={rename}>
      <Field label={t.person.newName} error={error}>
        {(id) => (
          <input
            id={id}
            class="input"
            data-testid="new-name"
            value={name}
            maxLength={limits.nameLength}
            required
            autocomplete="off"
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="sheet-actions">
        <button type="button" class="button plain" onClick={onClose}>
          {t.cancel}
        </button>
        <button type="submit" class="button primary" data-testid="rename-confirm" disabled={!name.trim()}>
          {t.person.rename}
        </button>
      </div>
    </form>
  );
}

function RemoveForm({ room, person, onClose }: PersonProps) {
  const [mayReturn, setMayReturn] = useState(true);
  const [error, setError] = useState<string | null>(null);
  const remove = async () => {
    const refused = await room.hosting.remove(person.id, mayReturn);
    setError(refused);
    if (!refused) {
      onClose();
    }
  };
  return (
    <div class="stack">
      <p>{t.person.removeLead}</p>
      <Switch label={t.person.mayReturn} checked={mayReturn} testId="may-return" onChange={setMayReturn} />
      {error && <ErrorMessage>{error}</ErrorMessage>}
      <div class="sheet-actions">
        <button type="button" class="button plain" onClick={onClose}>
          {t.cancel}
        </button>
        <button
          type="button"
          class="button danger"
          data-testid="remove-confirm"
          disabled={room.hosting.busy.value}
          onClick={() => void remove()}
        >
          {t.person.remove}
        </button>
      </div>
    </div>
  );
}
