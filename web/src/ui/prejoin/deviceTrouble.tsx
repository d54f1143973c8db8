import { secureAddress } from '../../media/deviceProblem';
import type { DeviceKind, LocalMediaState } from '../../media/localMedia';
import { t } from '../../strings';
import { WarningIcon } from '../icons';

interface DeviceTroubleProps {
  local: LocalMediaState;
  onRetry(kind: DeviceKind): void;
}

/** What is wrong with the devices, and what to click; nothing when all is well. */
export function DeviceTrouble({ local, onRetry }: DeviceTroubleProps) {
  const kinds = (['mic', 'cam'] as const).filter((kind) => local[kind].problem !== null);
  const first = kinds[0];
  const firstProblem = first && local[first].problem;
  if (!first || !firstProblem) {
    return null;
  }
  if (firstProblem === 'insecure') {
    return <Trouble devices={kinds} problem={firstProblem} secure />;
  }
  const same = kinds.length === 2 && local.mic.problem === local.cam.problem;
  if (same) {
    return <Trouble devices={kinds} problem={firstProblem} onRetry={() => kinds.forEach(onRetry)} />;
  }
  return (
    <>
      {kinds.map((kind) => (
        <Trouble key={kind} devices={[kind]} problem={local[kind].problem ?? 'unknown'} onRetry={() => onRetry(kind)} />
      ))}
    </>
  );
}

interface TroubleProps {
  devices: readonly DeviceKind[];
  problem: Parameters<typeof t.problem.title>[1];
  secure?: boolean;
  onRetry?: () => void;
}

function Trouble({ devices, problem, secure, onRetry }: TroubleProps) {
  const several = problem === 'missing' ? t.device.either : t.device.both;
  const device = devices.length === 2 ? several : t.device[devices[0] ?? 'mic'];
  return (
    <div class="trouble" role="alert" data-testid="device-trouble" data-problem={problem}>
      <WarningIcon />
      <div>
        <strong>{t.problem.title(device, problem)}</strong>
        <p>{t.problem.advice(device, problem)}</p>
        {secure && (
          <a class="button plain small" href={secureAddress(location)}>
            {t.problem.secureLink}
          </a>
        )}
        {onRetry && (
          <button type="button" class="button plain small" onClick={onRetry}>
            {t.tryAgain}
          </button>
        )}
      </div>
    </div>
  );
}
