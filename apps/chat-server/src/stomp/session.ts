import {
  bodyText,
  ChatError,
  CloseCode,
  encodeFrame,
  FrameDecoder,
  FrameError,
  HEARTBEAT,
  parseSubscribeDestination,
  type ErrorBody,
  type Frame,
  type ServerCommand,
  type StompVersion,
} from '@chat/protocol';
import type { Caller } from '../commands/command-table.ts';
import type { LogEntry } from '../conversations/log-entry.ts';
import type { FeedStart } from '../delivery/feed.ts';
import type { Principal } from '../identity/principal.ts';
import { OutboundFrame, type Connection, type ConnectionListener } from './connection.port.ts';
import { authenticateConnect, deviceNameOf, negotiateHeartBeat, negotiateVersion, SERVER_BEAT_MS } from './handshake.ts';
import { MessagesFeeds } from './messages-feeds.ts';
import { SendOutcome, type SendAnswers, type SendRequest } from './send-outcome.ts';
import type { SessionServices } from './session-services.ts';
import { Subscription } from './subscription.ts';

/** Without any data for this long a client is pinged; for as long again without an answer, it is gone. */
const SILENT_MS = 20_000;
/** Frames are answered until the other side closes, but not for ever. */
const CLOSE_GRACE_MS = 5_000;

const BEAT = new OutboundFrame(HEARTBEAT);

type Connected = {
  principal: Principal;
  readonly version: StompVersion;
  readonly sendEveryMs: number;
  readonly feeds: MessagesFeeds;
};

/**
 * One STOMP session: reads a frame, handles it, reads the next. Whatever goes wrong with a frame costs this session at
 * most.
 */
export class StompSession implements ConnectionListener, SendAnswers {
  readonly #connection: Connection;
  readonly #services: SessionServices;
  readonly #decoder: FrameDecoder<'client'>;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #openedAt = performance.now();
  #connected: Connected | undefined;
  #caller: Caller | undefined;
  #busy = false;
  #ended = false;
  #closed = false;
  #receivedAt = performance.now();
  #sentAt = performance.now();
  #pingedAt: number | undefined;
  #frameSince: number | undefined;
  #unsettled = 0;
  /** DISCONNECT has come, and not all before it has its outcome. */
  #disconnecting = false;
  #disconnectReceipt: string | undefined;
  #endedAt = 0;
  #ids = 0;

