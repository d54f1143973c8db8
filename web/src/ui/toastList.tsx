import { t } from '../strings';
import { CloseIcon } from './icons';
import { dismissToast, toasts } from './toasts';

export function ToastList() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((one) => (
        <div key={one.id} class={`toast ${one.tone}`} data-testid="toast">
          <span dir="auto">{one.text}</span>
          <button type="button" class="toast-close" aria-label={t.close} onClick={() => dismissToast(one.id)}>
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
