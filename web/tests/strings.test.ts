import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseLanguage, type Language, languageOf, languages, localeOf, startLanguage, t } from '../src/strings';
import { refusalText } from '../src/ui/refusalText';
import { duration } from '../src/ui/text';

const kept = new Map<string, string>();

function browser(...preferred: string[]): void {
  vi.stubGlobal('navigator', { languages: preferred });
}

beforeEach(() => {
  kept.clear();
  browser('en-GB');
  vi.stubGlobal('document', { documentElement: { lang: '' } });
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});

afterEach(async () => {
  await chooseLanguage('en');
  vi.unstubAllGlobals();
});

describe('the language', () => {
  it.each<[string | null, string[], Language]>([
    [null, ['en-GB', 'zh-CN'], 'en'],
    [null, ['zh'], 'zh-CN'],
    [null, ['zh-Hans-SG', 'en'], 'zh-CN'],
    [null, ['zh-TW'], 'zh-CN'],
    [null, ['sv-SE', 'zh-CN', 'en'], 'zh-CN'],
    [null, ['sv-SE'], 'en'],
    [null, [], 'en'],
    ['zh-CN', ['en-GB'], 'zh-CN'],
    ['en', ['zh-CN'], 'en'],
    ['klingon', ['zh-CN'], 'zh-CN'],
  ])('chosen %j in a browser of %j is %j', (chosen, preferred, language) => {
    expect(languageOf(chosen, preferred)).toBe(language);
  });

  it('is taken up by all words at once, said in the page, and remembered', async () => {
    const before = t.meeting.leave;
    await chooseLanguage('zh-CN');
    expect([before, t.meeting.leave, document.documentElement.lang]).toEqual(['Leave', '离开', 'zh-CN']);
    await chooseLanguage('en');
    kept.set('parley.language', 'zh-CN');
    await startLanguage();
    expect(t.meeting.leave).toBe('离开');
  });

  it('is the last one chosen, whichever came first', async () => {
    await Promise.all([chooseLanguage('zh-CN'), chooseLanguage('en')]);
    expect([t.language, kept.get('parley.language')]).toEqual(['en', 'en']);
  });

  it('writes numbers and times in its own way, and in the browser’s variant of it', async () => {
    expect(localeOf('en', ['zh-CN', 'en-GB'])).toBe('en-GB');
    expect(localeOf('zh-CN', ['en-GB'])).toBe('zh-CN');
    expect(duration(3_900_000)).toBe('1h 5m');
    await chooseLanguage('zh-CN');
    expect(duration(3_900_000)).toBe('1小时 5分钟');
  });
});

describe('a refusal', () => {
  const refusal = { code: 'meetingFull', message: 'Ten are here already.' };

  it('is in the server’s words in its language, and in ours in another', async () => {
    expect(refusalText(refusal)).toBe('Ten are here already.');
    expect(refusalText({ ...refusal, message: '' })).toBe(t.refusals.meetingFull);
    await chooseLanguage('zh-CN');
    expect(refusalText(refusal)).toBe('会议人数已满。');
  });

  it('that is not known is better said in another language than not at all', async () => {
    await chooseLanguage('zh-CN');
    expect(refusalText({ code: 'new', message: 'It rains.' })).toBe('It rains.');
    expect(refusalText({ code: 'new', message: '' })).toBe(t.refused);
  });
});

/** All texts of a language with the way to each; functions are called with words that would show. */
function textsOf(words: unknown, path = ''): [string, string][] {
  if (typeof words === 'string') {
    return [[path, words]];
  }
  return typeof words === 'object' && words !== null
    ? Object.entries(words).flatMap(([key, value]) => textsOf(value, `${path}.${key}`))
    : [];
}

describe('a translation', () => {
  const others = (Object.keys(languages) as Language[]).filter((language) => language !== 'en');

  it.each(others)('to %s leaves no text empty or in English', async (language) => {
    const english = new Map(textsOf(await languages.en.load()));
    // Names, units and keys are the same everywhere.
    const same = /^(Parley|[A-Z?]|Esc|–|)$/;
    for (const [path, text] of textsOf(await languages[language].load())) {
      const original = english.get(path) ?? '';
      if (!same.test(original)) {
        expect(text.trim(), path).not.toBe('');
        expect(text, path).not.toBe(original);
      }
    }
  });
});
