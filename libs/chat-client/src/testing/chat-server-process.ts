import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../../..');
const READY_WITHIN_MS = 60_000;

/** The repository's own Node, which runs TypeScript; where it is not installed, the one that runs the tests. */
function runtime(): string {
  const own = join(root, 'node_modules/.bin/node');
  return existsSync(own) ? own : process.execPath;
}

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))));
    });
  });
}

/** A chat server of our own with everything embedded: started, killed and started again on the same port and data. */
export class ChatServerProcess {
  readonly origin: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(folder: string, port: number, settings: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.origin = `http://127.0.0.1:${port}`;
    this.#environment = {
      PATH: process.env['PATH'], HOME: process.env['HOME'],
      HOST: '127.0.0.1', PORT: String(port), DATA_DIR: join(folder, 'data'), SERVER_ID: 'test', LOG_LEVEL: 'warn', ...settings,
    };
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<ChatServerProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'chat-client-'));
    const server = new ChatServerProcess(folder, await freePort(), settings);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const child = spawn(runtime(), ['src/main.ts'], {
      cwd: join(root, 'apps/chat-server'), env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    this.#output = '';
    await new Promise<void>((ready, fail) => {
      const timer = setTimeout(() => fail(new Error(`Not ready in time:\n${this.#output}`)), READY_WITHIN_MS);
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (!this.#output.includes('Chat is ready')) return;
        clearTimeout(timer);
        ready();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => fail(new Error(`The server ended with ${code}:\n${this.#output}`)));
      child.once('error', fail);
    });
  }

  /** Ends it as a crash does, or as an operator does. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }
}
