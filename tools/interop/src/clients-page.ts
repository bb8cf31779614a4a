import { readFile, writeFile } from 'node:fs/promises';
import { matrixMarkdown } from './matrix-report.ts';
import { CLIENT_NAMES } from './clients.ts';
import type { Row } from './run-matrix.ts';

const PAGE = new URL('../../../docs/clients.md', import.meta.url);
const BEGIN = '<!-- interop matrix: npm run interop -- --write -->';
const END = '<!-- end of the interop matrix -->';

/** The matrix as it stands in docs/clients.md. */
export async function matrixOfPage(): Promise<string> {
  const { matrix } = await parts();
  return matrix.trim();
}

export async function writeMatrix(rows: readonly Row[]): Promise<void> {
  const { before, after } = await parts();
  await writeFile(PAGE, `${before}${BEGIN}\n\n${matrixMarkdown(rows)}\n\n${END}${after}`);
}

export function isWholeMatrix(rows: readonly Row[]): boolean {
  return CLIENT_NAMES.every((name) => rows.some(({ client, version }) => `${client} ${version}` === name));
}

async function parts(): Promise<{ before: string; matrix: string; after: string }> {
  const page = await readFile(PAGE, 'utf8');
  const [before, rest, ...none] = page.split(BEGIN);
  const [matrix, after] = rest?.split(END) ?? [];
  if (before === undefined || matrix === undefined || after === undefined || none.length > 0) {
    throw new Error(`docs/clients.md has no place for the matrix, between ${BEGIN} and ${END}.`);
  }
  return { before, matrix, after };
}
