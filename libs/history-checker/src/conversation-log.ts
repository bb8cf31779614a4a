import { DirectMemberships, membershipsOf, type Memberships } from './memberships.ts';

/** What someone says about one entry. */
export type EntryClaim = {
  readonly seq: number;
  readonly from: string;
  readonly id?: string | undefined;
  readonly key?: string | undefined;
  /** What it says, as someone saw it. */
  readonly content?: string | undefined;
  readonly erases?: number | undefined;
};

/** What is known of one entry, from everyone who named it. */
export type Entry = {
  readonly log: ConversationLog;
  readonly seq: number;
  readonly from: string;
  id: string | undefined;
  key: string | undefined;
  content: string | undefined;
  /** What an acknowledged SEND said that it says. */
  written: string | undefined;
  conflicting: boolean;
  /** What was acknowledged is not what stands here; told once. */
  altered: boolean;
  /** Deleted: what it said is known to nobody any more. */
  erased: boolean;
};

export type Claimed =
  | { readonly kind: 'new'; readonly entry: Entry }
  | { readonly kind: 'known'; readonly entry: Entry }
  /** Someone else said otherwise before; told once for each entry. */
  | { readonly kind: 'conflicting'; readonly entry: Entry }
  /** The same send stands at another place of the log already. */
  | { readonly kind: 'stored-twice'; readonly entry: Entry; readonly first: Entry; readonly isNew: boolean };

/** One conversation as everyone together has seen it: how far it reaches, and its latest entries. */
export class ConversationLog {
  readonly conversation: string;
  readonly memberships: Memberships;
  /** When it was first heard of, on the checker's own clock of events. */
  readonly bornAt: number;
  readonly #entries = new Map<number, Entry>();
  readonly #bySender = new Map<string, Map<string, Entry>>();
  #top = 0;

  constructor(conversation: string, bornAt: number) {
    this.conversation = conversation;
    this.memberships = membershipsOf(conversation);
    this.bornAt = bornAt;
  }

  get isRoom(): boolean {
    return !(this.memberships instanceof DirectMemberships);
  }

  /** The highest `seq` that anyone has seen or had acknowledged. All below it exist, because a log has no gaps. */
  get top(): number {
    return this.#top;
  }

  entryAt(seq: number): Entry | undefined {
    return this.#entries.get(seq);
  }

  sentBy(from: string, key: string): Entry | undefined {
    return this.#bySender.get(from)?.get(key);
  }

  claim(claim: EntryClaim): Claimed {
    const entry = this.#entries.get(claim.seq);
    if (!entry) return this.#learn(claim);
    if (disagree(entry.id, claim.id) || disagree(entry.key, claim.key) || disagree(entry.content, claim.content) || entry.from !== claim.from) {
      if (entry.conflicting) return { kind: 'known', entry };
      entry.conflicting = true;
      return { kind: 'conflicting', entry };
    }
    entry.id ??= claim.id;
    entry.content ??= claim.content;
    if (entry.key === undefined && claim.key !== undefined) return this.#nameSend(entry, claim.key, 'known');
    return { kind: 'known', entry };
  }

  forget(entry: Entry): void {
    this.#entries.delete(entry.seq);
    const sent = this.#bySender.get(entry.from);
    if (entry.key !== undefined && sent?.get(entry.key) === entry) sent.delete(entry.key);
  }

  #learn(claim: EntryClaim): Claimed {
    const { seq, from, id, content } = claim;
    const entry: Entry = { log: this, seq, from, id, key: undefined, content, written: undefined, conflicting: false, altered: false, erased: false };
    this.#entries.set(claim.seq, entry);
    if (claim.seq > this.#top) this.#top = claim.seq;
    return claim.key === undefined ? { kind: 'new', entry } : this.#nameSend(entry, claim.key, 'new');
  }

  #nameSend(entry: Entry, key: string, kind: 'new' | 'known'): Claimed {
    entry.key = key;
    let sent = this.#bySender.get(entry.from);
    if (!sent) {
      sent = new Map();
      this.#bySender.set(entry.from, sent);
    }
    const first = sent.get(key);
    if (first) return { kind: 'stored-twice', entry, first, isNew: kind === 'new' };
    sent.set(key, entry);
    return { kind, entry };
  }
}

function disagree(known: string | undefined, claimed: string | undefined): boolean {
  return known !== undefined && claimed !== undefined && known !== claimed;
}
