import type { Directory } from '../directory/directory.port.ts';

const LOOKUP_CHUNK = 500;

/** Who has a session on any server, asked at this moment. */
export interface OnlineLookup {
  /** Those of these users who are there. Rejects with `DirectoryUnavailable` while the directory is away. */
  onlineOf(userIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export class DirectoryLookup implements OnlineLookup {
  readonly #directory: Directory;

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  async onlineOf(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const online = new Set<string>();
    for (let i = 0; i < userIds.length; i += LOOKUP_CHUNK) {
      const chunk = userIds.slice(i, i + LOOKUP_CHUNK);
      const servers = await this.#directory.serversOfUsers(chunk);
      chunk.forEach((userId, j) => {
        if ((servers[j]?.length ?? 0) > 0) online.add(userId);
      });
    }
    return online;
  }
}
