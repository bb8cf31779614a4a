import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { ClientCommand, ClientConnection, ClientDriver, ConnectOptions } from '../client-driver.ts';
import { type ClientEvent, ClientEvents } from '../client-events.ts';

type Told = ClientEvent & { readonly connection: number };

/**
 * A library of another language: a program that reads commands as lines of JSON from stdin and writes events as lines of
 * JSON to stdout, for any number of connections.
 */
export class ProgramDriver implements ClientDriver {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #connections: ClientEvents[] = [];
  readonly #exited: Promise<void>;
  #stderr = '';

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdin.on('error', () => undefined); // it is gone, and its exit is told
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-2_000)));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#onLine(line));
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', () => resolve());
      this.#child.once('exit', () => {
        for (const events of this.#connections) events.add('failed', { message: `the program ended: ${this.#stderr}` });
        resolve();
      });
    });
  }

  open(options: ConnectOptions): ClientConnection {
    const connection = this.#connections.length;
    const events = new ClientEvents();
    this.#connections.push(events);
    const tell = (command: object) => this.#child.stdin.write(`${JSON.stringify({ connection, ...command })}\n`);
    tell({ kind: 'connect', ...options });
    return {
      events,
      do: (command: ClientCommand) => void tell(command),
      abandon: () => void tell({ kind: 'abandon' }),
    };
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await this.#exited;
    clearTimeout(timer);
  }

  #onLine(line: string): void {
    if (!line.startsWith('{')) return; // what the library prints of its own
    const { connection, kind, headers, body } = JSON.parse(line) as Told; // written by our own programs
    this.#connections[connection]?.add(kind, headers, body);
  }
}
