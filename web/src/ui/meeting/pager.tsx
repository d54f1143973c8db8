import type { ComponentChildren } from 'preact';
import { t } from '../../strings';
import { BackIcon, ForwardIcon } from '../icons';
import type { RoomStage } from './roomStage';

/** The way to those for whom the stage has no room. */
export function Pager({ stage }: { stage: RoomStage }) {
  const { page, pages } = stage.plan.value;
  if (pages === 1) {
    return null;
  }
  return (
    <nav class="pager" aria-label={t.meeting.pages} data-testid="pager">
      <PageButton
        label={t.meeting.pageBefore}
        testId="page-before"
        disabled={page === 0}
        onClick={() => stage.turn(-1)}
      >
        <BackIcon />
      </PageButton>
      <span role="status" data-testid="page">
        {t.meeting.page(page + 1, pages)}
      </span>
      <PageButton
        label={t.meeting.pageAfter}
        testId="page-after"
        disabled={page === pages - 1}
        onClick={() => stage.turn(1)}
      >
        <ForwardIcon />
      </PageButton>
    </nav>
  );
}

interface PageButtonProps {
  label: string;
  testId: string;
  disabled: boolean;
  onClick(): void;
  children: ComponentChildren;
}

/** At an end it stays where it is, so that who turns pages by keyboard does not lose the focus. */
function PageButton({ label, testId, disabled, onClick, children }: PageButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      aria-disabled={disabled}
      data-testid={testId}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
