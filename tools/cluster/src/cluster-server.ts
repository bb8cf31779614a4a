import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SupervisedProcess, type ExitStatus } from '@chat/services';

/** One chat server of a cluster, a process of its own. */
export interface ClusterServer {
  /** Its SERVER_ID: `server1`, `server2`, ... */
  readonly id: string;
  /** Past nginx, straight to it. */
  readonly url: string;
  readonly port: number;
  readonly metricsUrl: string;
  /** Another one after each start. */
  readonly pid: number;
  readonly isRunning: boolean;
  readonly logFile: string;
  /** SIGTERM lets it drain; resolves when it is gone. */
  stop(signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<ExitStatus | undefined>;
  /** Resolves when it is ready again, on the same port. One that was killed has to wait until its lease has run out. */
  start(): Promise<void>;
  /** Any signal, such as SIGSTOP and SIGCONT. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** A program and the arguments before our own (we have none). */
export type ServerCommand = { readonly command: string; readonly args: readonly string[] };

export type ServerPlace = {
  readonly id: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly dir: string;
  readonly program: ServerCommand;
  /** All it reads but what follows from its place. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
};

/** For how long a restart is tried again: the lease of a killed server's id has to run out before it may come back. */
const RESTART_PATIENCE_MS = 60_000;

export class ClusterServerProcess implements ClusterServer {
  readonly id: string;
  readonly url: string;
  readonly port: number;
  readonly metricsUrl: string;
  readonly logFile: string;
  readonly #process: SupervisedProcess;
  readonly #log: (line: string) => void;
  #endExpected = true;

  constructor({ id, port, metricsPort, dir, program, env, log }: ServerPlace) {
    this.id = id;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    this.logFile = join(dir, `${id}.log`);
    this.#log = log;
    this.#process = new SupervisedProcess({
      name: id,
      ...program,
      env: {
        ...env,
        SERVER_ID: id,
        HOST: '127.0.0.1',
        PORT: String(port),
        METRICS_PORT: String(metricsPort),
        DATA_DIR: join(dir, id),
      },
      cwd: dir,
      logFile: this.logFile,
      port,
      isReady: () => isReady(this.url),
      readyTimeoutMs: 60_000,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 30_000,
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return this.#process.isRunning;
  }

  /** The first start: what goes wrong now goes wrong for good. */
  async launch(): Promise<void> {
    this.#endExpected = true; // until it is ready, the error tells
    await this.#process.start();
    this.#endExpected = false;
    void this.#process.exited.then((status) => this.#tellUnexpectedEnd(status));
  }

  async start(): Promise<void> {
    const deadline = performance.now() + RESTART_PATIENCE_MS;
    for (;;) {
      try {
        return await this.launch();
      } catch (error) {
        if (this.#process.isRunning || performance.now() >= deadline) throw error;
        await delay(250);
      }
    }
  }

  stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' = 'SIGTERM'): Promise<ExitStatus | undefined> {
    this.#endExpected = true;
    return this.#process.halt(signal);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (signal === 'SIGKILL') this.#endExpected = true;
    await this.#process.kill(signal);
  }

  #tellUnexpectedEnd(status: ExitStatus | undefined): void {
    if (this.#endExpected || status === undefined) return;
    this.#log(`${this.id} ended with ${status.signal ?? `status ${status.code}`}; its log: ${this.logFile}`);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer(); // lets the connection be used again
    return response.status === 200;
  } catch {
    return false; // it does not listen yet
  }
}
