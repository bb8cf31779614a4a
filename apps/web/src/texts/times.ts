import type { Translator } from './texts.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Whole calendar days from `at` to `now`, whatever the clocks did in between. */
function daysAgo(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
}

export function sameDay(a: number, b: number): boolean {
  return startOfDay(a) === startOfDay(b);
}

/** Formats moments as a person would say them. */
export class Times {
  readonly #translator: Translator;
  readonly #time: Intl.DateTimeFormat;
  readonly #weekday: Intl.DateTimeFormat;
  readonly #dayOfYear: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #dayLine: Intl.DateTimeFormat;
  readonly #full: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #relative: Intl.RelativeTimeFormat;

  /** `preferred` are the browser's languages: a Briton reads English, and 14:05. */
  constructor(translator: Translator, preferred: readonly string[] = []) {
    const language = preferred.find((tag) => tag.toLowerCase().startsWith(translator.language)) ?? translator.language;
    this.#translator = translator;
    this.#time = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
    this.#weekday = new Intl.DateTimeFormat(language, { weekday: 'long' });
    this.#dayOfYear = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
    this.#date = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'numeric', day: 'numeric' });
    this.#dayLine = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' });
    this.#full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' });
    this.#moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
    this.#relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  }

  /** 14:05 */
  clock(at: number): string {
    return this.#time.format(at);
  }

  /** Short, for a list: now, 14:05, yesterday, Monday, 3 May, 03/05/2024. */
  brief(at: number, now: number): string {
    if (Math.abs(now - at) < 60_000) return this.#translator.text('time.now');
    const days = daysAgo(at, now);
    if (days <= 0) return this.#time.format(at);
    if (days === 1) return this.#relative.format(-1, 'day');
    if (days < 7) return this.#weekday.format(at);
    if (new Date(at).getFullYear() === new Date(now).getFullYear()) return this.#dayOfYear.format(at);
    return this.#date.format(at);
  }

  /** For the line between two days. */
  day(at: number): string {
    return this.#dayLine.format(at);
  }

  /** In full, and short enough for a list: 3 May 2026, 14:05. */
  moment(at: number): string {
    return this.#moment.format(at);
  }

  full(at: number): string {
    return this.#full.format(at);
  }
}
