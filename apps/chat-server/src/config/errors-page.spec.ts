import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CloseCode, ERROR_CODES, ERROR_STATUS, FRAME_ERROR_CODES } from '@chat/protocol';
import { databaseStartErrorCodes } from '../database/database-start-error.ts';
import { SETTINGS_ERROR_CODES } from './settings-error.ts';

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

/** The text under a heading of the second level. */
function chapter(title: string): string {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  if (text === undefined) throw new Error(`docs/errors.md has no chapter '${title}'`);
  return text;
}

/** Codes and their sections, in the page's order. */
function sections(title: string): ReadonlyMap<string, string> {
  return new Map(
    [...chapter(title).matchAll(/^### `(.+)`\n\n((?:(?!^### )[^])+)/gm)].map(([, code = '', text = '']) => [
      code,
      text.trim(),
    ]),
  );
}

test.each<[string, readonly string[]]>([
  ['Requests', ERROR_CODES],
  ['Broken frames', FRAME_ERROR_CODES],
  ['Close codes', Object.values(CloseCode).map(String)],
  ['Settings', SETTINGS_ERROR_CODES],
  ['The database at the start', databaseStartErrorCodes],
])('%s: each code has its section in docs/errors.md, and each section a code', (title, codes) => {
  const described = sections(title);
  expect([...described.keys()].sort()).toEqual([...codes].sort());
  for (const text of described.values()) expect(text.length).toBeGreaterThan(20);
});

test('the sections of requests begin with the HTTP status', () => {
  for (const [code, text] of sections('Requests'))
    expect([code, text.slice(0, 4)]).toEqual([code, `${ERROR_STATUS[code as keyof typeof ERROR_STATUS]}.`]); // checked above
});
