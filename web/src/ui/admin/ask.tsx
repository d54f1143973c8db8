import { useState } from 'preact/hooks';
import { t } from '../../strings';
import { ErrorMessage, Sheet } from '../controls';
import { whyFailed } from './session';

/** Something that cannot be undone, which is asked for once more. */
export interface Question {
  title: string;
  lead: string;
  action: string;
  act(): Promise<void>;
}

export function Ask({ question, onClose }: { question: Question; onClose(): void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const act = async () => {
    setBusy(true);
    try {
      await question.act();
      onClose();
    } catch (refused) {
      setError(whyFailed(refused));
      setBusy(false);
    }
  };
  return (
    <Sheet title={question.title} onClose={onClose}>
      <p>{question.lead}</p>
      {error && <ErrorMessage>{error}</ErrorMessage>}
      <div class="sheet-actions">
        <button type="button" class="button plain" onClick={onClose}>
          {t.cancel}
        </button>
        <button
          type="button"
          class="button danger"
          data-testid="ask-confirm"
          disabled={busy}
          onClick={() => void act()}
        >
          {question.action}
        </button>
      </div>
    </Sheet>
  );
}
