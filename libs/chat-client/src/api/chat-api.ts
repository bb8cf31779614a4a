import type { ConversationsPage, MessagesPage, User } from '@chat/protocol';
import type { Account } from '../account/account.ts';
import type { Http } from './http.ts';
import { RequestError } from './request-error.ts';

/** Which part of a conversation's history: the newest, or what lies next to one `seq`. */
export type HistoryRange =
  | { readonly limit?: number }
  | { readonly before: number; readonly limit?: number }
  | { readonly after: number; readonly limit?: number }
  | { readonly around: number; readonly limit?: number };

/** The calls of a signed-in user. A token that ran out meanwhile is renewed once, unseen. */
export class ChatApi {
  readonly #http: Http;
  readonly #account: Account;

  constructor(http: Http, account: Account) {
    this.#http = http;
    this.#account = account;
  }

  async me(): Promise<User> {
    return (await this.#call('/api/me')) as User;
  }

  async rename(displayName: string): Promise<User> {
    return (await this.#call('/api/me', { method: 'PATCH', body: { displayName } })) as User;
  }

  /** Throws `not-found` for an id that nobody has. */
  async user(id: string): Promise<User> {
    return (await this.#call(`/api/users/${encodeURIComponent(id)}`)) as User;
  }

  /** Newest first. The page's `cursor`, if there is one, asks for the next. */
  async conversations(cursor?: string): Promise<ConversationsPage> {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    return (await this.#call(`/api/conversations${query}`)) as ConversationsPage;
  }

  /** By rising `seq`. */
  async messages(conversationId: string, range: HistoryRange = {}): Promise<MessagesPage> {
    const query = new URLSearchParams(Object.entries(range).map(([name, value]) => [name, String(value)]));
    return (await this.#call(`/api/conversations/${encodeURIComponent(conversationId)}/messages?${query}`)) as MessagesPage;
  }

  /** Answers are taken as the server's contract says; the casts above name which part of it. */
  async #call(path: string, options: { method?: 'PATCH' | 'POST'; body?: unknown } = {}): Promise<unknown> {
    const accessToken = await this.#account.accessToken();
    try {
      return await this.#http.request(path, { ...options, accessToken });
    } catch (fault) {
      if (!(fault instanceof RequestError) || fault.status !== 401) throw fault;
      return this.#http.request(path, { ...options, accessToken: await this.#account.renew(accessToken) });
    }
  }
}
