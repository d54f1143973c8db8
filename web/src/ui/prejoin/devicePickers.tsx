import type { ComponentChildren } from 'preact';
import type { DeviceChoice, DeviceKind, LocalMediaState } from '../../media/localMedia';
import { t } from '../../strings';
import { canChooseSpeaker } from '../devices';
import { CamIcon, MicIcon, SpeakerIcon } from '../icons';

interface PickerProps {
  label: string;
  icon: ComponentChildren;
  chosen: string;
  choices: readonly DeviceChoice[];
  testId: string;
  onChoose(id: string): void;
}

function Picker({ label, icon, chosen, choices, testId, onChoose }: PickerProps) {
  if (!choices.length) {
    return null;
  }
  // A device chosen once may be unplugged now: the browser then takes its own choice.
  const known = choices.some((choice) => choice.id === chosen) ? chosen : '';
  return (
    <label class="picker">
      {icon}
      <span class="visually-hidden">{label}</span>
      <select
        class="select"
        value={known}
        data-testid={testId}
        title={label}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        <option value="">{t.prejoin.systemDefault}</option>
        {choices
          .filter((choice) => choice.id !== 'default')
          .map((choice, index) => (
            <option key={choice.id} value={choice.id}>
              {choice.label || t.prejoin.unnamed(label, index + 1)}
            </option>
          ))}
      </select>
    </label>
  );
}

interface DevicePickersProps {
  local: LocalMediaState;
  onChoose(kind: DeviceKind | 'speaker', id: string): void;
}

export function DevicePickers({ local, onChoose }: DevicePickersProps) {
  return (
    <div class="pickers">
      <Picker
        label={t.prejoin.mic}
        icon={<MicIcon />}
        chosen={local.mic.deviceId}
        choices={local.mic.choices}
        testId="mic-select"
        onChoose={(id) => onChoose('mic', id)}
      />
      <Picker
        label={t.prejoin.cam}
        icon={<CamIcon />}
        chosen={local.cam.deviceId}
        choices={local.cam.choices}
        testId="cam-select"
        onChoose={(id) => onChoose('cam', id)}
      />
      {canChooseSpeaker && (
        <Picker
          label={t.prejoin.speaker}
          icon={<SpeakerIcon />}
          chosen={local.speakerId}
          choices={local.speakers}
          testId="speaker-select"
          onChoose={(id) => onChoose('speaker', id)}
        />
      )}
    </div>
  );
}
