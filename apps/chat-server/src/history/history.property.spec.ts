import { randomUUID } from 'node:crypto';
import type { ChatEntry, HistoryEntry } from '@chat/protocol';
import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type {} from '../testing/provided-context.ts';
import type { EntryContent } from '../conversations/log-entry.ts';
import type { UserRef } from '../conversations/message-store.port.ts';
import { createTestDatabase, openTestStore, type TestDatabase, type TestStore } from '../testing/test-database.ts';
import { openPools } from '../lifecycle/database.ts';
import { History } from './history.ts';

const EMOJI = ['👍', '❤️', '😂'];

/** One thing that somebody appends; `target` picks among the entries so far, whatever they are. */
type Step =
  | { readonly kind: 'say'; readonly by: number }
  | { readonly kind: 'edit'; readonly by: number; readonly target: number }
  | { readonly kind: 'delete'; readonly by: number; readonly target: number }
  | { readonly kind: 'react'; readonly by: number; readonly target: number; readonly emoji: string; readonly on: boolean };

const by = fc.nat({ max: 2 });
const target = fc.nat({ max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('say' as const), by }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), by, target }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), by, target }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('react' as const), by, target, emoji: fc.constantFrom(...EMOJI), on: fc.boolean() }) },
);
/** Several steps to a batch: one statement stores them. */
const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 });

let database: TestDatabase;
let testStore: TestStore;
let pool: Pool;
let history: History;
let users: UserRef[];

beforeAll(async () => {
  database = await createTestDatabase(inject('services').databaseUrl);
  testStore = openTestStore(database.url);
  pool = openPools(database.url, { purpose: 'test', log: pino({ level: 'silent' }), maxConnections: 2 }).pool;
  history = new History(pool);
  users = await Promise.all(['ann', 'ben', 'cid'].map((id) => testStore.addUser(id)));
});
afterAll(async () => {
  await pool.end();
  await testStore.close();
  await database.drop();
});

type ModelMessage = { seq: number; message: string; edited: boolean; deleted: boolean; reactions: Map<string, string[]> };

/** What a reader of the whole log would make of it, entry by entry. */
class Model {
  readonly #messages = new Map<number, ModelMessage>();
  #seq = 0;

  apply(step: Step, message: string | null, userId: string): void {
    this.#seq += 1;
    if (step.kind === 'say') {
      this.#messages.set(this.#seq, { seq: this.#seq, message: message ?? '', edited: false, deleted: false, reactions: new Map() });
      return;
    }
    const changed = this.#messages.get(step.target);
    if (changed === undefined || changed.deleted) return;
    if (step.kind === 'edit') Object.assign(changed, { message, edited: true });
    else if (step.kind === 'delete') Object.assign(changed, { message: '', edited: false, deleted: true, reactions: new Map() });
    else this.#react(changed.reactions, step.emoji, step.on, userId);
  }

  #react(reactions: Map<string, string[]>, emoji: string, on: boolean, userId: string): void {
    const others = (reactions.get(emoji) ?? []).filter((id) => id !== userId);
    const already = (reactions.get(emoji) ?? []).includes(userId);
    if (on && !already) reactions.set(emoji, [...others, userId]);
    if (!on && others.length > 0) reactions.set(emoji, others);
    if (!on && others.length === 0) reactions.delete(emoji);
  }

  seenBy(reader: string): object[] {
    return [...this.#messages.values()].map(({ seq, message, edited, deleted, reactions }) => ({
      seq,
      message,
      edited,
      deleted,
      reactions: [...reactions].map(([emoji, ids]) => ({ emoji, count: ids.length, mine: ids.includes(reader), users: ids })),
    }));
  }
}

function seen(messages: readonly HistoryEntry[]): object[] {
  return (messages as readonly ChatEntry[]).map(({ seq, message, editedAt, deleted, reactions }) => ({
    seq,
    message,
    edited: editedAt !== undefined,
    deleted: deleted ?? false,
    reactions: reactions ?? [],
  })); // nobody joins or leaves here
}

function contentOf(step: Step, message: string | null): EntryContent {
  if (step.kind === 'say') return { type: 'CHAT', message, details: null };
  if (step.kind === 'edit') return { type: 'EDIT', message, details: { target: step.target } };
  if (step.kind === 'delete') return { type: 'DELETE', message: null, details: { target: step.target } };
  return { type: 'REACTION', message: null, details: { target: step.target, emoji: step.emoji, on: step.on } };
}

async function newConversation(): Promise<{ conversationId: string; conversationNo: number; leaveVersion: number }> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const conversationId = `direct:ann:${randomUUID()}`;
    const { rows } = await client.query<{ conversation_no: number }>('insert into conversations (id) values ($1) returning conversation_no', [conversationId]);
    return { conversationId, conversationNo: rows[0]?.conversation_no ?? 0, leaveVersion: 0 };
  } finally {
    await client.end();
  }
}

describe('History', () => {
  it('is what applying the entries of the log one after the other gives', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        const conversation = await newConversation();
        const model = new Model();
        let number = 0;
        for (const batch of all) {
          const entries = batch.map((each) => {
            const sender = users[each.by] ?? { userNo: 0, userId: '' }; // `by` is 0 to 2
            const message = each.kind === 'say' || each.kind === 'edit' ? `text ${++number}` : null;
            model.apply(each, message, sender.userId);
            return { ...contentOf(each, message), conversation, senderNo: sender.userNo, from: sender.userId, key: `s1.${++number}` };
          });
          await testStore.store.append(entries);
        }
        for (const { userNo, userId } of users) {
          const page = await history.page(conversation, { readFrom: 0, limit: 200 });
          expect(seen(await history.present(userNo, page))).toEqual(model.seenBy(userId));
        }
        const kept = await pool.query('select from reactions where conversation_no = $1', [conversation.conversationNo]);
        const counted = await pool.query<{ sum: number | null }>('select sum(count)::integer as sum from reaction_counts where conversation_no = $1', [conversation.conversationNo]);
        expect(counted.rows[0]?.sum ?? 0).toBe(kept.rowCount);
      }),
      { numRuns: 60 },
    );
  });
});
