import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const RULE = /^- \*\*\[([A-Z]+-\d+)\]\*\*/gm;
const TITLE = /\bit(?:\.each\([^)]*\))?\(\s*'((?:\[[A-Z]+-\d+\])*)/g;
const ID = /[A-Z]+-\d+/g;

const specification = readFileSync(join(import.meta.dirname, '../../SPEC.md'), 'utf8');

/** The rules under `## STOMP framing` in SPEC.md; other headings are shown by tests elsewhere. */
function rulesOfFraming(text = specification): string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith('STOMP framing\n')) ?? '';
  return [...section.matchAll(RULE)].map(([, id]) => id ?? '');
}

/** The ids at the beginning of each test's title in this folder, itself left out. */
function idsOfTitles(): string[][] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.spec.ts') && file !== 'spec-coverage.spec.ts')
    .flatMap((file) => [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(TITLE)])
    .map(([, ids]) => ids?.match(ID) ?? []);
}

function rulesWithoutTest(rules: readonly string[]): string[] {
  const shown = new Set(idsOfTitles().flat());
  return rules.filter((id) => !shown.has(id));
}

describe('SPEC.md', () => {
  it('has each rule of framing once, and each in the title of a test', () => {
    const rules = rulesOfFraming();
    expect(rules.length).toBeGreaterThan(40);
    expect(new Set(rules).size).toBe(rules.length);
    expect(rulesWithoutTest(rules)).toEqual([]);
  });

  it('would be found out with a rule that no test shows', () => {
    const planted = rulesOfFraming(specification.replace('\n## STOMP framing\n', '$&\n- **[PLANT-1]** Nothing shows this.\n'));
    expect(rulesWithoutTest(planted)).toEqual(['PLANT-1']);
  });

  it('has every rule that a title here names, and every title names one', () => {
    const rules = new Set(rulesOfFraming());
    const titles = idsOfTitles();
    expect(titles.length).toBeGreaterThan(60);
    expect(titles.filter((ids) => ids.length === 0 || ids.some((id) => !rules.has(id)))).toEqual([]);
  });
});
