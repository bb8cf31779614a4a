import type { ConversationsPage, FoundMessages, MessagesPage, User } from '@chat/protocol';
import type { AuthorizedHttp } from './authorized-http.ts';
import { RoomsApi } from './rooms-api.ts';

/** Which part of a conversation's history: the newest, or what lies next to one `seq`. */
export type HistoryRange =
  | { readonly limit?: number }
  | { readonly before: number; readonly limit?: number }
  | { readonly after: number; readonly limit?: number }
  | { readonly around: number; readonly limit?: number };

/** The calls of a signed-in user. Answers are taken as the server's contract says; the casts name which part of it. */
export class ChatApi {
  readonly rooms: RoomsApi;
  readonly #http: AuthorizedHttp;

  constructor(http: AuthorizedHttp) {
    this.#http = http;
    this.rooms = new RoomsApi(http);
  }

  async me(): Promise<User> {
    return (await this.#http.call('/api/me')) as User;
  }

  async rename(displayName: string): Promise<User> {
    return (await this.#http.call('/api/me', { method: 'PATCH', body: { displayName } })) as User;
  }

  /** Throws `not-found` for an id that nobody has. */
  async user(id: string): Promise<User> {
    return (await this.#http.call(`/api/users/${encodeURIComponent(id)}`)) as User;
  }

  /** Newest first. The page's `cursor`, if there is one, asks for the next. */
  async conversations(cursor?: string): Promise<ConversationsPage> {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    return (await this.#http.call(`/api/conversations${query}`)) as ConversationsPage;
  }

  /** By rising `seq`. */
  async messages(conversationId: string, range: HistoryRange = {}): Promise<MessagesPage> {
    const query = new URLSearchParams(Object.entries(range).map(([name, value]) => [name, String(value)]));
    return (await this.#http.call(`/api/conversations/${encodeURIComponent(conversationId)}/messages?${query}`)) as MessagesPage;
  }

  /** Messages of one's own conversations, newest first. */
  async search(q: string): Promise<FoundMessages> {
    return (await this.#http.call(`/api/search?${new URLSearchParams({ q }).toString()}`)) as FoundMessages;
  }
}
