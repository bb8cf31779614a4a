import type { Pool } from 'pg';
import { ChatError, type Room } from '@chat/protocol';
import type { UserRef } from '../conversations/message-store.port.ts';
import { eraseAccount } from '../identity/account-erasure.ts';
import type { Memberships } from './memberships.ts';
import type { RoomPlace, RoomStore } from './room-store.port.ts';

export type AccountDeletionParts = {
  readonly pool: Pool;
  readonly rooms: Pick<RoomStore, 'listOwn'>;
  readonly memberships: Memberships;
};

const PAGE = 200;
/** Others may bring somebody into a room who is leaving all. */
const ATTEMPTS = 5;
const NAMED_AT_MOST = 5;

/**
 * Deletes accounts: first the person leaves every room, as anybody leaves, and only then, in one transaction, loses name
 * and sign-ins. Whatever ends in between leaves an account with fewer rooms that is still signed in and can ask again.
 */
export class AccountDeletion {
  readonly #parts: AccountDeletionParts;

  constructor(parts: AccountDeletionParts) {
    this.#parts = parts;
  }

  /** Throws ChatError `conflict`, and changes nothing, while others are in a room that the user owns. */
  async delete({ userNo, userId }: UserRef): Promise<void> {
    const user = { userNo, userId };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.#leaveRooms(user);
      if ((await eraseAccount(this.#parts.pool, userNo)) === 'erased') return;
    }
    throw new ChatError('conflict', 'Others bring this account into rooms at this very moment: ask again.');
  }

  async #leaveRooms(user: UserRef): Promise<void> {
    const rooms = await this.#roomsOf(user);
    const kept = rooms.filter((room) => room.me.role === 'owner' && room.members > 1 && room.archivedAt === undefined);
    if (kept.length > 0) throw ownerStays(kept);
    for (const { id: roomId } of rooms) {
      await this.#parts.memberships.change({ roomId, user, by: user, change: 'leave', forGood: true });
    }
  }

  async #roomsOf({ userNo }: UserRef): Promise<readonly Room[]> {
    const rooms: Room[] = [];
    let after: RoomPlace | undefined;
    do {
      const page = await this.#parts.rooms.listOwn(userNo, undefined, { after, limit: PAGE });
      rooms.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return rooms;
  }
}

function ownerStays(rooms: readonly Room[]): ChatError {
  const named = rooms.slice(0, NAMED_AT_MOST).map((room) => `${room.name} (${room.id})`).join(', ');
  const more = rooms.length > NAMED_AT_MOST ? ` and ${rooms.length - NAMED_AT_MOST} more` : '';
  return new ChatError('conflict', `Others are in rooms that you own. Hand over or archive them first: ${named}${more}.`);
}
