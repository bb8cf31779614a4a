import { encodeFrame } from './frame-encoder.ts';
import { escapeHeader } from './header-escape.ts';
import { BACKSLASH, COLON, NUL } from './octet.ts';
import { encodeUtf8 } from './utf8.ts';
import type { StompVersion } from './version.ts';

export type MessageTemplateOptions = {
  /** Id of the subscription. */
  readonly subscription: string;
  /** As it was subscribed to. */
  readonly destination: string;
  /** Whether the subscription acknowledges; its frames then carry `ack`, which begins with STOMP 1.2. */
  readonly withAck: boolean;
  readonly version: StompVersion;
  readonly contentType?: string;
  /** Memory for a frame, all of which is overwritten. On Node `Buffer.allocUnsafe` is much faster than the default. */
  readonly allocate?: (length: number) => Uint8Array;
};

/**
 * The MESSAGE frames of one subscription. What they have in common is escaped and encoded once, at SUBSCRIBE; a frame
 * is then one allocation into which five pieces are copied. All recipients with equal options get equal bytes.
 */
export class MessageTemplate {
  readonly #options: MessageTemplateOptions;
  readonly #hasAck: boolean;
  readonly #allocate: (length: number) => Uint8Array;
  /** From the command to the entry's id in `message-id`. */
  readonly #beforeId: Uint8Array;
  /** From there to its second place in `ack`, or to the length where there is none. */
  readonly #afterId: Uint8Array;
  /** From the second place to the length. */
  readonly #afterAck: Uint8Array;

  constructor(options: MessageTemplateOptions) {
    const { version } = options;
    const subscription = escapeHeader(options.subscription, version);
    const destination = escapeHeader(options.destination, version);
    const contentType = escapeHeader(options.contentType ?? DEFAULT_CONTENT_TYPE, version);
    this.#options = options;
    this.#allocate = options.allocate ?? ((length) => new Uint8Array(length));
    this.#hasAck = options.withAck && version === '1.2';
    this.#beforeId = encodeUtf8(
      `MESSAGE\nsubscription:${subscription}\ndestination:${destination}\ncontent-type:${contentType}\nmessage-id:`,
    );
    const toLength = encodeUtf8(`/${subscription}\ncontent-length:`);
    this.#afterId = this.#hasAck ? encodeUtf8(`/${subscription}\nack:`) : toLength;
    this.#afterAck = toLength;
  }

  /** The `message-id` of an entry's frame, unescaped; in 1.2 with acknowledging also its `ack`. */
  messageId(entryId: string): string {
    return `${entryId}/${this.#options.subscription}`;
  }

  /** The frame that carries `body` as the entry of this id. */
  frame(entryId: string, body: Uint8Array): Uint8Array {
    if (body.length === 0 || !isPlain(entryId)) return this.#frameByParts(entryId, body);
    const digits = String(body.length);
    const ackLength = this.#hasAck ? entryId.length + this.#afterAck.length : 0;
    const headLength =
      this.#beforeId.length + entryId.length + this.#afterId.length + ackLength + digits.length + BLANK_LINE.length;
    const frame = this.#allocate(headLength + body.length + 1);
    frame.set(this.#beforeId);
    let at = writePlain(entryId, frame, this.#beforeId.length);
    frame.set(this.#afterId, at);
    at += this.#afterId.length;
    if (this.#hasAck) {
      at = writePlain(entryId, frame, at);
      frame.set(this.#afterAck, at);
      at += this.#afterAck.length;
    }
    at = writePlain(digits, frame, at);
    writePlain(BLANK_LINE, frame, at);
    frame.set(body, headLength);
    frame[frame.length - 1] = NUL;
    return frame;
  }

  /** The same frame the long way, for an id that has to be escaped and for an empty body. */
  #frameByParts(entryId: string, body: Uint8Array): Uint8Array {
    const { subscription, destination, contentType = DEFAULT_CONTENT_TYPE, version } = this.#options;
    const messageId = this.messageId(entryId);
    const headers = {
      subscription,
      destination,
      'content-type': contentType,
      'message-id': messageId,
      ack: this.#hasAck ? messageId : undefined,
    };
    return encodeFrame('MESSAGE', headers, body, version);
  }
}

const DEFAULT_CONTENT_TYPE = 'application/json';
const BLANK_LINE = '\n\n';

/** Whether a text is printable ASCII that no version escapes: as many bytes as characters. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e || unit === COLON || unit === BACKSLASH) return false;
  }
  return true;
}

function writePlain(text: string, target: Uint8Array, offset: number): number {
  for (let index = 0; index < text.length; index++) target[offset + index] = text.charCodeAt(index);
  return offset + text.length;
}
