import type { Accounts } from '../accounts/accounts.ts';
import { LoadRunError } from '../load-run-error.ts';
import { SpacedTurns } from '../spaced-turns.ts';

const AT_ONCE = 32;
const ATTEMPTS = 10;

/** Makes a public room over HTTP, and lets people join it, at a bounded rate and over all servers. */
export class RoomSetup {
  readonly #bases: readonly string[];
  readonly #accounts: Accounts;
  readonly #turns: SpacedTurns;

  /** @param urls WebSocket addresses; the API is beside them */
  constructor(urls: readonly string[], accounts: Accounts, joinRate: number) {
    this.#bases = urls.map((url) => new URL('/api/rooms', url.replace(/^ws/, 'http')).href);
    this.#accounts = accounts;
    this.#turns = new SpacedTurns(joinRate);
  }

  /** @returns the room's id; its owner is in it, as its first entry */
  async create(owner: string, name: string): Promise<string> {
    const { id } = await this.#post(this.#bases[0] ?? '', owner, { name, visibility: 'public' });
    if (typeof id !== 'string') throw new LoadRunError('refused', `POST ${this.#bases[0]} answered without the room's id: is it a chat server of this kind?`);
    return id;
  }

  /** @param onJoined told the place of each JOIN */
  async join(roomId: string, users: readonly string[], onJoined: (user: string, seq: number) => void): Promise<void> {
    const waiting = users.entries();
    const joinNext = async (): Promise<void> => {
      for (const [index, user] of waiting) {
        await this.#turns.next();
        const base = this.#bases[index % this.#bases.length] ?? '';
        const { seq } = await this.#post(`${base}/${roomId}/members`, user, { id: user });
        onJoined(user, Number(seq));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, joinNext));
  }

  async #post(url: string, user: string, body: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
    const authorization = `Bearer ${await this.#accounts.accessToken(user)}`;
    for (let attempt = 1; ; attempt++) {
      const response = await request(url, authorization, body);
      const answer: unknown = await response.json().catch(() => undefined);
      // An object may be read by name; what stands there is checked by the callers.
      if (response.ok && typeof answer === 'object' && answer !== null) return answer as Readonly<Record<string, unknown>>;
      const advice = response.status === 429 ? '; start the servers with RATE_LIMITS=off' : '';
      if (response.status !== 503 || attempt === ATTEMPTS) throw new LoadRunError('refused', `POST ${url} gave ${response.status}${advice}`);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200 * attempt));
    }
  }
}

async function request(url: string, authorization: string, body: Readonly<Record<string, string>>): Promise<Response> {
  try {
    return await fetch(url, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new LoadRunError('unreachable', `POST ${url} failed (${cause}): start a server there, or name a running one with --url`);
  }
}
