import type { Conversation } from '../conversations/log-entry.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';

/** One membership of a user: entries with `joinedSeq < seq <= leftSeq` are this user's. Without `leftSeq` it lasts. */
export type RoomMembership = { readonly userNo: number; readonly joinedSeq: number; readonly leftSeq?: number | null };

/** Where a room's log ends, and who of those asked for is in it, or was within the last day: as of one moment. */
export type RoomSnapshot = { readonly lastSeq: number; readonly members: readonly RoomMembership[] };

/** What one user may read of a room, as of one moment: entries after `readFrom`. */
export type RoomAccess = {
  readonly conversation: Conversation;
  readonly lastSeq: number;
  readonly public: boolean;
  readonly member: boolean;
  readonly readFrom: number;
};

/** The part of the store that rooms need here. */
export interface RoomStore {
  roomSnapshot(conversation: Conversation, userNos: readonly number[]): Promise<RoomSnapshot>;
  /** Nothing for a room that there is not, and for one that the user may not read. */
  roomAccess(roomId: string, userNo: number): Promise<RoomAccess | undefined>;
}

const RETRY_MS = 500;

/** What gates and topics of rooms read. Waits while the store is away. */
export class RoomReads {
  readonly #store: RoomStore;
  readonly #onDefect: (error: unknown) => void;

  constructor(store: RoomStore, onDefect: (error: unknown) => void) {
    this.#store = store;
    this.#onDefect = onDefect;
  }

  /** Never rejects: a gate that cannot be made must not be skipped. */
  async snapshot(conversation: Conversation, userNos: readonly number[]): Promise<RoomSnapshot> {
    for (;;) {
      try {
        return await this.#store.roomSnapshot(conversation, userNos);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) this.#onDefect(error);
        await delay();
      }
    }
  }

  async access(roomId: string, userNo: number): Promise<RoomAccess | undefined> {
    for (;;) {
      try {
        return await this.#store.roomAccess(roomId, userNo);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await delay();
      }
    }
  }
}

function delay(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
}
