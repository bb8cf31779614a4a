import { RequestError, requestErrorOf } from './request-error.ts';

export type Fetch = typeof globalThis.fetch;

type JsonRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly accessToken?: string;
};

/** How long an answer may take before it counts as none. */
const ANSWER_MS = 15_000;

/** JSON calls to one server's `/api`. Whatever goes wrong is thrown as `RequestError`. */
export class Http {
  readonly #base: string;
  readonly #fetch: Fetch;

  /** `base` is the server's origin; in a page, '' for its own. */
  constructor(base: string, fetch: Fetch = globalThis.fetch.bind(globalThis)) {
    this.#base = base.replace(/\/$/, '');
    this.#fetch = fetch;
  }

  async request(path: string, options: JsonRequest = {}): Promise<unknown> {
    const headers = new Headers({ accept: 'application/json' });
    if (options.body !== undefined) headers.set('content-type', 'application/json');
    if (options.accessToken !== undefined) headers.set('authorization', `Bearer ${options.accessToken}`);
    const response = await this.#send(path, {
      method: options.method ?? 'GET',
      headers,
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!response.ok) throw await requestErrorOf(response);
    if (response.status === 204) return undefined;
    return response.json().catch(() => {
      throw new RequestError('unreachable', 'The answer is not JSON.', response.status);
    });
  }

  /** A file: only its beginning has to come in time. */
  async download(path: string, accessToken: string): Promise<Blob> {
    const begun = new AbortController();
    const timer = setTimeout(() => begun.abort(), ANSWER_MS);
    const headers = { authorization: `Bearer ${accessToken}` };
    const response = await this.#send(path, { headers, signal: begun.signal }).finally(() => clearTimeout(timer));
    if (!response.ok) throw await requestErrorOf(response);
    return response.blob().catch((fault: unknown) => {
      throw new RequestError('unreachable', fault instanceof Error ? fault.message : 'The answer broke off.', 0);
    });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(this.#base + path, init);
    } catch (fault) {
      throw new RequestError('unreachable', fault instanceof Error ? fault.message : 'No answer.', 0);
    }
  }
}
