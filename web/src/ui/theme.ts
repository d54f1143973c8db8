import { computed, effect, signal } from '@preact/signals';
import { setting } from '../signalling/places';

export type Theme = 'system' | 'light' | 'dark';

export const themes: readonly Theme[] = ['system', 'light', 'dark'];

export const theme = signal<Theme>('system');

const systemDark = signal(false);

/** What is shown now, whichever way it was chosen. */
export const isDark = computed(() => (theme.value === 'system' ? systemDark.value : theme.value === 'dark'));

export function startTheme(): void {
  const kept = setting.get('theme') as Theme | null;
  theme.value = kept && themes.includes(kept) ? kept : 'system';
  const query = matchMedia('(prefers-color-scheme: dark)');
  systemDark.value = query.matches;
  query.addEventListener('change', () => {
    systemDark.value = query.matches;
  });
  effect(() => {
    document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light';
  });
}

export function chooseTheme(choice: Theme): void {
  theme.value = choice;
  setting.set('theme', choice === 'system' ? null : choice);
}
