import {
  bodyText,
  encodeFrame,
  FrameDecoder,
  SendDestination,
  SubscribeDestination,
  type ChatMessage,
  type ClientCommand,
  type ErrorBody,
  type FrameHeaders,
  type ServerCommand,
  type StompVersion,
} from '@chat/protocol';
import { WebSocket, type ClientOptions, type RawData } from 'ws';

const WAIT_MS = 15_000;

export type ServerFrame = { readonly command: ServerCommand; readonly headers: FrameHeaders; readonly text: string };
export type Closed = { readonly code: number; readonly reason: string };
export type Headers = Readonly<Record<string, string | undefined>>;
export type OpenOptions = ClientOptions & { readonly protocols?: readonly string[] };

type Waiting = { readonly matches: (frame: ServerFrame) => boolean; readonly tell: () => void };

/** A STOMP client that does what a test tells it and nothing by itself: it can be as wrong as the test wants. */
export class StompClient {
  readonly webSocket: WebSocket;
  /** How the connection ended. */
  readonly closed: Promise<Closed>;
  readonly #decoder = new FrameDecoder({ from: 'server', limits: { frameBytes: 1024 * 1024, headerBytes: 64 * 1024 } });
  readonly #received: ServerFrame[] = [];
  readonly #waiting = new Set<Waiting>();
  #version: StompVersion = '1.2';
  #closedAs: Closed | undefined;
  #numbers = 0;

