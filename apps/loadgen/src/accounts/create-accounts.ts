import type { Accounts } from './accounts.ts';
import { RegisteredAccounts } from './registered-accounts.ts';
import { SignedAccounts } from './signed-accounts.ts';
import type { Options } from '../options/options.ts';

const AFTER_THE_LOAD_SECONDS = 3_600;

export function createAccounts({ jwtSecret, urls, duration }: Options): Accounts {
  if (jwtSecret === undefined) return new RegisteredAccounts(urls[0] ?? '');
  return new SignedAccounts(jwtSecret, Math.ceil(duration / 1_000) + AFTER_THE_LOAD_SECONDS);
}
