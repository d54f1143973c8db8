import { chooseLanguage, type Language, languages, t } from '../strings';
import { LanguageIcon } from './icons';
import { toast } from './toasts';

/** Each language by its own name, so that everybody finds theirs. */
export function LanguagePicker() {
  const choose = (language: Language) => chooseLanguage(language).catch(() => toast(t.settings.languageFailed, 'bad'));
  return (
    <label class="picker language">
      <LanguageIcon />
      <span class="visually-hidden">{t.settings.language}</span>
      <select
        class="select"
        title={t.settings.language}
        value={t.language}
        data-testid="language-select"
        onChange={(event) => void choose(event.currentTarget.value as Language)}
      >
        {Object.entries(languages).map(([language, { name }]) => (
          <option key={language} value={language} lang={language}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
