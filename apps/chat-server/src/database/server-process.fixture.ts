import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { DatabaseLog } from './database-log.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

export type Ready = { connectionString: string; pid: number };
export type Refused = { code: string; message: string };
/** One line of embedded-postgres.fixture.ts. */
export type Line = { ready?: Ready; refused?: Refused; orphan?: number; committed?: number };

export const silentLog: DatabaseLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A process of embedded-postgres.fixture.ts. */
export class ServerProcess {
  readonly lines: Line[] = [];
  readonly pid: number;
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  readonly #exited: Promise<unknown>;
  readonly #waiting = new Set<() => void>();

  constructor(mode: 'serve' | 'insert' | 'leave-orphan', dataDir: string) {
    const script = fileURLToPath(new URL('embedded-postgres.fixture.ts', import.meta.url));
    this.#child = spawn(process.execPath, [script, mode, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.pid = this.#child.pid ?? 0;
    this.#exited = once(this.#child, 'close').then(() => this.#wake());
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      // The fixture and this file agree on what a line is.
      this.lines.push(JSON.parse(line) as Line);
      this.#wake();
    });
  }

  /** The first line for which `pick` has an answer. Fails when the process ends without one. */
  async said<T>(pick: (line: Line) => T | undefined): Promise<T> {
    for (;;) {
      for (const line of this.lines) {
        const answer = pick(line);
        if (answer !== undefined) return answer;
      }
      if (this.#child.exitCode !== null) throw new Error(`the server ended with ${this.#child.exitCode} and said ${JSON.stringify(this.lines)}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** Data folders as after a first start. Copies of one, because making each anew takes longer than the tests. */
export class InitialisedFolders {
  #original: string | undefined;

  /** Before all tests. */
  async make(): Promise<void> {
    this.#original = await mkdtemp(join(tmpdir(), 'chat-server-test-'));
    const postgres = await startEmbeddedPostgres({ dataDir: this.#original, log: silentLog });
    await postgres.stop();
  }

  async copyTo(dataDir: string): Promise<void> {
    if (this.#original === undefined) throw new Error('make() comes first');
    await cp(join(this.#original, 'postgres'), join(dataDir, 'postgres'), { recursive: true });
  }

  /** After all tests. */
  async remove(): Promise<void> {
    if (this.#original !== undefined) await rm(this.#original, { recursive: true, force: true });
  }
}

/** Everything that a test started and made, undone in the reverse order. */
export class Undo {
  readonly #steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'chat-server-test-'));
    this.add(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));
    return folder;
  }

  server(...parameters: ConstructorParameters<typeof ServerProcess>): ServerProcess {
    const server = new ServerProcess(...parameters);
    this.add(() => server.kill());
    return server;
  }

  async all(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}
