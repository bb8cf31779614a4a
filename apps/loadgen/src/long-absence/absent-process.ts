import { type ChildProcess, fork } from 'node:child_process';
import { LoadRunError } from '../load-run-error.ts';
import { WORKER_VARIABLE } from '../worker-messages.ts';
import { ABSENT_DEVICE, type AbsentOptions, type FromAbsentDevice, type SyncFound, type ToAbsentDevice } from './absent-messages.ts';

/** The device that was away, in a process of its own. */
export class AbsentProcess {
  readonly #options: AbsentOptions;
  readonly #child: ChildProcess;

  /** @param program the file that this program was started from */
  constructor(options: AbsentOptions, program: string) {
    this.#options = options;
    this.#child = fork(program, [], { env: { ...process.env, [WORKER_VARIABLE]: ABSENT_DEVICE } });
  }

  /** Whoever has a token from elsewhere exists from the first connection on, and can be written to from then on. */
  async meetReader(): Promise<void> {
    await this.sync();
  }

  /** @throws LoadRunError */
  async fill(count: number): Promise<void> {
    await this.#ask({ type: 'fill', count, options: this.#options });
  }

  /** @throws LoadRunError */
  async sync(): Promise<SyncFound> {
    const answer = await this.#ask({ type: 'sync', options: this.#options });
    if (answer.type !== 'synced') throw new LoadRunError('refused', `asked to sync, the device answered '${answer.type}'`);
    return answer;
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #ask(question: ToAbsentDevice): Promise<FromAbsentDevice> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new LoadRunError('machine', 'the process of the device that was away ended by itself'));
      this.#child.once('exit', onExit);
      this.#child.once('message', (answer: FromAbsentDevice) => {
        this.#child.off('exit', onExit);
        if (answer.type === 'failed') reject(new LoadRunError('refused', answer.message));
        else resolve(answer);
      });
      this.#child.send(question);
    });
  }
}
