import { forgetAll, remember, remembered } from '../platform/browser-storage.ts';
import { Observed } from './observed.ts';

/** What has been written and not sent, for each conversation; survives a reload. */
export class Drafts {
  readonly version = new Observed(0);
  readonly #prefix: string;

  constructor(userId: string) {
    this.#prefix = `chat.draft.${userId}.`;
  }

  of(conversationId: string): string {
    return remembered(this.#prefix + conversationId) ?? '';
  }

  set(conversationId: string, text: string): void {
    remember(this.#prefix + conversationId, text.trim() === '' ? undefined : text);
    this.version.set(this.version.value + 1);
  }

  forget(): void {
    forgetAll(this.#prefix);
  }
}
