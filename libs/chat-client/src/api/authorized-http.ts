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
    const answer = await this.#authorized((accessToken) => this.#http.request(url, { method: METHOD[method], body, accessToken }));
    return answer as ApiAnswer<Method, Path>; // by the document
  }

  /** What is no JSON, whole, however long it takes. Throws `RequestError`. */
  download(path: ApiPath<'get'>, values: Readonly<Record<string, string>> = {}): Promise<Blob> {
    const url = apiUrl(path, { path: values });
    return this.#authorized((accessToken) => this.#http.download(url, accessToken));
  }

  async #authorized<Answer>(call: (accessToken: string) => Promise<Answer>): Promise<Answer> {
    const accessToken = await this.#account.accessToken();
    return call(accessToken).catch(async (fault: unknown) => {
      if (!(fault instanceof RequestError) || fault.status !== 401) throw fault;
      return call(await this.#account.renew(accessToken));
    });
  }
}
