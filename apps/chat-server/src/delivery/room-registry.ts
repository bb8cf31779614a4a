/** Which servers hold a room, as far as delivery asks of it. */
export interface RoomDirectory {
  /** Resolves once other servers route the room's entries here. */
  addRoom(roomId: string): Promise<void>;
  removeRoom(roomId: string): void;
}

/** How long a room outlives the last one here who needs it ([R2]). */
const LINGER_MS = 2_000;
/** While the directory is away a room goes live without being registered; registering late brings a catch-up. */
const REGISTER_WITHIN_MS = 1_000;

type Room = { readonly registered: Promise<void>; leaving: NodeJS.Timeout | undefined };

/**
 * The rooms that other servers route here ([R2]): whoever needs a room adds it, *then* reads how far its log reaches.
 * Bounded by the gates of rooms, and those dropped within the last 2 s.
 */
export class RoomRegistry {
  readonly #directory: RoomDirectory;
  readonly #onLate: () => void;
  readonly #rooms = new Map<string, Room>();

  /** `onLate` is called when a room came to be registered after its log was read: something may have been missed. */
  constructor(directory: RoomDirectory, onLate: () => void) {
    this.#directory = directory;
    this.#onLate = onLate;
  }

  /** False: add it, and read again. */
  has(roomId: string): boolean {
    return this.#rooms.has(roomId);
  }

  /** Resolves when the room may be read: it is registered, or that takes too long. */
  async add(roomId: string): Promise<void> {
    let room = this.#rooms.get(roomId);
    if (room === undefined) {
      room = { registered: this.#directory.addRoom(roomId), leaving: undefined };
      room.registered.catch(() => undefined); // the server is ending
      this.#rooms.set(roomId, room);
    }
    this.keep(roomId);
    if (!(await settlesWithin(room.registered, REGISTER_WITHIN_MS))) room.registered.then(this.#onLate, () => undefined);
  }

  /** Somebody came while it was about to be removed. */
  keep(roomId: string): void {
    const room = this.#rooms.get(roomId);
    clearTimeout(room?.leaving);
    if (room !== undefined) room.leaving = undefined;
  }

  /** Nobody here needs it any more; removed after a while unless somebody comes. */
  remove(roomId: string): void {
    const room = this.#rooms.get(roomId);
    if (room === undefined) return;
    room.leaving ??= setTimeout(() => {
      this.#rooms.delete(roomId);
      this.#directory.removeRoom(roomId);
    }, LINGER_MS).unref();
  }
}

function settlesWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = promise.then(() => true, () => true);
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}
