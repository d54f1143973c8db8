import type { ComponentChildren, Ref, TargetedMouseEvent } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../strings';
import { CloseIcon, Mark, MoonIcon, SunIcon, WarningIcon } from './icons';
import { LanguagePicker } from './languagePicker';
import { navigate, paths } from './router';
import { chooseTheme, isDark } from './theme';

interface LinkProps {
  href: string;
  class?: string;
  /** It leads to what is shown. */
  current?: boolean;
  children: ComponentChildren;
  'data-testid'?: string;
}

/** A link inside the client: changes the page without loading it anew. */
export function Link({ href, current = false, children, ...rest }: LinkProps) {
  const follow = (event: TargetedMouseEvent<HTMLAnchorElement>) => {
    if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      navigate(href);
    }
  };
  return (
    <a href={href} aria-current={current ? 'page' : undefined} onClick={follow} {...rest}>
      {children}
    </a>
  );
}

export function Brand() {
  return (
    <Link href={paths.start} class="brand">
      <Mark />
      <span>{t.product}</span>
    </Link>
  );
}

export function ThemeButton() {
  const dark = isDark.value;
  const label = dark ? t.theme.toLight : t.theme.toDark;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      onClick={() => chooseTheme(dark ? 'light' : 'dark')}
    >
      {dark ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}

/** The head of every page but the meeting itself. */
export function TopBar({ children }: { children?: ComponentChildren }) {
  return (
    <header class="top-bar">
      <Brand />
      <nav class="top-links">
        {children}
        <LanguagePicker />
        <ThemeButton />
      </nav>
    </header>
  );
}

interface FieldProps {
  label: string;
  children: (id: string) => ComponentChildren;
  error?: string | null | undefined;
}

export function Field({ label, children, error }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id)}
      {error && <ErrorMessage>{error}</ErrorMessage>}
    </div>
  );
}

export function ErrorMessage({ children }: { children: ComponentChildren }) {
  return (
    <p class="error-message" role="alert" data-testid="error-message">
      <WarningIcon />
      <span>{children}</span>
    </p>
  );
}

/** A modal sheet: the browser keeps the focus inside and closes it with Escape. */
export function Sheet({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog: Ref<HTMLDialogElement> = useRef(null);
  const heading = useId();
  useEffect(() => {
    const opened = document.activeElement;
    dialog.current?.showModal();
    return () => opened instanceof HTMLElement && opened.focus();
  }, []);
  // A click on the backdrop is a click on the dialog itself, outside of what it contains.
  const outside = (event: MouseEvent) => {
    if (event.target === dialog.current) {
      onClose();
    }
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, as in every dialog.
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={heading}
      onClick={outside}
      onCancel={(event: Event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="sheet-inside">
        <header class="sheet-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" class="icon-button" aria-label={t.close} title={t.close} onClick={onClose}>
            <CloseIcon />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** One thing that is on or off. */
export function Switch(props: { label: string; checked: boolean; testId: string; onChange(on: boolean): void }) {
  return (
    <label class="switch">
      <span>{props.label}</span>
      <input
        type="checkbox"
        role="switch"
        checked={props.checked}
        aria-checked={props.checked}
        data-testid={props.testId}
        onChange={(event) => {
          const input = event.currentTarget;
          const wanted = input.checked;
          // It shows what is, not what is wished: a refusal leaves it where it was.
          input.checked = props.checked;
          props.onChange(wanted);
        }}
      />
    </label>
  );
}

/** What may be wider than the page: it scrolls by itself, with the keyboard too. */
export function Scrolling({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a focus in it nobody could scroll it by keys.
    <section class="table-wrap" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** A page that says one thing and offers ways onward. */
export function Notice(props: {
  title: string;
  lead?: string | undefined;
  icon?: ComponentChildren;
  testId?: string;
  children?: ComponentChildren;
}) {
  return (
    <main class="notice" data-testid={props.testId}>
      {props.icon && <div class="notice-icon">{props.icon}</div>}
      <h1>{props.title}</h1>
      {props.lead && <p class="lead">{props.lead}</p>}
      <div class="notice-actions">{props.children}</div>
    </main>
  );
}

export function Spinner() {
  return <span class="spinner" aria-hidden="true" />;
}
