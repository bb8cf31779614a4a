/** Work that only one at a time may do. */
export interface Locks {
  /** Runs `work` alone among all holders of `name`; who waits gets its turn in order of asking. */
  run<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

/** Alone within this process: for Node, and for pages that are not a secure context and so have no Web Locks. */
export class ProcessLocks implements Locks {
  #tails = new Map<string, Promise<unknown>>();

  async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(name) === mine) this.#tails.delete(name);
    }
  }
}

/** Alone among all tabs of this origin. */
export class WebLocks implements Locks {
  readonly #manager: LockManager;

  constructor(manager: LockManager) {
    this.#manager = manager;
  }

  async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    return this.#manager.request(name, work);
  }
}
