import { setTimeout as delay } from 'node:timers/promises';
import type { Headers } from './client-driver.ts';

/** What a library told its program. */
export type ClientEvent = {
  readonly kind: 'connected' | 'message' | 'receipt' | 'error' | 'closed' | 'failed';
  readonly headers: Headers;
  readonly body: string;
};

const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 10;

/** What a connection has been told, from its beginning on. */
export class ClientEvents {
  readonly #events: ClientEvent[] = [];

  add(kind: ClientEvent['kind'], headers: Headers = {}, body = ''): void {
    this.#events.push({ kind, headers, body });
  }

  of(kind: ClientEvent['kind']): readonly ClientEvent[] {
    return this.#events.filter((event) => event.kind === kind);
  }

  /** The first, now or within 20 s. */
  async first(kind: ClientEvent['kind'], matches: (event: ClientEvent) => boolean = () => true): Promise<ClientEvent> {
    const [event] = await this.atLeast(1, kind, matches);
    if (event === undefined) throw new Error('None of at least one.');
    return event;
  }

  async atLeast(
    count: number,
    kind: ClientEvent['kind'],
    matches: (event: ClientEvent) => boolean = () => true,
    patienceMs = PATIENCE_MS,
  ): Promise<readonly ClientEvent[]> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const found = this.of(kind).filter(matches);
      if (found.length >= count) return found;
      if (performance.now() >= deadline) {
        throw new Error(`${found.length} of ${count} ${kind} within ${patienceMs / 1_000} s; last: ${this.#summary()}`);
      }
      await delay(LOOK_EVERY_MS);
    }
  }

  #summary(): string {
    const last = this.#events.slice(-4).map(({ kind, headers, body }) => `${kind} ${headers['message'] ?? ''} ${body.slice(0, 160)}`.trim());
    return last.length === 0 ? 'nothing' : last.join(' | ');
  }
}
