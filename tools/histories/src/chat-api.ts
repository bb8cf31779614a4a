import { accessToken } from './access-token.ts';

/** What HTTP answered; `body` is undefined where that was not 2xx. */
export type Answer<Body> = { readonly status: number; readonly body: Body | undefined };

const ANSWER_WITHIN_MS = 20_000;

/** The JSON API of a server, as one user. */
export class ChatApi {
  readonly #url: string;
  readonly #authorization: string;

  constructor(url: string, user: string, secret: string) {
    this.#url = url;
    this.#authorization = `Bearer ${accessToken(user, secret)}`;
  }

  /** @typeParam Body what the contract says of the answer; what is wrong with it shows where it is compared */
  async call<Body>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer<Body>> {
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: this.#authorization, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    // As said above.
    return { status: response.status, body: response.ok && text !== '' ? (JSON.parse(text) as Body) : undefined };
  }
}
