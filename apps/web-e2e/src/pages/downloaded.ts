import { readFile } from 'node:fs/promises';
import type { Download } from '@playwright/test';

/** The lines of a file of JSON Lines that was downloaded. */
export async function linesOf(download: Download): Promise<Record<string, unknown>[]> {
  const text = await readFile(await download.path(), 'utf8');
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // one object a line
}
