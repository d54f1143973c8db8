import { meterShare } from '../media/level';
import { t } from '../strings';

const bars = 12;

/** The level of the microphone as bars; `level` in dBFS. */
export function LevelBar({ level }: { level: number }) {
  const share = meterShare(level);
  return (
    <div class="level" title={t.prejoin.level} data-testid="level-meter" data-level={share.toFixed(2)}>
      <meter class="visually-hidden" aria-label={t.prejoin.level} min={0} max={1} value={share} />
      {Array.from({ length: bars }, (_, index) => (
        <span key={index} class={index < Math.round(share * bars) ? 'lit' : ''} />
      ))}
    </div>
  );
}
