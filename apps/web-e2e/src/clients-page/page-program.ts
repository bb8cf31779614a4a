import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = new URL('../../../../docs/clients.md', import.meta.url);

/** A program of docs/clients.md as it stands there: the block whose first line begins with its file name. */
export function programOfPage(name: string): string {
  const blocks = readFileSync(PAGE, 'utf8').matchAll(/^```js\n([^]*?)^```$/gm);
  for (const [, code = ''] of blocks) if (code.startsWith(`// ${name}: `)) return code;
  throw new Error(`docs/clients.md has no program ${name}.`);
}

export type ProgramEnd = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** A program of the page that runs, or has run. */
export class PageProgram {
  readonly #child: ChildProcess;
  readonly #ended: Promise<ProgramEnd>;
  #stdout = '';
  #stderr = '';

  /** `folder` lies within the checkout, so that the program finds stompjs. */
  constructor(name: string, folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, name);
    writeFileSync(file, programOfPage(name));
    const child = spawn(process.execPath, [file, ...args], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#child = child;
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  /** What it has written so far. */
  get lines(): readonly string[] {
    return this.#stdout.split('\n').slice(0, -1);
  }

  get ended(): Promise<ProgramEnd> {
    return this.#ended;
  }

  kill(signal: NodeJS.Signals): Promise<ProgramEnd> {
    this.#child.kill(signal);
    return this.#ended;
  }
}
