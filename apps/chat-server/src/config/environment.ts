import { readFileSync } from 'node:fs';
import { SETTINGS, type SettingName } from './setting-list.ts';
import { SettingsError } from './settings-error.ts';

/** Reads single variables; each fault is a `SettingsError` that names the variable. An empty variable counts as not set. */
export class Environment {
  readonly #variables: NodeJS.ProcessEnv;

  constructor(variables: NodeJS.ProcessEnv) {
    this.#variables = variables;
  }

  /** The value, or the list's fallback, or `undefined`. */
  optional(name: SettingName): string | undefined {
    const spec = SETTINGS.get(name);
    const fromFile = spec?.secret ? this.#fromFile(name) : undefined;
    const value = this.#variables[name] || undefined;
    if (fromFile !== undefined && value !== undefined) {
      throw new SettingsError('settings-conflict', name, `and ${name}_FILE are both set: leave one of them out`);
    }
    return fromFile ?? value ?? spec?.fallback;
  }

  text(name: SettingName): string {
    const value = this.optional(name);
    if (value === undefined) throw new SettingsError('setting-missing', name, 'is missing');
    return value;
  }

  integer(name: SettingName, minimum: number, maximum: number): number {
    const text = this.text(name);
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= minimum && value <= maximum)) {
      throw invalid(name, `must be a whole number from ${minimum} to ${maximum}`, text);
    }
    return value;
  }

  oneOf<const Choice extends string>(name: SettingName, choices: readonly Choice[]): Choice {
    const text = this.text(name);
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined)
      throw invalid(name, `must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`, text);
    return choice;
  }

  /** Parts separated by commas, without spaces around them and without empty ones. */
  list(name: SettingName): readonly string[] {
    const text = this.optional(name) ?? '';
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }

  #fromFile(name: SettingName): string | undefined {
    const variable = `${name}_FILE`;
    const path = this.#variables[variable] || undefined;
    if (path === undefined) return undefined;
    let content: string;
    try {
      content = readFileSync(path, 'utf8');
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
      throw new SettingsError(
        'setting-unreadable',
        variable,
        `names a file that cannot be read (${reason}): ${quoted(path)}`,
      );
    }
    // Editors and `echo` end a file with a line break that is no part of the secret.
    const value = content.replace(/\r?\n$/, '');
    if (value === '') throw new SettingsError('setting-invalid', variable, `names an empty file: ${quoted(path)}`);
    return value;
  }
}

/** The fault of a value that may be shown. Never for secrets. */
export function invalid(name: SettingName, rule: string, value: string): SettingsError {
  return new SettingsError('setting-invalid', name, `${rule}, but is ${quoted(value)}`);
}

/** On one line whatever stands in it, and short. */
function quoted(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
