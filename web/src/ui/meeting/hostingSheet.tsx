import { useState } from 'preact/hooks';
import { passcodeLength } from '../../signalling/protocol';
import type { Right } from '../../signalling/rights';
import { t } from '../../strings';
import { Field, Sheet, Switch } from '../controls';
import { MicOffIcon } from '../icons';
import { toast } from '../toasts';
import type { MeetingRoom } from './meetingRoom';

const rights: readonly Right[] = ['mic', 'camera', 'screen', 'chat', 'rename'];

/** What hosts decide for the whole meeting. */
export function HostingSheet({ room, onClose }: { room: MeetingRoom; onClose(): void }) {
  const { settings } = room.state.value;
  const { hosting } = room;
  return (
    <Sheet title={t.hosting.title} onClose={onClose}>
      <section class="stack" data-testid="hosting-sheet">
        <button type="button" class="button plain wide" data-testid="mute-all" onClick={() => hosting.muteAll()}>
          <MicOffIcon />
          {t.hosting.muteAll}
        </button>
        <h3>{t.hosting.door}</h3>
        <Switch label={t.hosting.lock} checked={settings.locked} testId="lock" onChange={(on) => hosting.lock(on)} />
        <Switch
          label={t.hosting.lobby}
          checked={settings.lobby}
          testId="lobby"
          onChange={(on) => hosting.openLobby(on)}
        />
        <PasscodeForm room={room} />
        <Switch
          label={t.hosting.joinTone}
          checked={settings.joinTone}
          testId="join-tone"
          onChange={(on) => hosting.playJoinTone(on)}
        />
        <h3>{t.hosting.rights}</h3>
        {rights.map((right) => (
          <Switch
            key={right}
            label={t.hosting.may[right]}
            checked={settings.rights[right]}
            testId={`may-${right}`}
            onChange={(on) => hosting.setRights({ ...settings.rights, [right]: on })}
          />
        ))}
      </section>
    </Sheet>
  );
}

function PasscodeForm({ room }: { room: MeetingRoom }) {
  const [passcode, setPasscode] = useState('');
  const [error, setError] = useState<string | null>(null);
  const there = room.state.value.settings.passcode;
  const busy = room.hosting.busy.value;
  const change = async (next: string) => {
    const refused = await room.hosting.setPasscode(next);
    setError(refused);
    if (!refused) {
      setPasscode('');
      toast(next ? t.hosting.passcodeSet : t.hosting.passcodeRemoved, 'good');
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void change(passcode);
      }}
    >
      <Field label={there ? t.hosting.passcodeThere : t.hosting.passcode} error={error}>
        {(id) => (
          <div class="input-row">
            <input
              id={id}
              class="input"
              data-testid="new-passcode"
              value={passcode}
              maxLength={passcodeLength}
              autocomplete="off"
              required
              onInput={(event) => setPasscode(event.currentTarget.value)}
            />
            <button type="submit" class="button plain" data-testid="set-passcode" disabled={busy}>
              {there ? t.hosting.change : t.hosting.set}
            </button>
            {there && (
              <button
                type="button"
                class="button plain"
                data-testid="remove-passcode"
                disabled={busy}
                onClick={() => void change('')}
              >
                {t.hosting.none}
              </button>
            )}
          </div>
        )}
      </Field>
    </form>
  );
}
