import type { Person } from './person.ts';

export type NewRoom = { readonly name: string; readonly visibility: 'public' | 'private'; readonly topic?: string };

/** A room that is made and looked after over HTTP, by its owner. */
export class ScriptedRoom {
  readonly id: string;
  readonly conversationId: string;
  readonly #url: string;
  readonly #token: string;

  private constructor(id: string, url: string, token: string) {
    this.id = id;
    this.conversationId = `room:${id}`;
    this.#url = url;
    this.#token = token;
  }

  static async create(url: string, token: string, room: NewRoom): Promise<ScriptedRoom> {
    const { id } = (await call(`${url}/api/rooms`, token, 'POST', room)) as { id: string }; // by the API's contract
    return new ScriptedRoom(id, url, token);
  }

  async add({ id }: Person): Promise<void> {
    await call(`${this.#url}/api/rooms/${this.id}/members`, this.#token, 'POST', { id });
  }

  async makeModerator({ id }: Person): Promise<void> {
    await call(`${this.#url}/api/rooms/${this.id}/members/${id}`, this.#token, 'PATCH', { role: 'moderator' });
  }
}

async function call(url: string, token: string, method: string, body: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${url} was refused: ${await response.text()}`);
  return response.json();
}
