import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

// Holds libs/protocol/SPEC.md and the tests together: no rule without a test, no test here without a rule.

const RULE = /^- \*\*\[([A-Z]+-\d+)\]\*\*/gm;
const TEST = /(?<![.\w])(?:it|test)(?:\.each)?(?:<[^(]*>)?\(/g;
/** Rules of delivery, as [G3], stand in a list of their own. */
const TITLE = /'((?:\[[A-Z]+-?\d+\])+) /g;
const ID = /[A-Z]+-\d+/g;
/** What would make a test one that shows nothing. */
const NOT_RUN = /(?<![.\w])(?:describe|it|test)\.(?:skip|skipIf|runIf|only|todo|fails)\b/;

type Spec = { readonly file: string; readonly text: string };

const specification = readFileSync(join(dirname(createRequire(import.meta.url).resolve('@chat/protocol/package.json')), 'SPEC.md'), 'utf8');

function rulesOf(text: string): string[] {
  return [...text.matchAll(RULE)].map(([, id]) => id ?? '');
}

/** The rules under one heading. Those of framing are shown beside the decoder. */
function rulesUnder(heading: 'STOMP framing' | 'Chat server', text = specification): string[] {
  return rulesOf(text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '');
}

function titlesOf({ text }: Spec): string[] {
  return [...text.matchAll(TITLE)].map(([, ids]) => ids ?? '');
}

function idsIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [...text.matchAll(ID)].map(([id]) => id));
}

function specsOf(folder: string): Spec[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.spec.ts') && !file.endsWith('protocol-rules.spec.ts'));
  return files.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
}

/** Specs that speak to whole servers. */
const ofServers = specsOf(import.meta.dirname);
/** Some rules are shown beside the part that they are about. */
const anywhere = specsOf(dirname(import.meta.dirname));

function rulesWithoutTest(rules: readonly string[], specs: readonly Spec[]): string[] {
  const shown = new Set(idsIn(specs.flatMap(titlesOf)));
  return rules.filter((id) => !shown.has(id));
}

function specsWithNamelessTests(specs: readonly Spec[]): string[] {
  return specs.filter((spec) => titlesOf(spec).length !== (spec.text.match(TEST)?.length ?? 0)).map(({ file }) => file);
}

describe('SPEC.md', () => {
  it('names no rule twice, and none that it does not have', () => {
    const rules = rulesOf(specification);
    expect(rules.filter((id, i) => rules.indexOf(id) !== i)).toEqual([]);
    expect([...rulesUnder('STOMP framing'), ...rulesUnder('Chat server')]).toEqual(rules);
    const families = new Set(rules.map((id) => id.replace(/-\d+$/, '')));
    const named = idsIn([specification]).filter((id) => families.has(id.replace(/-\d+$/, '')));
    expect(named.filter((id) => !rules.includes(id))).toEqual([]);
  });

  it('has each rule of the server in the title of a test that runs', () => {
    const rules = rulesUnder('Chat server');
    expect(rules.length).toBeGreaterThan(150);
    expect(rulesWithoutTest(rules, anywhere)).toEqual([]);
    expect(ofServers.filter(({ text }) => NOT_RUN.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it('has the rule that each title names, and each title names one', () => {
    const rules = new Set(rulesUnder('Chat server'));
    expect(idsIn(ofServers.flatMap(titlesOf)).filter((id) => !rules.has(id))).toEqual([]);
    expect(specsWithNamelessTests(ofServers)).toEqual([]);
  });

  it('would be found out: a rule without a test, a test without a rule', () => {
    const planted = rulesUnder('Chat server', specification.replace('\n## Chat server\n', '$&\n- **[PLANT-1]** Nothing shows this.\n'));
    expect(rulesWithoutTest(planted, anywhere)).toEqual(['PLANT-1']);
    const nameless = (call: string): Spec => ({ file: call, text: `${call}'shows something', () => undefined);` });
    const calls = ['it(', 'test(', 'it.each([1])(', 'it.each<number>([1])('];
    expect(specsWithNamelessTests(calls.map(nameless))).toEqual(calls);
    expect('it.' + 'skip(').toMatch(NOT_RUN);
  });
});
