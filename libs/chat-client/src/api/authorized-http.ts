import type { Account } from '../account/account.ts';
import type { Http } from './http.ts';
import { RequestError } from './request-error.ts';

type Call = { readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; readonly body?: unknown };

/** Calls in the name of the signed-in user. A token that ran out meanwhile is renewed once, unseen. */
export class AuthorizedHttp {
  readonly #http: Http;
  readonly #account: Account;

  constructor(http: Http, account: Account) {
    this.#http = http;
    this.#account = account;
  }

  /** Throws `RequestError`. */
  async call(path: string, options: Call = {}): Promise<unknown> {
    const accessToken = await this.#account.accessToken();
    try {
      return await this.#http.request(path, { ...options, accessToken });
    } catch (fault) {
      if (!(fault instanceof RequestError) || fault.status !== 401) throw fault;
      return this.#http.request(path, { ...options, accessToken: await this.#account.renew(accessToken) });
    }
  }
}
