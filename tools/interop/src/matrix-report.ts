import { CASE_NAMES } from './cases/case.ts';
import type { Outcome, Row } from './run-matrix.ts';

const SIGN: Readonly<Record<Outcome['kind'], string>> = { passed: 'yes', failed: 'NO', 'not applicable': 'n/a' };

/** As docs/clients.md has it: a client a line. */
export function matrixMarkdown(rows: readonly Row[]): string {
  const header = ['client', ...CASE_NAMES];
  const lines = rows.map(({ client, version, outcomes }) => [`${client} ${version}`, ...CASE_NAMES.map((name) => SIGN[outcomes[name].kind])]);
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** For people at a terminal: a line a client. */
export function matrixTable(rows: readonly Row[]): string {
  return rows
    .map(({ client, version, outcomes }) => {
      const count = (kind: Outcome['kind']) => CASE_NAMES.filter((name) => outcomes[name].kind === kind).length;
      return `${`${client} ${version}`.padEnd(36)} ${count('passed')} passed, ${count('failed')} failed, ${count('not applicable')} n/a`;
    })
    .concat(remarks(rows))
    .join('\n');
}

/** What failed or cannot be, with the reason. */
export function remarks(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ client, version, outcomes }) =>
    CASE_NAMES.flatMap((name) => {
      const outcome = outcomes[name];
      return outcome.kind === 'passed' ? [] : [`${client} ${version}, ${name}: ${outcome.kind}: ${outcome.why}`];
    }),
  );
}
