import { ServiceError } from './errors.ts';
import { freePort, isPortFree } from './free-port.ts';
import type { ExitStatus, SupervisedProcess } from './supervised-process.ts';
import type { WorkFolder } from './work-folder.ts';

/** A private instance of a service on 127.0.0.1. */
export interface Service {
  readonly url: string;
  readonly port: number;
  /** The process that does the work, not a wrapper of it; another one after each start. */
  readonly pid: number;
  readonly dir: string;
  readonly logFile: string;
  readonly isRunning: boolean;
  /** Ends it in order for good and removes its temporary folder; once more does nothing. */
  stop(): Promise<void>;
  /** Ends it in order, to be started again: the folder stays. */
  halt(): Promise<ExitStatus | undefined>;
  /** Starts it again on the same port, in the same folder, after `halt` or SIGKILL. */
  start(): Promise<void>;
  /** `halt`, then `start`. */
  restart(): Promise<void>;
  /** SIGKILL resolves when the process is gone; SIGSTOP and SIGCONT reach its descendants too. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** What every service can be asked for. */
export type ServiceOptions = {
  /** A folder to work in, which stays; by default a temporary one, which `stop` removes. */
  readonly dir?: string;
  /** By default a free one. */
  readonly port?: number;
};

export type ServiceParts = {
  readonly url: string;
  readonly port: number;
  readonly folder: WorkFolder;
  readonly logFile: string;
  readonly process: SupervisedProcess;
};

/** One process and its folder; a service that is more than that extends it. */
export class PrivateService implements Service {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  readonly logFile: string;
  readonly #folder: WorkFolder;
  readonly #process: SupervisedProcess;

  constructor({ url, port, folder, logFile, process }: ServiceParts) {
    this.url = url;
    this.port = port;
    this.dir = folder.path;
    this.logFile = logFile;
    this.#folder = folder;
    this.#process = process;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return this.#process.isRunning;
  }

  async stop(): Promise<void> {
    await this.#process.halt();
    this.#folder.remove();
  }

  halt(): Promise<ExitStatus | undefined> {
    return this.#process.halt();
  }

  start(): Promise<void> {
    return this.#process.start();
  }

  async restart(): Promise<void> {
    await this.halt();
    await this.start();
  }

  kill(signal: NodeJS.Signals): Promise<void> {
    return this.#process.kill(signal);
  }
}

/** The first start of a service; where it fails nothing is left of it. */
export async function firstStart<S extends Service>(service: S): Promise<S> {
  try {
    await service.start();
    return service;
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/**
 * Starts on the port that was asked for, or else on a free one, and on another where somebody was quicker to take it
 * between our looking and the service's listening.
 */
export async function startOnPort<T>(wanted: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  if (wanted !== undefined) return start(wanted);
  for (let attemptsLeft = 2; ; attemptsLeft -= 1) {
    const port = await freePort();
    try {
      return await start(port);
    } catch (error) {
      const wasTaken = error instanceof ServiceError && error.code === 'SERVICE_PORT_TAKEN';
      if (attemptsLeft === 0 || (!wasTaken && (await isPortFree(port)))) throw error;
    }
  }
}
