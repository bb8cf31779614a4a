import { apiUrl, type ApiAnswer, type ApiMethod, type ApiPath, type ApiRequest } from '@chat/protocol';
import type { Account } from '../account/account.ts';
import type { Http } from './http.ts';
import { RequestError } from './request-error.ts';

const METHOD = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const satisfies Record<ApiMethod, string>;

type Call = { readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; readonly body?: unknown };

/** Calls in the name of the signed-in user. A token that ran out meanwhile is renewed once, unseen. */
export class AuthorizedHttp {
  readonly #http: Http;
  readonly #account: Account;

  constructor(http: Http, account: Account) {
    this.#http = http;
    this.#account = account;
  }

  /** One request as the server's OpenAPI document has it. Throws `RequestError`. */
  async request<Method extends ApiMethod, Path extends ApiPath<Method>>(
    method: Method,
    path: Path,
    request: ApiRequest<Method, Path>,
  ): Promise<ApiAnswer<Method, Path>> {
    const { body, ...values } = request as { readonly body?: unknown; readonly path?: object; readonly query?: object }; // each `ApiRequest` is one
    return (await this.call(apiUrl(path, values), { method: METHOD[method], body })) as ApiAnswer<Method, Path>; // by the document
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
