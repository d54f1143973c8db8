import { t } from '../../strings';
import { Sheet } from '../controls';
import { MicIcon } from '../icons';
import type { MeetingRoom } from './meetingRoom';

/** A host asks; nobody but the person can unmute. */
export function UnmuteQuestion({ room }: { room: MeetingRoom }) {
  const by = room.askedBy.value;
  if (by === null) {
    return null;
  }
  return (
    <Sheet title={t.unmute.title(by)} onClose={() => room.answerAsk(false)}>
      <p>{t.unmute.lead}</p>
      <div class="sheet-actions">
        <button type="button" class="button plain" data-testid="stay-muted" onClick={() => room.answerAsk(false)}>
          {t.unmute.stay}
        </button>
        <button type="button" class="button primary" data-testid="unmute" onClick={() => room.answerAsk(true)}>
          <MicIcon />
          {t.unmute.accept}
        </button>
      </div>
    </Sheet>
  );
}
