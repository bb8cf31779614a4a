import type { ChatApi, Presence } from '@chat/chat-client';
import { RequestError } from '@chat/chat-client';
import type { User } from '@chat/protocol';
import { coalesced } from './coalesced.ts';
import { Observed } from './observed.ts';

export type Person = {
  readonly id: string;
  readonly name: string;
  /** `undefined` while it is not known. */
  readonly online?: boolean | undefined;
  /** Epoch milliseconds, where it is known. */
  readonly lastSeen?: number;
  /** The account is gone: `name` is what the server puts in its place, to be said in the reader's own words. */
  readonly isDeleted?: boolean;
};

/** Names and presence of everyone that was heard of. Names that are missing are looked up once. */
export class People {
  /** Changes with every change of any person. */
  readonly version = new Observed(0);
  readonly #api: Pick<ChatApi, 'user'>;
  readonly #people = new Map<string, Person>();
  readonly #lookedUp = new Set<string>();
  readonly #changed = coalesced(() => this.version.set(this.version.value + 1));

  constructor(api: Pick<ChatApi, 'user'>) {
    this.#api = api;
  }

  person(id: string): Person {
    const known = this.#people.get(id);
    if (!known || known.name === '') this.#lookUp(id);
    return known?.name ? known : { ...known, id, name: id };
  }

  learn({ id, displayName, deleted }: User): void {
    this.#lookedUp.add(id);
    this.#update(id, { name: displayName, ...(deleted ? { isDeleted: true, online: undefined } : {}) });
  }

  learnPresence({ userId, online, lastSeen }: Presence): void {
    if (this.#people.get(userId)?.isDeleted) return; // told before the account was deleted
    this.#update(userId, { online, ...(lastSeen === undefined ? {} : { lastSeen }) });
  }

  /** The connection is gone: nobody's presence is known any more. */
  forgetPresence(): void {
    for (const person of this.#people.values()) if (person.online !== undefined) this.#update(person.id, { online: undefined });
  }

  #update(id: string, change: Partial<Person>): void {
    const known = this.#people.get(id) ?? { id, name: '' };
    this.#people.set(id, { ...known, ...change });
    this.#changed();
  }

  #lookUp(id: string): void {
    if (this.#lookedUp.has(id)) return;
    this.#lookedUp.add(id);
    this.#api.user(id).then(
      (user) => this.learn(user),
      (fault: unknown) => {
        // The id stands for the name. Somebody unknown stays unknown; anything else may be better the next time.
        if (!(fault instanceof RequestError) || fault.code !== 'not-found') this.#lookedUp.delete(id);
      },
    );
  }
}