  constructor(connection: Connection, services: SessionServices) {
    this.#connection = connection;
    this.#services = services;
    const { limits } = services;
    this.#decoder = new FrameDecoder({
      from: 'client',
      limits: { frameBytes: limits.frameBytesBeforeConnected, headers: limits.headers, headerBytes: limits.headerBytes },
    });
    services.sessions.add(this);
  }

  // What the connection tells.

  onData(chunk: string | Uint8Array): void {
    this.#receivedAt = performance.now();
    this.#pingedAt = undefined;
    if (this.#ended) return;
    this.#decoder.push(chunk);
    if (!this.#busy) this.#handleFrames();
  }

  onPong(): void {
    this.#receivedAt = performance.now();
    this.#pingedAt = undefined;
    this.#connected?.feeds.onPong();
  }

  onClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended = true;
    for (const subscription of this.#subscriptions.values()) subscription.stop();
    this.#subscriptions.clear();
    const principal = this.#connected?.principal;
    this.#services.sessions.remove(this, principal?.userId, principal?.signIn);
    if (principal !== undefined) this.#services.presence.left(principal);
  }

  /** Once a second: beats, pings, time-outs, the token's end. */
  tick(now: number): void {
    if (this.#ended) {
      if (now - this.#endedAt > CLOSE_GRACE_MS) this.terminate();
      return;
    }
    const { limits } = this.#services;
    if (this.#connected === undefined) {
      // Busy with a CONNECT that has come: what is slow then is this server.
      if (!this.#busy && now - this.#openedAt > limits.connectWithinMs) this.#fail('No CONNECT came in time.', CloseCode.protocolError);
      return;
    }
    this.#checkFrameTime(now);
    this.#checkAlive(now);
    if (this.#connection.bufferedBytes > limits.outboundBytes) {
      this.#services.counts.slowReaders++;
      this.end(CloseCode.tooSlow, 'Too slow a reader. Resume with chat.sync.');
    } else if (this.#connected.principal.expiresAt <= this.#services.authenticator.now()) {
      this.#fail('The access token has expired.', CloseCode.unauthorized);
    }
  }

  #checkFrameTime(now: number): void {
    if (!this.#decoder.midFrame) this.#frameSince = undefined;
    else this.#frameSince ??= now;
    if (this.#frameSince !== undefined && now - this.#frameSince > this.#services.limits.frameWithinMs) {
      this.#fail('A frame did not end in time.', CloseCode.protocolError);
    }
  }

  #checkAlive(now: number): void {
    const connected = this.#connected;
    if (connected === undefined || this.#ended) return;
    if (connected.sendEveryMs > 0 && now - this.#sentAt >= connected.sendEveryMs - 1_000) this.#send(BEAT);
    if (this.#pingedAt !== undefined) {
      if (now - this.#pingedAt > SILENT_MS) this.terminate();
      return;
    }
    if (connected.feeds.wantsPing || now - this.#receivedAt >= SILENT_MS) {
      this.#pingedAt = now;
      if (connected.feeds.wantsPing) connected.feeds.onPing();
      this.#connection.ping();
    }
  }

  // The loop.

  #handleFrames(): void {
    while (!this.#ended) {
      let pending: void | Promise<void>;
      let frame: Frame | undefined;
      try {
        frame = this.#decoder.next();
        if (frame === undefined) return;
        this.#frameSince = undefined;
        pending = this.#handle(frame);
      } catch (error) {
        this.#onFault(error, frame);
        continue;
      }
      if (pending !== undefined) {
        this.#waitFor(pending, frame);
        return;
      }
    }
  }

  /** While a frame is being handled the rest waits in the decoder, and nothing more is read. */
  #waitFor(pending: Promise<void>, frame: Frame): void {
    this.#busy = true;
    this.#connection.pause();
    void pending
      .catch((error: unknown) => this.#onFault(error, frame))
      .then(() => {
        this.#busy = false;
        if (this.#closed) return;
        this.#connection.resume();
        this.#handleFrames();
      });
  }

  #handle(frame: Frame): void | Promise<void> {
    if (this.#connected === undefined) {
      if (frame.command === 'CONNECT' || frame.command === 'STOMP') return this.#connect(frame);
      throw new ProtocolFault(`${frame.command} came before CONNECT.`);
    }
    switch (frame.command) {
      case 'SEND':
        return this.#onSend(frame);
      case 'SUBSCRIBE':
        return this.#onSubscribe(frame, this.#connected);
      case 'UNSUBSCRIBE':
        return this.#onUnsubscribe(frame);
      case 'DISCONNECT':
        return this.#onDisconnect(frame);
      case 'CONNECT':
      case 'STOMP':
        throw new ProtocolFault('A second CONNECT.');
      default:
        throw new ProtocolFault(`${frame.command} is not available: subscribe with ack:auto, and send without transactions.`);
    }
  }

  /** A frame that breaks STOMP ends the session; what cannot be done is an error message. */
  #onFault(error: unknown, frame: Frame | undefined): void {
    if (error instanceof FrameError) {
      this.#fail(error.message, error.closeCode, receiptOf(frame));
    } else if (error instanceof ProtocolFault) {
      this.#fail(error.message, CloseCode.protocolError, receiptOf(frame));
    } else if (error instanceof ChatError && frame !== undefined && this.#connected !== undefined) {
      this.refuse(error, { destination: frame.headers.get('destination') ?? '', receipt: receiptOf(frame), clientId: undefined });
    } else if (error instanceof ChatError) {
      const overloaded = error.code === 'rate-limited' || error.code === 'unavailable';
      const unauthorized = error.code === 'unauthorized';
      this.#fail(error.message, unauthorized ? CloseCode.unauthorized : overloaded ? CloseCode.overloaded : CloseCode.protocolError);
    } else {
      this.#services.logger.error({ err: error }, 'a frame could not be handled');
      this.#fail('Something went wrong on the server.', CloseCode.overloaded, receiptOf(frame));
    }
  }

  // The frames.

  async #connect(frame: Frame): Promise<void> {
    const version = negotiateVersion(frame.headers.get('accept-version'));
    if (version === undefined) throw new ProtocolFault('No common version: this server speaks STOMP 1.0, 1.1 and 1.2.');
    const { authenticator, sessions, limits, serverId, presence } = this.#services;
    const principal = await this.#authenticate(frame);
    if (this.#ended) return;
    const deviceName = deviceNameOf(frame, principal);
    const { sendEveryMs } = negotiateHeartBeat(frame.headers.get('heart-beat'));
    const registered = presence.arrived(principal);
    const feeds = new MessagesFeeds({
      user: principal,
      deviceName,
      services: this.#services,
      session: { nextId: () => this.#nextId(), drained: () => this.#connection.drained(), failed: (error) => this.#onFault(error, undefined) },
      registered,
    });
    this.#connected = { principal, version, sendEveryMs, feeds };
    this.#caller = this.#asCaller(this.#connected);
    sessions.identify(this, principal.userId, principal.signIn);
    this.#decoder.version = version;
    this.#decoder.maxFrameBytes = limits.frameBytes;
    this.#reply('CONNECTED', {
      version,
      'heart-beat': `${SERVER_BEAT_MS},${SERVER_BEAT_MS}`,
      session: `${serverId}-${Math.floor(this.#openedAt).toString(36)}-${Math.random().toString(36).slice(2, 10)}`,
      server: serverId,
      'user-name': principal.userId,
    });
    // Signed out between the look-up and now: the news has passed this session by.
    if (authenticator.hasEnded(principal.signIn)) this.end(CloseCode.unauthorized, 'Signed out.');
  }

  async #authenticate(frame: Frame): Promise<Principal> {
    const { authenticator, connects } = this.#services;
    const { remoteAddress } = this.#connection;
    connects.check(remoteAddress);
    try {
      return await authenticateConnect(frame, authenticator);
    } catch (error) {
      if (error instanceof ChatError && error.code === 'unauthorized') connects.failed(remoteAddress);
      throw error;
    }
  }

  #onSend(frame: Frame): void | Promise<void> {
    const destination = frame.headers.get('destination');
    if (destination === undefined) throw new ProtocolFault('SEND without a destination.');
    if (frame.headers.has('transaction')) throw new ProtocolFault('Transactions are not available.');
    let clientId: string | undefined;
    let outcome: SendOutcome | undefined;
    try {
      const command = this.#services.commands.at(destination);
      const body = parseJson(frame);
      clientId = clientIdOf(body);
      outcome = new SendOutcome(this, { destination, receipt: receiptOf(frame), clientId });
      this.#unsettled++;
      const pending = command.handle(body, this.#asConnectedCaller(), outcome);
      return pending === undefined ? undefined : pending.catch(refuse(outcome));
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      if (outcome !== undefined) outcome.refused(error);
      else this.refuse(error, { destination, receipt: receiptOf(frame), clientId });
      return undefined;
    }
  }

  #onSubscribe(frame: Frame, connected: Connected): void {
    const destination = frame.headers.get('destination');
    if (destination === undefined) throw new ProtocolFault('SUBSCRIBE without a destination.');
    const id = frame.headers.get('id') ?? (connected.version === '1.0' ? destination : undefined);
    if (id === undefined) throw new ProtocolFault('SUBSCRIBE without an id.');
    if (this.#subscriptions.has(id)) throw new ProtocolFault('A second SUBSCRIBE with the same id.');
    if (this.#subscriptions.size >= this.#services.limits.subscriptionsPerSession) {
      throw new ProtocolFault(`More than ${this.#services.limits.subscriptionsPerSession} subscriptions.`);
    }
    if ((frame.headers.get('ack') ?? 'auto') !== 'auto') throw new ProtocolFault('Only ack:auto is available.');
    const target = parseSubscribeDestination(destination);
    if (target === undefined) throw new ProtocolFault('There is nothing to subscribe to at this destination.');
    if (target.kind === 'room') throw new ChatError('not-found', 'There is no such room.');

    const { version } = connected;
    const subscription = new Subscription({ id, destination, version, connection: this.#connection, frames: this.#services.frames });
    this.#subscriptions.set(id, subscription);
    const live = (): void => {
      const receipt = receiptOf(frame);
      if (receipt !== undefined) this.receipt(receipt);
    };
    if (target.kind === 'messages') {
      connected.feeds.add(subscription, frame.headers.get('resume') === 'sync', live);
      return;
    }
    if (target.kind === 'presence') {
      const watch = this.#services.presence.watch(connected.principal, (body, messageId) => subscription.sendBody(messageId, body));
      subscription.stop = () => watch.stop();
    }
    live();
  }

  /** One that there is not has ended already: the server may have ended or refused it, and clients end theirs by habit. */
  #onUnsubscribe(frame: Frame): void {
    const id = frame.headers.get('id') ?? frame.headers.get('destination');
    if (id === undefined) throw new ProtocolFault('UNSUBSCRIBE without an id.');
    this.#subscriptions.get(id)?.stop();
    this.#subscriptions.delete(id);
    const receipt = receiptOf(frame);
    if (receipt !== undefined) this.receipt(receipt);
  }

  /** The RECEIPT says that every earlier frame has its outcome. */
  #onDisconnect(frame: Frame): void {
    this.#ended = true;
    this.#disconnecting = true;
    this.#endedAt = performance.now() + this.#services.limits.frameWithinMs;
    this.#disconnectReceipt = receiptOf(frame);
    this.#disconnectIfSettled();
  }

  #disconnectIfSettled(): void {
    if (!this.#disconnecting || this.#unsettled > 0 || this.#closed) return;
    this.#disconnecting = false;
    if (this.#disconnectReceipt !== undefined) this.receipt(this.#disconnectReceipt);
    this.#connection.close(CloseCode.normal, '');
  }

  // What commands and their outcomes ask of the session.

  #asCaller(connected: Connected): Caller {
    return {
      get principal() {
        return connected.principal;
      },
      sync: (start: FeedStart) => {
        if (!connected.feeds.sync(start)) {
          throw new ChatError('bad-request', 'chat.sync needs a subscription to /user/queue/messages.');
        }
      },
      renew: (principal: Principal) => {
        if (principal.userId !== connected.principal.userId) {
          throw new ChatError('unauthorized', 'The new token belongs to another user.');
        }
        this.#services.sessions.moveSignIn(this, connected.principal.signIn, principal.signIn);
        connected.principal = principal;
        // As in CONNECT: signed out while the token was being looked at.
        if (this.#services.authenticator.hasEnded(principal.signIn)) this.end(CloseCode.unauthorized, 'Signed out.');
      },
    };
  }

  #asConnectedCaller(): Caller {
    if (this.#caller === undefined) throw new Error('A SEND is handled before CONNECT.');
    return this.#caller;
  }

  receipt(receiptId: string, headers?: Readonly<Record<string, string>>): void {
    this.#reply('RECEIPT', { 'receipt-id': receiptId, ...headers });
  }

  sendAgain(entry: LogEntry): void {
    this.#connected?.feeds.sendAgain(entry);
  }

  refuse(error: ChatError, request: SendRequest): void {
    if (this.#closed) return;
    const errors = [...this.#subscriptions.values()].filter((one) => one.destination === '/user/queue/errors');
    if (errors.length === 0) {
      const overloaded = error.code === 'rate-limited' || error.code === 'unavailable';
      this.#fail(error.message, overloaded ? CloseCode.overloaded : CloseCode.protocolError, request.receipt);
      return;
    }
    const { destination, clientId, receipt } = request;
    const { code, message, retryAfterMs } = error;
    const body: ErrorBody = { code, message, destination, clientId, receipt, retryAfterMs };
    for (const subscription of errors) subscription.sendError(this.#nextId(), body);
  }

  settled(): void {
    this.#unsettled--;
    this.#disconnectIfSettled();
  }

  /** Ends the session with a close code and no ERROR. */
  end(code: CloseCode, reason: string): void {
    if (this.#ended && !this.#disconnecting) return;
    this.#ended = true;
    this.#disconnecting = false;
    this.#endedAt = performance.now();
    this.#connection.close(code, reason);
  }

  terminate(): void {
    this.#connection.terminate();
  }

  #fail(message: string, code: CloseCode, receipt?: string): void {
    if (this.#ended && !this.#disconnecting) return;
    this.#reply('ERROR', { message, 'receipt-id': receipt, 'content-type': 'text/plain' }, message);
    this.end(code, message);
  }

  #reply(command: ServerCommand, headers: Readonly<Record<string, string | undefined>>, body?: string): void {
    this.#send(new OutboundFrame(encodeFrame(command, headers, body, this.#connected?.version ?? '1.0')));
  }

  #send(frame: OutboundFrame): void {
    if (this.#closed) return;
    this.#sentAt = performance.now();
    this.#connection.send(frame);
  }

  #nextId(): string {
    return `x${(++this.#ids).toString(36)}`;
  }
}

/** What no STOMP client may send; the session ends. */
class ProtocolFault extends Error {
  override readonly name = 'ProtocolFault';
}

function receiptOf(frame: Frame | undefined): string | undefined {
  return frame?.headers.get('receipt');
}

function parseJson(frame: Frame): unknown {
  try {
    return JSON.parse(bodyText(frame)) as unknown;
  } catch (error) {
    if (error instanceof FrameError) throw new ChatError('bad-request', 'The body is not UTF-8.');
    throw new ChatError('bad-request', 'The body is not JSON.');
  }
}

function clientIdOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('clientId' in body)) return undefined;
  return typeof body.clientId === 'string' ? body.clientId.slice(0, 64) : undefined;
}

function refuse(outcome: SendOutcome): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof ChatError)) throw error;
    outcome.refused(error);
  };
}
