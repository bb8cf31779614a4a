export const SETTINGS_ERROR_CODES = [
  'setting-missing',
  'setting-invalid',
  'setting-unreadable',
  'settings-conflict',
] as const;

export type SettingsErrorCode = (typeof SETTINGS_ERROR_CODES)[number];

/** The server cannot start with these settings. The message is one line that names the variable and never shows a secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code: SettingsErrorCode;
  readonly variable: string;

  constructor(code: SettingsErrorCode, variable: string, fault: string) {
    super(`${variable} ${fault}`);
    this.code = code;
    this.variable = variable;
  }
}
