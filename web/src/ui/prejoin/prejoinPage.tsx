import { useEffect, useState } from 'preact/hooks';
import { measureLevel } from '../../media/levelMeter';
import { ownName } from '../../signalling/places';
import { t } from '../../strings';
import { Avatar } from '../avatar';
import { Field, TopBar } from '../controls';
import { CamIcon, CamOffIcon, LinkIcon, MicIcon, MicOffIcon } from '../icons';
import { LevelBar } from '../levelBar';
import { copyMeetingLink } from '../meeting/copyLink';
import type { Visit } from '../meeting/visit';
import { useStream } from '../useStream';
import { Video } from '../video';
import { DevicePickers } from './devicePickers';
import { DeviceTrouble } from './deviceTrouble';

function useLevel(track: MediaStreamTrack | null): number {
  const [level, setLevel] = useState(-100);
  useEffect(() => {
    setLevel(-100);
    return track ? measureLevel(track, setLevel) : undefined;
  }, [track]);
  return level;
}

export function PrejoinPage({ visit }: { visit: Visit }) {
  const [name, setName] = useState(ownName.get());
  const summary = visit.summary.value;
  const local = visit.local.value;
  const refusal = visit.refusal.value;

  useEffect(() => {
    document.title = `${summary?.title ?? ''} · ${t.product}`;
  }, [summary?.title]);

  const join = (event: Event) => {
    event.preventDefault();
    void visit.join(name.trim());
  };

  return (
    <div class="page">
      <TopBar />
      <main class="prejoin">
        <section class="prejoin-devices" aria-label={t.settings.devices}>
          <Preview visit={visit} name={name} />
          <DeviceTrouble local={local} onRetry={(kind) => visit.setDevice(kind, true)} />
          <DevicePickers local={local} onChoose={(kind, id) => visit.choose(kind, id)} />
        </section>
        <form class="prejoin-form stack" onSubmit={join}>
          <p class="eyebrow">{t.prejoin.ready}</p>
          <h1 dir="auto">{summary?.title}</h1>
          {summary && (
            <p class="muted">
              <bdi>{t.home.by(summary.createdBy)}</bdi> ·{' '}
              {summary.participants ? t.prejoin.people(summary.participants) : t.prejoin.nobody}
            </p>
          )}
          <Field label={t.home.name} error={refusal ? refusal.message || t.refusal(refusal.code) : null}>
            {(id) => (
              <input
                id={id}
                class="input"
                data-testid="name-input"
                value={name}
                placeholder={t.home.nameHint}
                maxLength={visit.nameLength.value}
                required
                autocomplete="name"
                onInput={(event) => setName(event.currentTarget.value)}
              />
            )}
          </Field>
          <button
            type="submit"
            class="button primary wide large"
            data-testid="join-button"
            disabled={visit.joining.value || !name.trim()}
          >
            {visit.joining.value ? t.prejoin.joining : t.prejoin.join}
          </button>
          {visit.creatorSecret && (
            <div class="share">
              <p>{t.prejoin.created}</p>
              <button type="button" class="button plain" onClick={() => void copyMeetingLink(visit.id)}>
                <LinkIcon />
                {t.meeting.copyLink}
              </button>
            </div>
          )}
        </form>
      </main>
    </div>
  );
}

function Preview({ visit, name }: { visit: Visit; name: string }) {
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
