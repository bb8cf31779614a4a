import { readFileSync } from 'node:fs';
import { LoadRunError } from '../load-run-error.ts';

/** Files that a process has open beside its connections. */
const SPARE = 64;

/** @throws LoadRunError if this process may not open a connection for each user */
export function checkOpenFiles(connections: number): void {
  const limit = readLimit();
  if (limit === undefined || connections + SPARE <= limit) return;
  throw new LoadRunError('machine', `${connections} connections need ${connections + SPARE} open files, and the limit is ${limit}: `
    + `run \`ulimit -n ${connections + SPARE}\` first, or use fewer --users or more --workers`);
}

function readLimit(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined || soft === 'unlimited' ? undefined : Number(soft);
  } catch {
    return undefined; // no Linux: the connection that is one too many says it
  }
}
