import { Client } from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import { createTestDatabase, openTestStore, type TestDatabase, type TestStore } from '../testing/test-database.ts';
import { clientKey, serverKey, type OpenConversation } from './log-entry.ts';
import type { MembershipOutcome, NewRoom } from './membership-store.port.ts';
import type { Appended, NewEntry, Refused, UserRef } from './message-store.port.ts';

export type TestRoom = { readonly roomId: string; readonly owner: UserRef; readonly conversation: OpenConversation };

/** A database with two servers' stores on it, and rooms and people for tests. Call it inside `describe`. */
export class MembershipWorld {
  #database: TestDatabase | undefined;
  #one: TestStore | undefined;
  #other: TestStore | undefined;
  #counter = 0;

  constructor(serverUrl: () => string) {
    beforeAll(async () => {
      this.#database = await createTestDatabase(serverUrl());
      this.#one = openTestStore(this.#database.url);
      this.#other = openTestStore(this.#database.url);
    });
    afterAll(async () => {
      await Promise.all([this.#one?.close(), this.#other?.close()]);
      await this.#database?.drop();
    });
  }

  get url(): string {
    return made(this.#database).url;
  }
  get one(): TestStore {
    return made(this.#one);
  }
  get other(): TestStore {
    return made(this.#other);
  }

  readonly user = (): Promise<UserRef> => this.one.addUser(`user-${++this.#counter}`);
  readonly key = (): string => serverKey(1, ++this.#counter);

  newRoom(owner: UserRef, kind: Partial<NewRoom> = {}): NewRoom {
    const roomId = `room${String(++this.#counter).padStart(8, '0')}`;
    const plain = { name: 'Room', searchName: 'room', topic: '', picture: null, visibility: 'public', history: 'all' } as const;
    return { ...plain, roomId, owner, key: this.key(), ...kind };
  }

  readonly room = async (kind: Partial<NewRoom> = {}): Promise<TestRoom> => {
    const owner = await this.user();
    const room = this.newRoom(owner, kind);
    expect(await this.one.memberships.createRoom(room)).toMatchObject({ seq: 1, type: 'JOIN', from: owner.userId });
    return { roomId: room.roomId, owner, conversation: await opened(this.one, room.roomId, owner) };
  };

  readonly join = (who: UserRef, { roomId }: TestRoom, by = who, store = this.one): Promise<MembershipOutcome> =>
    store.memberships.changeMembership({ roomId, user: who, by, key: this.key(), change: 'join' });

  readonly leave = (who: UserRef, { roomId }: TestRoom, by = who, store = this.one): Promise<MembershipOutcome> =>
    store.memberships.changeMembership({ roomId, user: who, by, key: this.key(), change: 'leave' });

  readonly send = async (from: UserRef, conversation: OpenConversation, text: string): Promise<Appended | Refused | undefined> =>
    (await this.one.store.append([entry(from, conversation, text)]))[0];

  /** For what no store does: moving the clock of a row, for one. */
  readonly sql = async <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  };
}

export async function opened({ store }: TestStore, roomId: string, user: UserRef): Promise<OpenConversation> {
  const room = await store.openRoom(roomId, user.userNo);
  if ('refused' in room) throw new Error(`refused: ${room.refused}`);
  const { conversationId, conversationNo, leaveVersion } = room;
  return { conversationId, conversationNo, leaveVersion };
}

export function entry(from: UserRef, conversation: OpenConversation, message: string): NewEntry {
  return { conversation, senderNo: from.userNo, from: from.userId, type: 'CHAT', key: clientKey(message), message, details: null };
}

function made<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('Only inside a test.');
  return part;
}
