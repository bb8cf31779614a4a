import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { processStart } from './process-tree.ts';
import { typescriptRuntime } from './typescript-runtime.ts';

export type WatchedProcess = {
  readonly pid: number;
  readonly startedAt: string | undefined;
  /** What ends it when its owner is gone; SIGKILL follows where that takes too long. */
  readonly signal: NodeJS.Signals;
};

export type WatchdogMessage =
  | { readonly kind: 'process'; readonly process: WatchedProcess }
  | { readonly kind: 'process-ended'; readonly pid: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'folder-removed'; readonly path: string };

/**
 * Sees to it that nothing outlives this process: neither the processes nor the folders it is told of, and whether this
 * process ends by returning, by an error, by Ctrl-C or by kill -9. One watchdog process does that for all of them; it
 * lives in a session of its own, so that Ctrl-C in the terminal does not reach it.
 */
class Guard {
  readonly #processes = new Map<number, WatchedProcess>();
  readonly #folders = new Set<string>();
  #watchdog: ChildProcess | undefined;

  watchProcess(pid: number, signal: NodeJS.Signals): void {
    const watched: WatchedProcess = { pid, startedAt: processStart(pid), signal };
    this.#processes.set(pid, watched);
    this.#tell({ kind: 'process', process: watched });
  }

  processEnded(pid: number): void {
    if (this.#processes.delete(pid)) this.#tell({ kind: 'process-ended', pid });
  }

  watchFolder(path: string): void {
    this.#folders.add(path);
    this.#tell({ kind: 'folder', path });
  }

  folderRemoved(path: string): void {
    if (this.#folders.delete(path)) this.#tell({ kind: 'folder-removed', path });
  }

  #tell(message: WatchdogMessage): void {
    if (this.#watchdog === undefined) this.#startWatchdog(); // with all that is known, this included
    else this.#write(this.#watchdog, message);
    if (this.#processes.size === 0 && this.#folders.size === 0) this.#dismissWatchdog();
  }

  #startWatchdog(): void {
    // What is there already goes along as an argument: it cannot be lost, even if we end before writing anything.
    const known: WatchdogMessage[] = [
      ...[...this.#processes.values()].map((watched) => ({ kind: 'process' as const, process: watched })),
      ...[...this.#folders].map((path) => ({ kind: 'folder' as const, path })),
    ];
    const program = fileURLToPath(new URL('./watchdog.ts', import.meta.url));
    const watchdog = spawn(typescriptRuntime(), [program, JSON.stringify(known)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
      env: { PATH: process.env['PATH'] },
      cwd: '/',
    });
    this.#watchdog = watchdog;
    watchdog.unref();
    if (watchdog.stdin instanceof Socket) watchdog.stdin.unref(); // neither it nor its pipe keeps this process alive
    watchdog.stdin?.on('error', () => undefined); // a watchdog that died is replaced when its exit is noticed
    watchdog.once('exit', (code) => {
      if (this.#watchdog !== watchdog) return;
      this.#watchdog = undefined;
      // One that was killed is replaced. One that failed by itself has said why on stderr, and another would fail too.
      if (code === null && (this.#processes.size > 0 || this.#folders.size > 0)) this.#startWatchdog();
    });
  }

  /** With nothing to watch it ends at the end of its input, and has nothing to do. */
  #dismissWatchdog(): void {
    const watchdog = this.#watchdog;
    this.#watchdog = undefined;
    watchdog?.stdin?.end();
  }

  #write(watchdog: ChildProcess, message: WatchdogMessage): void {
    watchdog.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}

/** One for the process, as there is one process to outlive. */
export const guard = new Guard();
