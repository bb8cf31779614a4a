import type { ChatClient, ConnectionState } from '@chat/chat-client';
import { Observed } from './observed.ts';

/** Most losses are mended before anyone would have noticed: the notice waits this long. */
const QUIET_MS = 2_000;

/** What to tell the user about the connection: nothing, as long as it works or is only just being made. */
export class ConnectionNotice {
  readonly state: Observed<ConnectionState>;
  /** The state to tell of, or `undefined`. */
  readonly shown = new Observed<ConnectionState | undefined>(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(chat: Pick<ChatClient, 'connection' | 'events'>) {
    this.state = new Observed(chat.connection);
    chat.events.on('connection', (state) => this.#changed(state));
  }

  #changed(state: ConnectionState): void {
    this.state.set(state);
    if (state.status === 'online' || state.status === 'signed-out') return this.#hide();
    const isAtOnce = state.status === 'replaced' || this.shown.value !== undefined;
    if (isAtOnce) return this.shown.set(state);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.shown.set(this.state.value);
    }, QUIET_MS);
  }

  #hide(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.shown.set(undefined);
  }
}
