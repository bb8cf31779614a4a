import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { typescriptRuntime } from '@chat/services';

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** The server as its operator starts it: a process of its own that is told everything by its environment. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  constructor(env: NodeJS.ProcessEnv) {
    const main = join(import.meta.dirname, '../main.ts');
    // Nothing of this environment but where programs are: settings of whoever runs the tests are none of these.
    this.#child = spawn(typescriptRuntime(), [main], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.ended = once(this.#child, 'close').then(() => ({ code: this.#child.exitCode, signal: this.#child.signalCode }));
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Where it listens, once it has said so. Fails if it ends before. */
  async url(): Promise<string> {
    let ended: Ended | undefined;
    void this.ended.then((how) => (ended = how));
    for (;;) {
      const url = /^Chat is ready on (http:\S+)$/m.exec(this.#stdout)?.[1];
      if (url !== undefined) return url;
      if (ended !== undefined) throw new Error(`It ended with ${ended.code}: ${this.#stderr}${this.#stdout}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}
