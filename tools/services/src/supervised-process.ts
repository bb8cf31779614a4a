import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { ServiceError } from './errors.ts';
import { isPortFree } from './free-port.ts';
import { guard } from './guard.ts';
import { pollUntil } from './polling.ts';
import { isAlive, signalOne, signalTree } from './process-tree.ts';

export type ProcessSpec = {
  /** For messages: `redis`, `server1`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Where stdout and stderr are appended. */
  readonly logFile: string;
  /** Where it will listen on 127.0.0.1. A start is refused where somebody else does, whose answers would look like its. */
  readonly port?: number;
  /** Asked again and again after the start until it says yes. */
  readonly isReady: (pid: number) => Promise<boolean>;
  readonly readyTimeoutMs: number;
  /** Asks for an orderly end. */
  readonly stopSignal: NodeJS.Signals;
  /** How long an orderly end may take before SIGKILL. */
  readonly stopTimeoutMs: number;
  /** What the watchdog sends when this process is gone; SIGKILL by default. */
  readonly orphanSignal?: NodeJS.Signals;
};

export type ExitStatus = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

type Running = { readonly child: ChildProcess; readonly pid: number; readonly exited: Promise<ExitStatus> };

/** A child process that can be started, ended, killed and started again, and that never outlives this process. */
export class SupervisedProcess {
  readonly #spec: ProcessSpec;
  #running: Running | undefined;
  #lastPid = 0;
  #lastExit: ExitStatus | undefined;

  constructor(spec: ProcessSpec) {
    this.#spec = spec;
  }

  /** The process that does the work; after its end, the pid it had. */
  get pid(): number {
    return this.#lastPid;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** How it ended the last time; undefined while it has not. */
  get lastExit(): ExitStatus | undefined {
    return this.#lastExit;
  }

  /** Settles when the present run ends, by itself or not. */
  get exited(): Promise<ExitStatus | undefined> {
    return this.#running?.exited ?? Promise.resolve(this.#lastExit);
  }

  /** Resolves when the process is ready; one that does not get ready is ended and its last lines are in the error. */
  async start(): Promise<void> {
    if (this.#running !== undefined) throw this.#startFailed(`it runs already as ${this.#running.pid}`);
    const { port } = this.#spec;
    if (port !== undefined && !(await isPortFree(port))) throw this.#startFailed(`port ${port} is taken`);
    const running = await this.#spawn();
    const ready = await pollUntil(() => this.#running !== running || this.#spec.isReady(running.pid), {
      timeoutMs: this.#spec.readyTimeoutMs,
    });
    if (this.#running !== running) {
      const { code, signal } = await running.exited;
      throw this.#startFailed(`it ended with ${signal ?? `status ${code}`}`);
    }
    if (ready) return;
    await this.kill('SIGKILL');
    throw this.#startFailed(`it was not ready after ${this.#spec.readyTimeoutMs} ms`);
  }

  /** Asks it to end and waits; after `stopTimeoutMs` it is killed, which the returned status then shows. */
  async halt(signal: NodeJS.Signals = this.#spec.stopSignal): Promise<ExitStatus | undefined> {
    const running = this.#running;
    if (running === undefined) return this.#lastExit;
    signalOne(running.pid, signal);
    signalTree(running.pid, 'SIGCONT'); // a stopped process would not see the other signal
    const ended = await pollUntil(() => this.#running !== running, { timeoutMs: this.#spec.stopTimeoutMs });
    if (!ended) signalTree(running.pid, 'SIGKILL');
    return running.exited;
  }

  /**
   * Sends a signal. SIGKILL, SIGSTOP and SIGCONT go to the process and all its descendants, as a service whose master
   * alone is stopped goes on working; SIGKILL resolves when they are gone.
   */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    if (signal !== 'SIGKILL' && signal !== 'SIGSTOP' && signal !== 'SIGCONT') {
      signalOne(running.pid, signal);
      return;
    }
    const targets = signalTree(running.pid, signal);
    if (signal !== 'SIGKILL') return;
    await running.exited;
    await pollUntil(() => !targets.some(isAlive), { timeoutMs: 5_000 }); // they hold the port, or shared memory
  }

  async #spawn(): Promise<Running> {
    const { command, args, env, cwd, uid, gid, logFile } = this.#spec;
    const log = openSync(logFile, 'a');
    // A process group of its own keeps Ctrl-C in the terminal away from it: whoever started it ends it, in order.
    const child = spawn(command, args, { env, cwd, uid, gid, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const { pid } = child;
    if (pid === undefined) {
      const cause = await new Promise<Error>((resolve) => child.once('error', resolve));
      throw this.#startFailed(cause.message, { cause });
    }
    guard.watchProcess(pid, this.#spec.orphanSignal ?? 'SIGKILL');
    const exited = new Promise<ExitStatus>((resolve) => {
      child.once('exit', (code, signal) => {
        guard.processEnded(pid);
        this.#running = undefined;
        this.#lastExit = { code, signal };
        resolve(this.#lastExit);
      });
    });
    const running = { child, pid, exited };
    this.#running = running;
    this.#lastPid = pid;
    return running;
  }

  #startFailed(reason: string, options?: ErrorOptions): ServiceError {
    const { name, logFile } = this.#spec;
    const tail = lastLines(logFile, 20);
    const lines = tail === '' ? '' : `\n--- the end of ${logFile}:\n${tail}`;
    return new ServiceError('SERVICE_START_FAILED', `${name} did not start: ${reason}.${lines}`, options);
  }
}

function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return ''; // nothing was written, and the reason stands in the message anyway
  }
}
