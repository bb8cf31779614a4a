import { sockJsString } from './sockjs-string.ts';

/** A STOMP frame on its way out, encoded once however many sockets it goes to. */
export class OutboundFrame {
  /** The frame as STOMP. */
  readonly bytes: Uint8Array;
  #webSocket: Buffer | undefined;
  #sockJs: Buffer | undefined;
  #sockJsMessage: OutboundFrame | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The frame as one unmasked WebSocket text message, made on first use. */
  get webSocket(): Buffer {
    this.#webSocket ??= textMessage(this.bytes);
    return this.#webSocket;
  }

  /** The frame as a string of JSON, one element of a SockJS message, made on first use. */
  get sockJs(): Buffer {
    const { buffer, byteOffset, length } = this.bytes;
    this.#sockJs ??= Buffer.from(sockJsString(Buffer.from(buffer, byteOffset, length).toString()));
    return this.#sockJs;
  }

  /** The frame alone in a message of SockJS over WebSocket, made on first use. */
  get sockJsMessage(): OutboundFrame {
    this.#sockJsMessage ??= new OutboundFrame(Buffer.concat([BEFORE_STRINGS, this.sockJs, AFTER_STRINGS]));
    return this.#sockJsMessage;
  }
}

const BEFORE_STRINGS = Buffer.from('a[');
const AFTER_STRINGS = Buffer.from(']');
const FINAL_TEXT = 0x81;

/** RFC 6455, 5.2: final text frame from server to client, thus without a mask. */
function textMessage(payload: Uint8Array): Buffer {
  const size = payload.length;
  const header = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const message = Buffer.allocUnsafe(header + size);
  message[0] = FINAL_TEXT;
  if (header === 2) message[1] = size;
  else if (header === 4) {
    message[1] = 126;
    message.writeUInt16BE(size, 2);
  } else {
    message[1] = 127;
    message.writeBigUInt64BE(BigInt(size), 2);
  }
  message.set(payload, header);
  return message;
}

/** The transport beneath a STOMP session: one WebSocket, or one SockJS session. */
export interface Connection {
  readonly remoteAddress: string;
  /** Hands over a frame. Frames leave in order; those of one turn of the event loop leave together. */
  send(frame: OutboundFrame): void;
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedBytes: number;
  /** Resolves when few bytes are buffered, or the connection has ended. */
  drained(): Promise<void>;
  /** Asks the other side for a sign of life. Its `onPong` proves that all that was sent before has arrived. */
  ping(): void;
  /** The other side has shown who it is: what is bounded for strangers alone is bounded no longer. */
  trust(): void;
  /** Stops and goes on reading. */
  pause(): void;
  resume(): void;
  /**
   * Sends what is buffered, then says good-bye with this code. Who is told `CloseCode.tooSlow` has not read what is
   * buffered: it is forgotten instead.
   */
  close(code: number, reason: string): void;
  /** Ends it at once. */
  terminate(): void;
}

/** What a transport tells its session. All synchronous, in order. */
export interface ConnectionListener {
  onData(chunk: string | Uint8Array): void;
  onPong(): void;
  /** A stranger has sent more than may be held for one. */
  onTooMuch(): void;
  /** The connection has ended, for whatever reason. Called once, and nothing after it. */
  onClosed(): void;
}
