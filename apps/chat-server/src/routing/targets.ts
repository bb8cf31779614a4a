import { parseConversationId } from '@chat/protocol';
import type { Directory } from '../directory/directory.port.ts';

/** What is to be told, as far as it decides to whom. */
export type Told = {
  readonly conversationId: string;
  readonly from: string;
  /** Of an entry. */
  readonly type?: string;
  /** Of a signal. */
  readonly kind?: string;
};

/** Gathers the questions of a batch, each asked once. */
class Questions {
  readonly #place = new Map<string, number>();
  answers: readonly (readonly string[])[] = [];

  get ids(): readonly string[] {
    return [...this.#place.keys()];
  }

  ask(id: string): void {
    if (!this.#place.has(id)) this.#place.set(id, this.#place.size);
  }

  answer(id: string): readonly string[] {
    return this.answers[this.#place.get(id) ?? -1] ?? [];
  }
}

/** Finds the servers that are to be told of something: one look-up for a batch, never from memory. */
export class Targets {
  readonly #directory: Directory;
  readonly #serverId: string;

  constructor(directory: Directory, serverId: string) {
    this.#directory = directory;
    this.#serverId = serverId;
  }

  /** For each the other servers, in the order given. Rejects as the directory does. */
  async of(told: readonly Told[]): Promise<readonly (readonly string[])[]> {
    const users = new Questions();
    const rooms = new Questions();
    const addressees = told.map(addresseesOf);
    for (const { userIds, roomId } of addressees) {
      for (const userId of userIds) users.ask(userId);
      if (roomId !== undefined) rooms.ask(roomId);
    }
    [users.answers, rooms.answers] = await Promise.all([
      users.ids.length === 0 ? [] : this.#directory.serversOfUsers(users.ids),
      rooms.ids.length === 0 ? [] : this.#directory.serversOfRooms(rooms.ids),
    ]);
    return addressees.map(({ userIds, roomId }) => {
      const servers = userIds.map((userId) => users.answer(userId));
      if (roomId !== undefined) servers.push(rooms.answer(roomId));
      return without(union(servers), this.#serverId);
    });
  }
}

export function without(serverIds: readonly string[], own: string): readonly string[] {
  return serverIds.includes(own) ? serverIds.filter((id) => id !== own) : serverIds;
}

type Addressees = { readonly userIds: readonly string[]; readonly roomId?: string };

function addresseesOf({ conversationId, from, type, kind }: Told): Addressees {
  if (kind === 'own-read') return { userIds: [from] };
  const parsed = parseConversationId(conversationId);
  if (parsed?.kind === 'direct') return { userIds: parsed.a === parsed.b ? [parsed.a] : [parsed.a, parsed.b] };
  if (parsed === undefined) return { userIds: [] };
  // Whoever joins may be where nobody of the room has been yet ([R3]).
  return { userIds: type === 'JOIN' ? [from] : [], roomId: parsed.roomId };
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((list) => list.length > 0);
  return filled.length > 1 ? [...new Set(filled.flat())] : (filled[0] ?? []);
}
