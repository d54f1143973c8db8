import { t } from '../../strings';
import { layouts } from '../layout';
import type { RoomStage } from './roomStage';

export function LayoutChoice({ stage }: { stage: RoomStage }) {
  return (
    <div class="segments" role="radiogroup" aria-label={t.meeting.layout}>
      {layouts.map((layout) => (
        <label key={layout} class="segment">
          <input
            type="radio"
            name="layout"
            data-testid={`layout-${layout}`}
            checked={stage.layout.value === layout}
            onChange={() => stage.choose(layout)}
          />
          <span>{t.meeting.layouts[layout]}</span>
        </label>
      ))}
    </div>
  );
}
