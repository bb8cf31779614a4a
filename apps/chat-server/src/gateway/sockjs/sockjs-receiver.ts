import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** What one response of a stream carries before the client has to ask again: browsers keep all of it in memory. */
const RESPONSE_BYTES = 128 * 1024;

/** How a transport puts frames into its responses. */
export type ReceiverForm = {
  readonly contentType: string;
  /** Ends with the first frames, instead of going on. */
  readonly polling: boolean;
  /** Its clients give a session up whose response broke off. Others ask again as if it had ended. */
  readonly tellsEnds: boolean;
  readonly prelude: string;
  readonly before: string;
  readonly after: string;
};

const JAVASCRIPT = 'application/javascript; charset=UTF-8';

export const XHR: ReceiverForm = { contentType: JAVASCRIPT, polling: true, tellsEnds: true, prelude: '', before: '', after: '\n' };
/** Some browsers look at a stream only when 2 KiB of it have come. */
export const XHR_STREAMING: ReceiverForm = {
  contentType: JAVASCRIPT, polling: false, tellsEnds: true, prelude: `${'h'.repeat(2048)}\n`, before: '', after: '\n',
};
export const EVENT_SOURCE: ReceiverForm = {
  contentType: 'text/event-stream; charset=UTF-8', polling: false, tellsEnds: false, prelude: '\r\n', before: 'data: ', after: '\r\n\r\n',
};

/** One request of a client to receive, and its response. */
export class SockJsReceiver {
  readonly polling: boolean;
  readonly tellsEnds: boolean;
  /** Called once: the response was handed over whole, or it broke off. */
  onDone: (whole: boolean) => void = () => undefined;
  /** The network has taken what waited. */
  onDrained: () => void = () => undefined;
  writtenAt = performance.now();
  readonly #response: ServerResponse;
  readonly #form: ReceiverForm;
  readonly #headers: OutgoingHttpHeaders;
  #written: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #done = false;

  constructor(response: ServerResponse, form: ReceiverForm, headers: OutgoingHttpHeaders) {
    this.#response = response;
    this.#form = form;
    this.#headers = { ...headers, 'content-type': form.contentType };
    this.polling = form.polling;
    this.tellsEnds = form.tellsEnds;
    response.on('finish', () => this.#tellDone(true));
    response.on('close', () => this.#tellDone(false));
    response.on('drain', () => this.onDrained());
    response.on('error', () => this.#tellDone(false));
    // Gone before anybody listened.
    if (response.destroyed) setImmediate(() => this.#tellDone(false));
    if (form.polling) return;
    response.writeHead(200, this.#headers);
    response.write(form.prelude);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** It has to end now, since it carries what one response may. */
  get isFull(): boolean {
    return this.polling ? this.#bytes > 0 : this.#bytes >= RESPONSE_BYTES;
  }

  /** Bytes that it may still carry. */
  get room(): number {
    return RESPONSE_BYTES - this.#bytes;
  }

  /** Bytes that the network has not taken yet. */
  get unsentBytes(): number {
    return this.#done ? 0 : this.#response.writableLength;
  }

  write(frame: Buffer): void {
    if (this.#ended) return;
    this.writtenAt = performance.now();
    const { before, after } = this.#form;
    this.#bytes += before.length + frame.length + after.length;
    const whole = Buffer.concat([Buffer.from(before), frame, Buffer.from(after)]);
    // A poll's response goes out in one piece, with its length.
    if (this.polling) this.#written.push(whole);
    else this.#response.write(whole);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.polling) this.#response.writeHead(200, { ...this.#headers, 'content-length': this.#bytes });
    this.#response.end(Buffer.concat(this.#written));
    this.#written = [];
  }

  /** Says this, and nothing else any more. */
  dismiss(frame: Buffer): void {
    this.write(frame);
    this.end();
  }

  destroy(): void {
    this.#ended = true;
    this.#response.destroy();
  }

  #tellDone(whole: boolean): void {
    if (this.#done) return;
    this.#done = true;
    this.#ended = true;
    this.onDone(whole);
  }
}
