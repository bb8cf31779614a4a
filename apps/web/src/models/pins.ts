import type { ChatApi } from '@chat/chat-client';
import type { PinsPage } from '@chat/protocol';
import { Observed } from './observed.ts';

export type Pin = PinsPage['pins'][number];

export type PinsState = { readonly status: 'loading' | 'ready' | 'failed'; readonly pins: readonly Pin[] };

/** What is pinned in one conversation. Nobody is told of pins, so whoever looks asks again. */
export class Pins {
  readonly state = new Observed<PinsState>({ status: 'loading', pins: [] });
  readonly #conversationId: string;
  readonly #api: Pick<ChatApi, 'pins' | 'pin' | 'unpin'>;
  #loads = 0;

  constructor(conversationId: string, api: Pick<ChatApi, 'pins' | 'pin' | 'unpin'>) {
    this.#conversationId = conversationId;
    this.#api = api;
  }

  async load(): Promise<void> {
    const load = ++this.#loads;
    try {
      const { pins } = await this.#api.pins(this.#conversationId);
      if (load === this.#loads) this.state.set({ status: 'ready', pins });
    } catch {
      // What is shown already stays; otherwise the list of them says so, and offers to ask again.
      if (load === this.#loads && this.state.value.status !== 'ready') this.state.set({ status: 'failed', pins: [] });
    }
  }

  /** The conversation begins with its first message: there is nothing to ask for. */
  beginEmpty(): void {
    this.state.set({ status: 'ready', pins: [] });
  }

  isPinned(seq: number): boolean {
    return this.state.value.pins.some(({ message }) => message.seq === seq);
  }

  /** Throws `RequestError`: `conflict` where too many are pinned. */
  async set(seq: number, pinned: boolean): Promise<void> {
    if (pinned) await this.#api.pin(this.#conversationId, seq);
    else await this.#api.unpin(this.#conversationId, seq);
    await this.load();
  }
}
