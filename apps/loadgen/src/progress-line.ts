import type { Progress } from './load-part.ts';

const TTY_EVERY_MS = 1_000;
const PLAIN_EVERY_MS = 5_000;

type Terminal = { readonly isTTY?: boolean; write(text: string): unknown };

/** Says on `terminal` how the load goes: on a TTY in one line that changes, else in a line every few seconds. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #progress: () => Progress;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #before = { at: performance.now(), sent: 0 };

  constructor(terminal: Terminal, progress: () => Progress) {
    this.#terminal = terminal;
    this.#progress = progress;
    this.#timer = setInterval(() => this.#show(), terminal.isTTY ? TTY_EVERY_MS : PLAIN_EVERY_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#terminal.isTTY) this.#terminal.write('\r\x1b[K');
  }

  #show(): void {
    const now = performance.now();
    const progress = this.#progress();
    const rate = (1_000 * (progress.sent - this.#before.sent)) / (now - this.#before.at);
    this.#before = { at: now, sent: progress.sent };
    const line = progressText((now - this.#startedAt) / 1_000, rate, progress);
    this.#terminal.write(this.#terminal.isTTY ? `\r${line}\x1b[K` : `${line}\n`);
  }
}

export function progressText(seconds: number, rate: number, progress: Progress): string {
  const { live, sent, acknowledged, arrived, outstanding, reconnects, wrong } = progress;
  return `${seconds.toFixed(0)} s  ${live} users  ${rate.toFixed(0)}/s  sent ${sent}  receipts ${acknowledged}  arrived ${arrived}  `
    + `outstanding ${outstanding}  reconnects ${reconnects}  wrong ${wrong}`;
}
