import type { ConversationsPage, FoundMessages, MessagesPage, User } from '@chat/protocol';
import type { AuthorizedHttp } from './authorized-http.ts';
import { RoomsApi } from './rooms-api.ts';

/** Which part of a conversation's history: the newest, or what lies next to one `seq`. */
export type HistoryRange =
  | { readonly limit?: number }
  | { readonly before: number; readonly limit?: number }
  | { readonly after: number; readonly limit?: number }
  | { readonly around: number; readonly limit?: number };

/** The calls of a signed-in user. */
export class ChatApi {
  readonly rooms: RoomsApi;
  readonly #http: AuthorizedHttp;

  constructor(http: AuthorizedHttp) {
    this.#http = http;
    this.rooms = new RoomsApi(http);
  }

  me(): Promise<User> {
    return this.#http.request('get', '/api/me', {});
  }

  rename(displayName: string): Promise<User> {
    return this.#http.request('patch', '/api/me', { body: { displayName } });
  }

  /**
   * Deletes one's account, and with it all sign-ins. Throws `unauthorized` for a wrong password, `conflict` while others
   * are in a room that one owns; both leave one signed in. Accounts that sign in elsewhere have no password.
   */
  async deleteAccount(password?: string): Promise<void> {
    await this.#http.request('delete', '/api/me', { body: { password } });
  }

  /** Throws `not-found` for an id that nobody has. */
  user(id: string): Promise<User> {
    return this.#http.request('get', '/api/users/{id}', { path: { id } });
  }

  /** Newest first. The page's `cursor`, if there is one, asks for the next. */
  conversations(cursor?: string): Promise<ConversationsPage> {
    return this.#http.request('get', '/api/conversations', { query: { cursor } });
  }

  /** By rising `seq`. */
  messages(conversationId: string, range: HistoryRange = {}): Promise<MessagesPage> {
    return this.#http.request('get', '/api/conversations/{conversationId}/messages', { path: { conversationId }, query: range });
  }

  /** Messages of one's own conversations, newest first. */
  search(q: string): Promise<FoundMessages> {
    return this.#http.request('get', '/api/search', { query: { q } });
  }
}
