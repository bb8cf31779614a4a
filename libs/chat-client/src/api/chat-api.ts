import type { ConversationsPage, EditsPage, FoundMessages, MessagesPage, PinsPage, Profile, ProfileChange, Readers, User } from '@chat/protocol';
import type { AuthorizedHttp } from './authorized-http.ts';
import { RoomsApi } from './rooms-api.ts';

/** Which part of a conversation's history: the newest, or what lies next to one `seq`. */
export type HistoryRange =
  | { readonly limit?: number }
  | { readonly before: number; readonly limit?: number }
  | { readonly after: number; readonly limit?: number }
  | { readonly around: number; readonly limit?: number };

/** What to search for, beside the text. Times are epoch milliseconds; `until` is not included. */
export type SearchFilter = {
  readonly conversationId?: string;
  readonly from?: string;
  readonly since?: number;
  readonly until?: number;
  /** The next page, as the one before said it. */
  readonly cursor?: string;
};

/** The calls of a signed-in user. */
export class ChatApi {
  readonly rooms: RoomsApi;
  readonly #http: AuthorizedHttp;

  constructor(http: AuthorizedHttp) {
    this.#http = http;
    this.rooms = new RoomsApi(http);
  }

  me(): Promise<Profile> {
    return this.#http.request('get', '/api/me', {});
  }

  changeMe(change: ProfileChange): Promise<Profile> {
    return this.#http.request('patch', '/api/me', { body: change });
  }

  /** Who one is, one's conversations, and what one wrote in them, as JSON Lines. */
  exportAccount(): Promise<Blob> {
    return this.#http.download('/api/me/export');
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

  /** All that one may read of a conversation, as JSON Lines. */
  exportConversation(conversationId: string): Promise<Blob> {
    return this.#http.download('/api/conversations/{conversationId}/export', { conversationId });
  }

  /** All texts that a message has had, the first one first. */
  edits(conversationId: string, seq: number): Promise<EditsPage> {
    return this.#http.request('get', '/api/conversations/{conversationId}/messages/{seq}/edits', { path: { conversationId, seq } });
  }

  /** Who has read a message: by name in small rooms alone. */
  readers(conversationId: string, seq: number): Promise<Readers> {
    return this.#http.request('get', '/api/conversations/{conversationId}/messages/{seq}/readers', { path: { conversationId, seq } });
  }

  /** The last pinned first. Nobody is told of pins: ask when they are to be shown. */
  pins(conversationId: string): Promise<PinsPage> {
    return this.#http.request('get', '/api/conversations/{conversationId}/pins', { path: { conversationId } });
  }

  async pin(conversationId: string, seq: number): Promise<void> {
    await this.#http.request('put', '/api/conversations/{conversationId}/pins/{seq}', { path: { conversationId, seq } });
  }

  async unpin(conversationId: string, seq: number): Promise<void> {
    await this.#http.request('delete', '/api/conversations/{conversationId}/pins/{seq}', { path: { conversationId, seq } });
  }

  /** Messages of one's own conversations, newest first. */
  search(q: string, filter: SearchFilter = {}): Promise<FoundMessages> {
    return this.#http.request('get', '/api/search', { query: { q, ...filter } });
  }
}
