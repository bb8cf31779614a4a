import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { gatherClients } from './gather-clients.ts';
import { isWholeMatrix, writeMatrix } from './clients-page.ts';
import { matrixTable } from './matrix-report.ts';
import { runMatrix } from './run-matrix.ts';

type Options = { readonly only?: string; readonly write?: true; readonly json?: string; readonly server?: string };

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

const program = new Command('interop')
  .description('Real client libraries, each with every case, on a real cluster of two servers.')
  .option('--only <part>', 'only clients whose name and version contain this')
  .option('--write', 'put the matrix into docs/clients.md; for that all clients have to run')
  .option('--json <file>', 'write the outcomes as JSON, the reasons with them')
  .option('--server <file>', 'another build of the chat server than that of this checkout')
  .action(async ({ only = '', write, json, server }: Options) => {
    const { clients, missing, remove } = await gatherClients(log);
    try {
      const chosen = clients.filter(({ name, version }) => `${name} ${version}`.includes(only));
      const rows = await runMatrix(chosen, { log, server });
      process.stdout.write(`${[matrixTable(rows), ...missing].join('\n')}\n`);
      if (json !== undefined) await writeFile(json, `${JSON.stringify({ rows, missing }, undefined, 1)}\n`);
      if (write) {
        if (missing.length > 0 || !isWholeMatrix(rows)) throw new Error('Not all clients ran: docs/clients.md stays as it is.');
        await writeMatrix(rows);
      }
      if (rows.some(({ outcomes }) => Object.values(outcomes).some(({ kind }) => kind === 'failed'))) process.exitCode = 1;
    } finally {
      await remove();
    }
  });

await program.parseAsync();