  private constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on('message', (data) => this.#onData(data));
    this.closed = new Promise((resolve) => {
      webSocket.on('close', (code, reason) => {
        this.#closedAs = { code, reason: reason.toString() };
        resolve(this.#closedAs);
        for (const waiting of this.#waiting) waiting.tell();
      });
    });
  }

  /** Opens the WebSocket and sends nothing yet. Rejects with what the server answered instead. */
  static async open(url: string, { protocols = [], ...options }: OpenOptions = {}): Promise<StompClient> {
    const webSocket = new WebSocket(url, [...protocols], options);
    const client = new StompClient(webSocket);
    await new Promise<void>((resolve, reject) => {
      webSocket.once('open', resolve);
      // Stays: later errors of the connection show in how it closes.
      webSocket.on('error', reject);
    });
    return client;
  }

  /** Opens, sends CONNECT, and has got CONNECTED. */
  static async connect(url: string, headers: Headers, options: OpenOptions = {}): Promise<StompClient> {
    const client = await StompClient.open(url, options);
    await client.connect(headers);
    return client;
  }

  async connect(headers: Headers): Promise<ServerFrame> {
    this.frame('CONNECT', { 'accept-version': '1.2', host: 'chat', 'heart-beat': '0,0', ...headers });
    const connected = await this.next((frame) => frame.command === 'CONNECTED');
    // The version that follows is one of ours: the server's own list is the same.
    this.#version = (connected.headers.get('version') ?? '1.0') as StompVersion;
    this.#decoder.version = this.#version;
    return connected;
  }

  /** Everything that came and was not taken by `next`. */
  get unread(): readonly ServerFrame[] {
    return this.#received;
  }

  /** One frame in one message: text, or binary if the body is. */
  frame(command: ClientCommand, headers: Headers = {}, body?: string | Uint8Array): void {
    this.raw(body instanceof Uint8Array ? encodeFrame(command, headers, body, this.#version) : this.encode(command, headers, body));
  }

  encode(command: ClientCommand, headers: Headers = {}, body?: string): string {
    return Buffer.from(encodeFrame(command, headers, body, this.#version)).toString();
  }

  /** One WebSocket message, text or binary. */
  raw(data: string | Uint8Array): void {
    this.webSocket.send(data);
  }

  /** Takes the first frame that matches, now or as it comes. Fails if it does not come, or cannot any more. */
  async next(matches: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    let at = this.#received.findIndex(matches);
    if (at < 0 && this.#closedAs === undefined) {
      await this.#news(matches);
      at = this.#received.findIndex(matches);
    }
    const [frame] = at < 0 ? [] : this.#received.splice(at, 1);
    if (frame !== undefined) return frame;
    const why = this.#closedAs === undefined ? 'It did not come' : `The connection closed (${JSON.stringify(this.#closedAs)})`;
    throw new Error(`${why}; ${this.#describe()}`);
  }

  receipt(id: string): Promise<ServerFrame> {
    return this.next((frame) => frame.command === 'RECEIPT' && frame.headers.get('receipt-id') === id);
  }

  error(): Promise<ServerFrame> {
    return this.next((frame) => frame.command === 'ERROR');
  }

  /** The next message of a subscription, of one type if that is given. */
  async message(subscription: string, type?: ChatMessage['type']): Promise<ChatMessage> {
    const frame = await this.next((one) => isMessageOf(one, subscription) && (type === undefined || parse(one).type === type));
    return parse(frame);
  }

  async messages(subscription: string, count: number, type?: ChatMessage['type']): Promise<ChatMessage[]> {
    const messages: ChatMessage[] = [];
    while (messages.length < count) messages.push(await this.message(subscription, type));
    return messages;
  }

  /** What has come on a subscription and was not taken. */
  unreadOf(subscription: string, type?: ChatMessage['type']): ChatMessage[] {
    const messages = this.#received.filter((frame) => isMessageOf(frame, subscription)).map(parse);
    return type === undefined ? messages : messages.filter((message) => message.type === type);
  }

  /** Subscribes and waits until that is live. */
  async subscribe(destination: string, headers: Headers = {}): Promise<string> {
    const id = headers['id'] ?? this.#newId('s');
    const receipt = this.#newId('r');
    this.frame('SUBSCRIBE', { destination, id, receipt, ...headers });
    await this.receipt(receipt);
    return id;
  }

  subscribeToMessages(headers: Headers = {}): Promise<string> {
    return this.subscribe(SubscribeDestination.messages, { id: 'm', ...headers });
  }

  subscribeToErrors(headers: Headers = {}): Promise<string> {
    return this.subscribe(SubscribeDestination.errors, { id: 'e', ...headers });
  }

  send(destination: string, body: unknown, headers: Headers = {}): void {
    this.frame('SEND', { destination, ...headers }, JSON.stringify(body));
  }

  /** Sends and waits for the RECEIPT. */
  async request(destination: string, body: unknown, headers: Headers = {}): Promise<ServerFrame> {
    const receipt = headers['receipt'] ?? this.#newId('r');
    this.send(destination, body, { ...headers, receipt });
    return this.receipt(receipt);
  }

  /** Sends a text and answers its place in the conversation. */
  async say(to: string, message: string, fields: object = {}): Promise<number> {
    const receipt = await this.request(SendDestination.chatSend, { to, message, ...fields });
    return Number(receipt.headers.get('seq'));
  }

  /** Sends and waits for what is said to be wrong; the session has to be subscribed to its errors as `e`. */
  async refusal(destination: string, body: unknown, headers: Headers = {}): Promise<ErrorBody> {
    const receipt = headers['receipt'] ?? this.#newId('r');
    this.frame('SEND', { destination, ...headers, receipt }, body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body));
    return this.refusalOf(receipt);
  }

  async refusalOf(receipt: string): Promise<ErrorBody> {
    const frame = await this.next((one) => isMessageOf(one, 'e') && parseError(one).receipt === receipt);
    return parseError(frame);
  }

  /** Resolves when all that the server wrote to this session before has been read here. */
  async fence(): Promise<void> {
    const id = this.#newId('f');
    const receipt = this.#newId('r');
    this.frame('SUBSCRIBE', { destination: SubscribeDestination.errors, id });
    this.frame('UNSUBSCRIBE', { id, receipt });
    await this.receipt(receipt);
  }

  /** Ends without a word, as a client does whose machine dies. */
  vanish(): void {
    this.webSocket.terminate();
  }

  async disconnect(): Promise<Closed> {
    this.frame('DISCONNECT', { receipt: this.#newId('bye') });
    return this.closed;
  }

  #onData(data: RawData): void {
    // ws gives one Buffer, as binaryType is 'nodebuffer'.
    this.#decoder.push(data as Buffer);
    for (let frame = this.#decoder.next(); frame !== undefined; frame = this.#decoder.next()) {
      const received = { command: frame.command, headers: frame.headers, text: bodyText(frame) };
      this.#received.push(received);
      for (const waiting of this.#waiting) if (waiting.matches(received)) waiting.tell();
    }
  }

  /** Resolves when one that matches is there, the connection has closed, or it took too long. */
  async #news(matches: Waiting['matches']): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => waiting.tell(), WAIT_MS);
      const waiting: Waiting = {
        matches,
        tell: () => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve();
        },
      };
      this.#waiting.add(waiting);
    });
  }

  #newId(kind: string): string {
    return `${kind}${++this.#numbers}`;
  }

  #describe(): string {
    const frames = this.#received.slice(-10).map((frame) => `${frame.command} ${JSON.stringify(frame.headers.flat)} ${frame.text.slice(0, 200)}`);
    return `${this.#received.length} other frames came, the last: ${frames.join(' | ')}`;
  }
}

export function isMessageOf(frame: ServerFrame, subscription: string): boolean {
  return frame.command === 'MESSAGE' && frame.headers.get('subscription') === subscription;
}

export function parse(frame: ServerFrame): ChatMessage {
  return JSON.parse(frame.text) as ChatMessage; // the server under test says so; assertions on its fields find out
}

function parseError(frame: ServerFrame): ErrorBody {
  return JSON.parse(frame.text) as ErrorBody; // as above
}
