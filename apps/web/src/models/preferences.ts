import { remember, remembered } from '../platform/browser-storage.ts';
import { LANGUAGES, type Language, languageOf } from '../texts/texts.ts';
import { Observed } from './observed.ts';

export type Theme = 'light' | 'dark';

/** Choices of this browser; what has not been chosen follows the device. */
export class Preferences {
  readonly theme: Observed<Theme | undefined>;
  readonly chosenLanguage: Observed<Language | undefined>;

  constructor() {
    const theme = remembered('chat.theme');
    const language = remembered('chat.language');
    this.theme = new Observed(theme === 'light' || theme === 'dark' ? theme : undefined);
    this.chosenLanguage = new Observed(language !== undefined && language in LANGUAGES ? (language as Language) : undefined);
  }

  get language(): Language {
    return this.chosenLanguage.value ?? languageOf(navigator.languages);
  }

  chooseTheme(theme: Theme | undefined): void {
    remember('chat.theme', theme);
    this.theme.set(theme);
  }

  chooseLanguage(language: Language | undefined): void {
    remember('chat.language', language);
    this.chosenLanguage.set(language);
  }
}
