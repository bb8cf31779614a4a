import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';

const WAIT_MS = 15_000;

export type HttpOptions = { readonly method?: string; readonly headers?: OutgoingHttpHeaders; readonly body?: string };
export type HttpAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

let sessions = 0;

/** An answer as it comes, on a connection of its own. */
export class HttpStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All that has come. */
  text = '';
  /** The answer has ended, or broke off. */
  readonly ended: Promise<'whole' | 'broken'>;
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;
  readonly #waiting = new Set<() => void>();
  #over = false;

  private constructor(sent: ClientRequest, response: IncomingMessage) {
    this.#request = sent;
    this.#response = response;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    response.setEncoding('utf8').on('data', (part: string) => {
      this.text += part;
      this.#tell();
    });
    this.ended = new Promise((resolve) => {
      response.on('error', () => undefined); // 'close' says the same
      response.on('close', () => {
        this.#over = true;
        resolve(response.complete ? 'whole' : 'broken');
        this.#tell();
      });
    });
  }

  /** Resolves with the head of the answer. */
  static open(url: string, { method = 'GET', headers = {}, body }: HttpOptions = {}): Promise<HttpStream> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, agent: false }, (response) => resolve(new HttpStream(sent, response)));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  get over(): boolean {
    return this.#over;
  }

  /** Lines of a stream that have come whole. */
  get lines(): readonly string[] {
    return this.text.split('\n').slice(0, -1);
  }

  /** Resolves once this holds. Fails if it does not come, or cannot any more. */
  async until(holds: (stream: HttpStream) => boolean): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!holds(this)) {
      if (this.#over || Date.now() > deadline) throw new Error(`It did not come; what came ends with ${this.text.slice(-500)}`);
      await new Promise<void>((resolve) => {
        const tell = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(tell);
          resolve();
        };
        const timer = setTimeout(tell, WAIT_MS);
        this.#waiting.add(tell);
      });
    }
  }

  pause(): void {
    this.#response.pause();
  }

  /** Breaks the connection. */
  destroy(): void {
    this.#request.destroy();
  }

  #tell(): void {
    for (const tell of [...this.#waiting]) tell();
  }
}

/** Asks and reads the whole answer. */
export async function ask(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const stream = await HttpStream.open(url, options);
  if ((await stream.ended) === 'broken') throw new Error('The answer broke off.');
  const { status, headers, text } = stream;
  return { status, headers, text };
}

/** The requests of one SockJS session, each sent when a test wants it. */
export class SockJsRequests {
  readonly url: string;

  /** `base` is the address of the endpoint, e.g. `http://127.0.0.1:8080/ws-chat`. */
  constructor(base: string, session = `session-${process.pid}-${++sessions}`) {
    this.url = `${base}/000/${session}`;
  }

  /** The whole answer of a poll. */
  async poll(headers: OutgoingHttpHeaders = {}): Promise<string> {
    return (await ask(`${this.url}/xhr`, { method: 'POST', headers })).text;
  }

  stream(transport: 'xhr' | 'xhr_streaming' | 'eventsource'): Promise<HttpStream> {
    return HttpStream.open(`${this.url}/${transport}`, { method: transport === 'eventsource' ? 'GET' : 'POST' });
  }

  /** Sends STOMP frames, or parts of them, and answers with the status. */
  async send(...messages: readonly string[]): Promise<number> {
    return (await this.sendRaw(JSON.stringify(messages))).status;
  }

  sendRaw(body: string, headers: OutgoingHttpHeaders = {}): Promise<HttpAnswer> {
    return ask(`${this.url}/xhr_send`, { method: 'POST', body, headers });
  }
}
