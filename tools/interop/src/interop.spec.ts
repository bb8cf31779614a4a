import { expect, test } from 'vitest';
import { matrixOfPage } from './clients-page.ts';
import { CLIENT_NAMES } from './clients.ts';
import { gatherClients } from './gather-clients.ts';
import { matrixMarkdown, remarks } from './matrix-report.ts';
import { runMatrix } from './run-matrix.ts';

test('every client that can run here does every case, and docs/clients.md says so', async () => {
  const { clients, missing, remove } = await gatherClients(() => undefined);
  try {
    for (const line of missing) console.warn(line);
    const rows = await runMatrix(clients, { log: () => undefined });
    expect(remarks(rows).filter((remark) => remark.includes(': failed: '))).toEqual([]);
    // Where a tool is missing its column cannot be compared.
    if (rows.length === CLIENT_NAMES.length) expect(matrixMarkdown(rows)).toBe(await matrixOfPage());
  } finally {
    await remove();
  }
});
