import { apiUrl, type ApiAnswer, type ApiPath, type ApiRequest } from '@chat/protocol';
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
    this.#bases = urls.map((url) => new URL('/', url.replace(/^ws/, 'http')).origin);
    this.#accounts = accounts;
    this.#turns = new SpacedTurns(joinRate);
  }

  /** @returns the room's id; its owner is in it, as its first entry */
  async create(owner: string, name: string): Promise<string> {
    const base = this.#bases[0] ?? '';
    const { id } = await this.#post(base, owner, '/api/rooms', { body: { name, visibility: 'public' } });
    // What is no chat server of this kind may answer anything.
    if (typeof id !== 'string') throw new LoadRunError('refused', `POST ${base}/api/rooms answered without the room's id: is it a chat server of this kind?`);
    return id;
  }

  /** @param onJoined told the place of each JOIN */
  async join(roomId: string, users: readonly string[], onJoined: (user: string, seq: number) => void): Promise<void> {
    const waiting = users.entries();
    const joinNext = async (): Promise<void> => {
      for (const [index, user] of waiting) {
        await this.#turns.next();
        const base = this.#bases[index % this.#bases.length] ?? '';
        const { seq } = await this.#post(base, user, '/api/rooms/{roomId}/members', { path: { roomId }, body: { id: user } });
        onJoined(user, seq);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, joinNext));
  }

  async #post<Path extends ApiPath<'post'>>(base: string, user: string, path: Path, request: ApiRequest<'post', Path>): Promise<ApiAnswer<'post', Path>> {
    const { body, ...values } = request as { readonly body?: unknown; readonly path?: object }; // each `ApiRequest` is one
    const url = base + apiUrl(path, values);
    const authorization = `Bearer ${await this.#accounts.accessToken(user)}`;
    for (let attempt = 1; ; attempt++) {
      const response = await post(url, authorization, body);
      const answer: unknown = await response.json().catch(() => undefined);
      if (response.ok && typeof answer === 'object' && answer !== null) return answer as ApiAnswer<'post', Path>; // by the server's document
      const advice = response.status === 429 ? '; start the servers with RATE_LIMITS=off' : '';
      if (response.status !== 503 || attempt === ATTEMPTS) throw new LoadRunError('refused', `POST ${url} gave ${response.status}${advice}`);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200 * attempt));
    }
  }
}

async function post(url: string, authorization: string, body: unknown): Promise<Response> {
  try {
    return await fetch(url, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new LoadRunError('unreachable', `POST ${url} failed (${cause}): start a server there, or name a running one with --url`);
  }
}
