/** Rooms that are remembered. One that is not costs a member who just opens a READ, until its next one. */
const REMEMBERED = 10_000;

/** The newest version of each room's cursors that came to this server, whether or not anybody was there to be told. */
export class RoomCursorVersions {
  readonly #versions = new Map<string, number>();

  passed(conversationId: string, version: number): void {
    const newest = Math.max(version, this.newest(conversationId));
    this.#versions.delete(conversationId); // and in again, as the last to be forgotten
    this.#versions.set(conversationId, newest);
    if (this.#versions.size <= REMEMBERED) return;
    const [oldest] = this.#versions.keys();
    if (oldest !== undefined) this.#versions.delete(oldest);
  }

  newest(conversationId: string): number {
    return this.#versions.get(conversationId) ?? 0;
  }
}
