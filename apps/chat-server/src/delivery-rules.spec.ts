import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = import.meta.dirname;

test('every rule of SPEC.md is in the title of a test, and every id in a title is a rule', () => {
  const rules = [...readFileSync(join(folder, '../SPEC.md'), 'utf8').matchAll(/^- \*\*([A-Z]\d)\*\*/gm)].map((match) => match[1] ?? '');
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(spec|contract)\.ts$/.test(file));
  const titles = tests.flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/\b(?:test|it)(?:\.each[^(]*\([^)]*\))?\(\s*['"`]((?:\[[^\]]+\] ?)+)/g)]);
  const shown = new Set(titles.flatMap((match) => [...(match[1] ?? '').matchAll(/\[([ARGSCL]\d)\]/g)].map((id) => id[1] ?? '')));
  expect(rules.filter((rule) => !shown.has(rule))).toEqual([]);
  expect([...shown].filter((id) => !rules.includes(id))).toEqual([]);
});
