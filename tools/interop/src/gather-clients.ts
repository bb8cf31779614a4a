import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type InteropClient, NPM_CLIENTS, SPRING_CARRIERS, springClient, stompPy } from './clients.ts';

export type Gathered = {
  readonly clients: readonly InteropClient[];
  /** A line for each tool that is not here or could not fetch its packages: its clients did not run. */
  readonly missing: readonly string[];
  readonly remove: () => Promise<void>;
};

type Found = { readonly clients: readonly InteropClient[] } | { readonly missing: string };

const run = promisify(execFile);
const PATIENCE_MS = 240_000;
const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** npm's packages are there; what pip and Maven fetch goes into a temporary folder (Maven keeps its own cache). */
export async function gatherClients(log: (line: string) => void): Promise<Gathered> {
  const folder = mkdtempSync(join(tmpdir(), 'chat-interop-'));
  log('fetching stomp.py and Spring');
  const found = await Promise.all([python(folder), spring(folder)]);
  return {
    clients: [...NPM_CLIENTS, ...found.flatMap((one) => ('clients' in one ? one.clients : []))],
    missing: found.flatMap((one) => ('missing' in one ? [one.missing] : [])),
    remove: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  };
}

async function python(folder: string): Promise<Found> {
  const venv = join(folder, 'venv');
  try {
    await run('python3', ['-m', 'venv', venv], { timeout: PATIENCE_MS });
  } catch {
    return { missing: 'python3 with venv not found: stomp.py did not run' };
  }
  const python3 = join(venv, 'bin', 'python3');
  try {
    await run(python3, ['-m', 'pip', 'install', '--quiet', '-r', join(PROJECT, 'python', 'requirements.txt')], { timeout: PATIENCE_MS });
  } catch (error) {
    return { missing: `pip could not install stomp.py, which did not run: ${lastLine(error)}` };
  }
  return { clients: [stompPy(python3, join(PROJECT, 'python', 'client.py'))] };
}

async function spring(folder: string): Promise<Found> {
  try {
    await Promise.all([run('mvn', ['-version']), run('javac', ['-version'])]);
  } catch {
    return { missing: 'mvn with a JDK not found: Spring\'s client did not run' };
  }
  const project = join(folder, 'spring');
  cpSync(join(PROJECT, 'spring'), project, { recursive: true });
  const goals = ['-q', '-B', 'compile', 'dependency:copy-dependencies', '-DoutputDirectory=target/lib'];
  try {
    await run('mvn', goals, { cwd: project, timeout: PATIENCE_MS });
  } catch (error) {
    return { missing: `Maven could not build Spring's client, which did not run: ${lastLine(error)}` };
  }
  const classPath = [join(project, 'target', 'classes'), join(project, 'target', 'lib', '*')].join(':');
  return { clients: SPRING_CARRIERS.map((carrier) => springClient(carrier, classPath)) };
}

function lastLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
}
