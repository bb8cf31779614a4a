import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { LoadRunError } from './load-run-error.ts';
import type { LoadPart, PartResult, Progress } from './load-part.ts';
import type { Options } from './options/options.ts';
import { type FromWorker, type ToWorker, WORKER_VARIABLE } from './worker-messages.ts';

const NOTHING_YET: Progress = { live: 0, sent: 0, acknowledged: 0, arrived: 0, outstanding: 0, reconnects: 0, wrong: 0 };

/** A share of the load that another process does. */
export class WorkerPart implements LoadPart {
  readonly #options: Options;
  readonly #child: ChildProcess;
  #progress = NOTHING_YET;

  /** @param program the file that this program was started from */
  constructor(options: Options, program: string) {
    this.#options = options;
    this.#child = fork(program, [], { env: { ...process.env, [WORKER_VARIABLE]: '1' } });
  }

  async connect(): Promise<void> {
    await this.#reply('waiting');
    const connected = this.#reply('connected');
    this.#tell({ type: 'connect', options: this.#options });
    await connected;
    this.#progress = { ...NOTHING_YET, live: this.#options.users };
  }

  async load(): Promise<PartResult> {
    const answer = this.#reply('result');
    this.#tell({ type: 'load' });
    return (await answer).result;
  }

  stop(): void {
    this.#tell({ type: 'stop' });
  }

  abort(): void {
    this.#tell({ type: 'abort' });
  }

  progress(): Progress {
    return this.#progress;
  }

  async leave(): Promise<void> {
    if (!this.#child.connected) return;
    const left = once(this.#child, 'exit');
    this.#tell({ type: 'leave' });
    await left;
  }

  #tell(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #reply<T extends FromWorker['type']>(type: T): Promise<Extract<FromWorker, { type: T }>> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: FromWorker): void => {
        if (message.type === 'progress') this.#progress = message.progress;
        else if (message.type === 'failed') settle(() => reject(failureOf(message)));
        // What has the type `T` is the member of the union with that type.
        else if (message.type === type) settle(() => resolve(message as Extract<FromWorker, { type: T }>));
      };
      const onExit = (): void => settle(() => reject(new LoadRunError('machine', 'a worker process ended by itself')));
      const settle = (done: () => void): void => {
        this.#child.off('message', onMessage).off('exit', onExit);
        done();
      };
      this.#child.on('message', onMessage).on('exit', onExit);
    });
  }
}

function failureOf({ code, message }: Extract<FromWorker, { type: 'failed' }>): Error {
  return code === undefined ? new Error(message) : new LoadRunError(code, message);
}
