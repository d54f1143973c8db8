import { useState } from 'preact/hooks';
import { t } from '../../strings';
import { ErrorMessage, Sheet, Switch } from '../controls';
import { LanguagePicker } from '../languagePicker';
import { LevelBar } from '../levelBar';
import { DevicePickers } from '../prejoin/devicePickers';
import { DeviceTrouble } from '../prejoin/deviceTrouble';
import { chooseTheme, theme, themes } from '../theme';
import { ConnectionSheet } from './connectionSheet';
import { HostingSheet } from './hostingSheet';
import type { MeetingRoom } from './meetingRoom';
import { PersonSheet } from './personSheet';
import type { Visit } from './visit';

export function Sheets({ room, visit }: { room: MeetingRoom; visit: Visit }) {
  const close = () => {
    room.sheet.value = null;
  };
  const sheet = room.sheet.value;
  if (sheet !== null && typeof sheet === 'object') {
    return <PersonSheet key={sheet.person} room={room} id={sheet.person} onClose={close} />;
  }
  switch (sheet) {
    case 'settings':
      return <SettingsSheet room={room} visit={visit} onClose={close} />;
    case 'connection':
      return <ConnectionSheet room={room} onClose={close} />;
    case 'help':
      return <HelpSheet onClose={close} />;
    case 'hosting':
      return <HostingSheet room={room} onClose={close} />;
    case 'end':
      return <EndSheet room={room} onClose={close} />;
    default:
      return null;
  }
}

function SettingsSheet({ room, visit, onClose }: { room: MeetingRoom; visit: Visit; onClose(): void }) {
  return (
    <Sheet title={t.settings.title} onClose={onClose}>
      <section class="stack">
        <h3>{t.settings.devices}</h3>
        <DeviceTrouble local={room.local.value} onRetry={(kind) => void room.setDevice(kind, true)} />
        <DevicePickers local={room.local.value} onChoose={(kind, id) => visit.choose(kind, id)} />
        <LevelBar level={room.voice.level.value} />
        <Switch
          label={t.settings.noise}
          checked={room.noise.wanted.value}
          testId="noise"
          onChange={(wanted) => room.noise.choose(wanted)}
        />
        <Switch
          label={t.settings.blur}
          checked={room.blur.wanted.value}
          testId="blur"
          onChange={(wanted) => room.blur.choose(wanted)}
        />
      </section>
      <section class="stack">
        <h3>{t.settings.theme}</h3>
        <div class="segments" role="radiogroup" aria-label={t.settings.theme}>
          {themes.map((choice) => (
            <label key={choice} class="segment">
              <input type="radio" name="theme" checked={theme.value === choice} onChange={() => chooseTheme(choice)} />
              <span>{t.settings.themes[choice]}</span>
            </label>
          ))}
        </div>
      </section>
      <section class="stack">
        <h3>{t.settings.language}</h3>
        <LanguagePicker />
      </section>
    </Sheet>
  );
}

function HelpSheet({ onClose }: { onClose(): void }) {
  return (
    <Sheet title={t.help.title} onClose={onClose}>
      <dl class="keys" data-testid="help-sheet">
        {t.help.keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">{t.help.note}</p>
    </Sheet>
  );
}

function EndSheet({ room, onClose }: { room: MeetingRoom; onClose(): void }) {
  const [error, setError] = useState<string | null>(null);
  const end = async () => setError(await room.hosting.endForAll());
  return (
    <Sheet title={t.meeting.endTitle} onClose={onClose}>
      <p>{t.meeting.endLead}</p>
      {error && <ErrorMessage>{error}</ErrorMessage>}
      <div class="sheet-actions">
        <button type="button" class="button plain" onClick={onClose}>
          {t.cancel}
        </button>
        <button
          type="button"
          class="button danger"
          data-testid="end-confirm"
          disabled={room.hosting.busy.value}
          onClick={() => void end()}
        >
          {t.meeting.endConfirm}
        </button>
      </div>
    </Sheet>
  );
}
