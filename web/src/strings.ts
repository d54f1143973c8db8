import { signal } from '@preact/signals';
import { setting } from './signalling/places';
import { english, type Strings } from './strings/en';

export type { Strings };

/** The languages there are, each by its own name. All but English are loaded when they are wanted. */
export const languages = {
  en: { name: 'English', load: async () => english },
  'zh-CN': { name: '简体中文', load: async () => (await import('./strings/zh-CN')).chinese },
} satisfies Record<string, { name: string; load(): Promise<Strings> }>;

export type Language = keyof typeof languages;

const words = signal<Strings>(english);
let wanted: Language = 'en';

/** The words in use. What reads them while it draws is drawn again when the language changes. */
export const t: Strings = new Proxy(english, { get: (_, key) => Reflect.get(words.value, key) });

/** The language that a person chose, else the first that their browser asks for and we have, in any of its variants. */
export function languageOf(chosen: string | null, preferred: readonly string[]): Language {
  const all = Object.keys(languages) as Language[];
  const primary = (tag: string) => tag.toLowerCase().split('-')[0];
  const ours = preferred.flatMap((tag) => all.filter((language) => primary(language) === primary(tag)));
  return all.find((language) => language === chosen) ?? ours[0] ?? 'en';
}

/** For dates and numbers: the browser's own variant of the language, which may write them in another way. */
export function localeOf(language: string, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.split('-')[0] === language.split('-')[0]) ?? language;
}

export const locale = () => localeOf(t.language, globalThis.navigator?.languages ?? []);

/** Before anything is drawn. Without its file the page is in English. */
export async function startLanguage(): Promise<void> {
  await use(languageOf(setting.get('language'), navigator.languages)).catch(() => {});
}

/** Rejects when the language could not be loaded; the page then stays as it is. */
export async function chooseLanguage(language: Language): Promise<void> {
  if (await use(language)) {
    setting.set('language', language);
  }
}

/** False when another was chosen while this one was on its way. */
async function use(language: Language): Promise<boolean> {
  wanted = language;
  const loaded = await languages[language].load();
  if (wanted !== language) {
    return false;
  }
  words.value = loaded;
  document.documentElement.lang = loaded.language;
  return true;
}
