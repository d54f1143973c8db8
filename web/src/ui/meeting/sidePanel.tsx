import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../../strings';
import { CloseIcon } from '../icons';

interface SidePanelProps {
  title: string;
  testId: string;
  onClose(): void;
  children: ComponentChildren;
}

/** Beside the stage where there is room, over it on a phone. */
export function SidePanel({ title, testId, onClose, children }: SidePanelProps) {
  const heading = useId();
  return (
    <aside class="side-panel" aria-labelledby={heading} data-testid={testId}>
      <header class="side-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" class="icon-button" aria-label={t.close} title={t.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {children}
    </aside>
  );
}
