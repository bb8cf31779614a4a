import { en } from './en.ts';
import { ko } from './ko.ts';

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;
export type Values = Readonly<Record<string, string | number>>;

/** Keys that come in a form for each plural category, named without it. */
export type CountedKey = TextKey extends infer Key ? (Key extends `${infer Stem}.one` ? Stem : never) : never;

export const LANGUAGES = { ko: '한국어', en: 'English' } as const;
export type Language = keyof typeof LANGUAGES;

const TEXTS: Readonly<Record<Language, Texts>> = { ko, en };

/** The texts of one language. */
export class Translator {
  readonly language: Language;
  readonly #texts: Texts;
  readonly #plurals: Intl.PluralRules;
  readonly #numbers: Intl.NumberFormat;

  constructor(language: Language) {
    this.language = language;
    this.#texts = TEXTS[language];
    this.#plurals = new Intl.PluralRules(language);
    this.#numbers = new Intl.NumberFormat(language);
  }

  text(key: TextKey, values: Values = {}): string {
    return this.#texts[key].replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) return placeholder;
      return typeof value === 'number' ? this.#numbers.format(value) : value;
    });
  }

  /** The form of the text that fits `count`, which it may show as `{count}`. */
  counted(key: CountedKey, count: number, values: Values = {}): string {
    const form = this.#plurals.select(count) === 'one' ? 'one' : 'other';
    return this.text(`${key}.${form}`, { ...values, count });
  }
}

/** The first language of the browser that there are texts for. */
export function languageOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language === 'ko' || language === 'en') return language;
  }
  return 'en';
}
