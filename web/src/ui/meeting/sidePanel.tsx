import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
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
  const panel = useRef<HTMLElement>(null);
  const opener = useRef(document.activeElement);
  // Who closes the panel from within goes back to where they came from.
  useEffect(
    () => () => {
      if (panel.current?.contains(document.activeElement) && opener.current instanceof HTMLElement) {
        opener.current.focus();
      }
    },
    [],
  );
  return (
    <aside ref={panel} class="side-panel" aria-labelledby={heading} data-testid={testId}>
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
