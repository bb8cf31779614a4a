import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { ChatError } from '@chat/protocol';

/** What OWASP's password storage guide asks of argon2id at least; argon2id is the library's default algorithm. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export type PasswordOptions = {
  /** Hashes at a time: 4 at most, for each takes 19 MiB and a core. */
  readonly concurrency?: number;
  /** Hashes that may wait for their turn. */
  readonly queueLength?: number;
};

/** Hashes and checks passwords, a few at a time, so that a flood of sign-ins cannot take the machine. */
export class Passwords {
  readonly #concurrency: number;
  readonly #queueLength: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Of a password that nobody has: what is checked when there is no user, so that the answer takes as long. */
  readonly #dummy: Promise<string>;

  constructor(options: PasswordOptions = {}) {
    this.#concurrency = options.concurrency ?? Math.min(4, availableParallelism());
    this.#queueLength = options.queueLength ?? 32;
    this.#dummy = hash(crypto.randomUUID(), ARGON2);
    // Whoever needs it gets the failure; until then it must not end the process as unhandled.
    this.#dummy.catch(() => undefined);
  }

  /** Throws ChatError `rate-limited` if too many wait already. */
  async hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(canonical(password), ARGON2));
  }

  /** Whether the password is the one hashed. Without a hash it is not, after equal work. Throws ChatError `rate-limited`. */
  async matches(password: string, passwordHash: string | null | undefined): Promise<boolean> {
    return this.#inTurn(async () => {
      const matches = await verify(passwordHash ?? (await this.#dummy), canonical(password));
      return matches && typeof passwordHash === 'string';
    });
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The turn goes to the next in line; only without one does it become free.
      if (next) next();
      else this.#running--;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#concurrency) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= this.#queueLength) {
      throw new ChatError('rate-limited', 'Too many people are signing in at this moment: try again shortly.', 2_000);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    await promise;
  }
}

/** Keyboards differ in how they compose letters: Hangul or é, typed on another system, must stay the same password. */
function canonical(password: string): string {
  return password.normalize('NFC');
}
