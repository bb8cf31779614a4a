import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const RULE = /^- \*\*\[([A-Z]+-\d+)\]\*\*/gm;
const TEST = /\bit(?:\.each)?\(/g;
/** Rules of delivery, as [G3], stand in a list of their own. */
const TITLE = /'((?:\[[A-Z]+-?\d+\])+) /g;

const specification = readFileSync(join(dirname(createRequire(import.meta.url).resolve('@chat/protocol/package.json')), 'SPEC.md'), 'utf8');

function rulesOf(text: string): string[] {
  return [...text.matchAll(RULE)].map(([, id]) => id ?? '');
}

/** The rules under `## Chat server`; the others are shown by tests beside what they are about. */
function rulesOfServer(): string[] {
  return rulesOf(specification.split(/^## /m).find((part) => part.startsWith('Chat server\n')) ?? '');
}

/** The specs of this folder, this one left out, with the ids that stand at the beginning of their tests' titles. */
function specs(): readonly { readonly file: string; readonly tests: number; readonly titles: number; readonly ids: readonly string[] }[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.spec.ts') && file !== 'protocol-rules.spec.ts');
  return files.map((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    const titles = [...text.matchAll(TITLE)].map(([, ids]) => ids ?? '');
    const ids = titles.flatMap((title) => [...title.matchAll(/[A-Z]+-\d+/g)].map(([id]) => id));
    return { file, tests: text.match(TEST)?.length ?? 0, titles: titles.length, ids };
  });
}

/** Some rules are shown beside the part that they are about. */
function idsAnywhere(): ReadonlySet<string> {
  const source = dirname(import.meta.dirname);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.spec.ts'));
  const titles = files.flatMap((file) => [...readFileSync(join(source, file), 'utf8').matchAll(TITLE)].map(([, ids]) => ids ?? ''));
  return new Set(titles.flatMap((title) => [...title.matchAll(/[A-Z]+-\d+/g)].map(([id]) => id)));
}

describe('SPEC.md', () => {
  it('names no rule twice', () => {
    const rules = rulesOf(specification);
    expect(rules.filter((id, i) => rules.indexOf(id) !== i)).toEqual([]);
  });

  it('has each rule of the server in the title of a test', () => {
    const rules = rulesOfServer();
    expect(rules.length).toBeGreaterThan(90);
    const shown = idsAnywhere();
    expect(rules.filter((id) => !shown.has(id))).toEqual([]);
  });

  it('has the rule that each title names, and each title names one', () => {
    const rules = new Set(rulesOfServer());
    expect(specs().flatMap(({ ids }) => ids).filter((id) => !rules.has(id))).toEqual([]);
    expect(specs().filter(({ tests, titles }) => tests !== titles).map(({ file }) => file)).toEqual([]);
  });
});
