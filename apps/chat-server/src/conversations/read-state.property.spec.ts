import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, openTestStore, type TestDatabase, type TestStore } from '../testing/test-database.ts';
import { clientKey, type Conversation } from './log-entry.ts';
import type { UserRef } from './message-store.port.ts';

// Unread counts and 'not read by N' against a model that counts one by one.

type Step =
  | { readonly kind: 'join' | 'leave'; readonly who: number }
  | { readonly kind: 'send'; readonly who: number; readonly count: number }
  /** Several at once, as one flush writes them. */
  | { readonly kind: 'read'; readonly reads: readonly { readonly who: number; readonly upTo: number }[] };

type Entry = { readonly seq: number; readonly who: number; readonly chat: boolean };
type Member = { joined: number; read: number; present: boolean };

const PEOPLE = 6;
const who = fc.nat({ max: PEOPLE - 1 });
const read = fc.record({ who, upTo: fc.nat({ max: 2_600 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('join' as const, 'leave' as const), who }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), who, count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(450)) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('read' as const), reads: fc.array(read, { minLength: 1, maxLength: 4 }) }) },
);

let database: TestDatabase;
let one: TestStore;
let people: UserRef[];
let rooms = 0;

beforeAll(async () => {
  database = await createTestDatabase(inject('services').databaseUrl);
  one = openTestStore(database.url);
  people = await Promise.all(Array.from({ length: PEOPLE }, (_, i) => one.addUser(`p-${i}`)));
});
afterAll(async () => {
  await one.close();
  await database.drop();
});

class Model {
  readonly log: Entry[] = [];
  readonly members = new Map<number, Member>();

  unread(reader: number): number {
    const { read = 0 } = this.members.get(reader) ?? {};
    return this.log.filter((entry) => entry.chat && entry.who !== reader && entry.seq > read).length;
  }

  notRead({ seq, who }: Entry): number {
    return [...this.members].filter(([other, m]) => other !== who && m.present && m.joined < seq && m.read < seq).length;
  }
}

class Room {
  readonly model = new Model();
  #keys = 0;
  readonly #roomId: string;
  readonly #conversation: Conversation;

  constructor(roomId: string, conversation: Conversation) {
    this.#roomId = roomId;
    this.#conversation = conversation;
    this.#joined(0, 1);
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'send') return this.#send(step.who, step.count);
    if (step.kind === 'read') return this.#read(step.reads);
    if (step.who === 0) return; // the owner stays
    const user = person(step.who);
    const outcome = await one.memberships.changeMembership({ roomId: this.#roomId, user, by: user, key: clientKey(`m${++this.#keys}`), change: step.kind });
    if ('refused' in outcome || !outcome.changed || outcome.entry === undefined) return;
    const { seq } = outcome.entry;
    if (step.kind === 'join') this.#joined(step.who, seq);
    else {
      this.model.log.push({ seq, who: step.who, chat: false });
      const member = this.model.members.get(step.who);
      if (member !== undefined) member.present = false;
    }
  }

  async check(): Promise<void> {
    const chats = this.model.log.filter((entry) => entry.chat);
    const asked = chats.length <= 60 ? chats : [...chats.slice(0, 20), ...chats.slice(-40)];
    expect(await one.cursors.notReadOf(this.#conversation, asked.map(({ seq }) => seq))).toEqual(asked.map((entry) => this.model.notRead(entry)));
    for (const [number, member] of this.model.members) {
      if (!member.present) continue;
      const { page } = await one.store.summaries(person(number), undefined, 1_000);
      const listed = page.find((summary) => summary.conversationId === this.#conversation.conversationId);
      if (listed !== undefined) expect([number, listed.unread]).toEqual([number, this.model.unread(number)]);
    }
  }

  #joined(who: number, seq: number): void {
    this.model.log.push({ seq, who, chat: false });
    this.model.members.set(who, { joined: seq - 1, read: seq - 1, present: true });
  }

  async #send(who: number, count: number): Promise<void> {
    if (this.model.members.get(who)?.present !== true) return;
    const { userNo, userId } = person(who);
    const conversation = await one.store.openRoom(this.#roomId, userNo);
    if ('refused' in conversation) throw new Error(`refused: ${conversation.refused}`);
    const keys = Array.from({ length: count }, () => clientKey(`s${++this.#keys}`));
    const appended = await one.store.append(
      keys.map((key) => ({ conversation, leaveVersion: conversation.leaveVersion, senderNo: userNo, from: userId, type: 'CHAT', key, message: 'x', details: null })),
    );
    for (const answer of appended) if ('seq' in answer) this.model.log.push({ seq: answer.seq, who, chat: true });
  }

  async #read(reads: readonly { readonly who: number; readonly upTo: number }[]): Promise<void> {
    const move = { conversation: this.#conversation, deviceNo: 0, cursorVersion: 0, announce: true };
    await one.cursors.moveRead(reads.map(({ who, upTo }) => ({ ...move, userNo: person(who).userNo, seq: upTo })));
    for (const { who, upTo } of reads) {
      const member = this.model.members.get(who);
      if (member?.present === true) member.read = Math.max(member.read, Math.min(upTo, this.model.log.length));
    }
  }
}

function person(number: number): UserRef {
  const user = people[number];
  if (user === undefined) throw new Error('nobody');
  return user;
}

test('unread and notRead are what counting one by one says, whatever people do', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      const roomId = `readstate${++rooms}`;
      const settings = { name: 'r', searchName: 'r', topic: '', picture: null, visibility: 'public', history: 'all' } as const;
      const { conversationId, conversationNo } = await one.memberships.createRoom({ roomId, ...settings, owner: person(0), key: clientKey('owner') });
      const room = new Room(roomId, { conversationId, conversationNo });
      for (const [i, step] of steps.entries()) {
        await room.take(step);
        if (i % 7 === 6) await room.check();
      }
      await room.check();
    }),
    { numRuns: 30 },
  );
}, 120_000);
