import { apiUrl, type ApiAnswer, type ApiMethod, type ApiPath, type ApiRequest } from '@chat/protocol';
import type { Account } from '../account/account.ts';
import type { Http } from './http.ts';
import { RequestError } from './request-error.ts';

const METHOD = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const satisfies Record<ApiMethod, string>;

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
    const url = apiUrl(path, values);
    const accessToken = await this.#account.accessToken();
    const options = { method: METHOD[method], body };
    const answer = await this.#http.request(url, { ...options, accessToken }).catch(async (fault: unknown) => {
      if (!(fault instanceof RequestError) || fault.status !== 401) throw fault;
      return this.#http.request(url, { ...options, accessToken: await this.#account.renew(accessToken) });
    });
    return answer as ApiAnswer<Method, Path>; // by the document
  }
}
