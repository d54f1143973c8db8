import { t } from '../../strings';
import { toast } from '../toasts';

/** A secret that nobody can look up later. */
export function OnceShown({ label, value, testId }: { label: string; value: string; testId: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      toast(t.connection.copied, 'good');
    } catch {
      toast(t.connection.notCopied, 'bad');
    }
  };
  return (
    <section class="card stack" role="status" data-testid={testId}>
      <strong>{label}</strong>
      <div class="input-row">
        <input class="input" readonly value={value} aria-label={label} data-testid={`${testId}-value`} />
        <button type="button" class="button plain" onClick={() => void copy()}>
          {t.connection.copy}
        </button>
      </div>
    </section>
  );
}
