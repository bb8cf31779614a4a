import { ChatError, CloseCode, FrameDecoder, FrameError, type Frame } from '@chat/protocol';
import { ConnectedSession, type SessionFrame } from './connected-session.ts';
import type { Connection, ConnectionListener } from './connection.port.ts';
import { ProtocolFault, receiptOf } from './frame-headers.ts';
import { acceptConnect } from './handshake.ts';
import { Outbox } from './outbox.ts';
import { SessionClock } from './session-clock.ts';
import type { SessionServices } from './session-services.ts';

/** Frames are answered until the other side closes, but not for ever. */
const CLOSE_GRACE_MS = 5_000;

/**
 * One STOMP session: reads a frame, handles it, reads the next. Whatever goes wrong with a frame costs this session at
 * most. What its frames do stands in `ConnectedSession`.
 */
export class StompSession implements ConnectionListener, SessionFrame {
  readonly #connection: Connection;
  readonly #services: SessionServices;
  readonly #decoder: FrameDecoder<'client'>;
  readonly #outbox: Outbox;
  readonly #clock: SessionClock;
  #connected: ConnectedSession | undefined;
  /** A frame is being handled, and the next one has to wait for it. */
  #busy = false;
  /** Too many SENDs have no outcome yet. */
  #held = false;
  /** No frame is read any more. */
  #ended = false;
  #endedAt = 0;
  #closed = false;
  /** DISCONNECT has come, and not all before it has its outcome. */
  #disconnecting: { readonly receipt: string | undefined } | undefined;

  constructor(connection: Connection, services: SessionServices) {
    this.#connection = connection;
    this.#services = services;
    const { limits } = services;
    this.#clock = new SessionClock(limits.silentMs);
    this.#decoder = new FrameDecoder({
      from: 'client',
      limits: { frameBytes: limits.frameBytesBeforeConnected, headers: limits.headers, headerBytes: limits.headerBytes },
    });
    this.#outbox = new Outbox({
      connection, maxBytes: limits.outboundBytes, stalledMs: limits.outboundStalledMs, budget: services.outbound, onTooSlow: () => this.#endSlow(),
    });
    services.sessions.add(this);
  }

  // What the connection tells.

  onData(chunk: string | Uint8Array): void {
    this.#clock.onReceived();
    if (this.#ended) return;
    this.#decoder.push(chunk);
    this.#handleFrames();
  }

  onPong(): void {
    this.#clock.onReceived();
    this.#connected?.feeds.onPong();
  }

  onTooMuch(): void {
    this.fail('Too much came before CONNECT.', CloseCode.tooLarge);
    // Not even the answer to the close frame is read: it would come behind the rest of this.
    this.#connection.pause();
  }

  onClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended = true;
    this.#disconnecting = undefined;
    this.#outbox.onClosed();
    const principal = this.#connected?.principal;
    this.#services.sessions.remove(this, principal?.userId, principal?.signIn);
    this.#connected?.onClosed();
  }

  /** Once a second: beats, pings, time-outs, the token's end. */
  tick(now: number): void {
    if (this.#ended) {
      if (now - this.#endedAt > CLOSE_GRACE_MS) this.terminate();
      return;
    }
    const { limits, authenticator } = this.#services;
    const connected = this.#connected;
    if (connected === undefined) {
      // Busy with a CONNECT that has come: what is slow then is this server.
      if (!this.#busy && now - this.#clock.openedAt > limits.connectWithinMs) this.fail('No CONNECT came in time.', CloseCode.protocolError);
    } else if (connected.principal.expiresAt <= authenticator.now()) {
      this.fail('The access token has expired.', CloseCode.unauthorized);
    } else {
      this.#checkAlive(connected, now);
    }
  }

  #checkAlive(connected: ConnectedSession, now: number): void {
    this.#outbox.beat(now, connected.sendEveryMs);
    this.#outbox.tick(now);
    if (this.#ended) return;
    if (!this.#reading) this.#clock.onNotReading(now);
    if (this.#clock.isFrameLate(now, this.#reading && this.#decoder.midFrame, this.#services.limits.frameWithinMs)) {
      this.fail('A frame did not end in time.', CloseCode.protocolError);
    } else if (this.#clock.isGone(now)) {
      this.terminate();
    } else if (this.#clock.isPingDue(now, connected.feeds.wantsPing)) {
      this.#clock.onPinged(now);
      if (connected.feeds.wantsPing) connected.feeds.onPing();
      this.#connection.ping();
    }
  }

  // The loop.

  #handleFrames(): void {
    while (!this.#ended && this.#reading) {
      let frame: Frame | undefined;
      try {
        frame = this.#decoder.next();
        if (frame === undefined) return;
        this.#clock.onFrame();
        const pending = this.#handle(frame);
        if (pending !== undefined) this.#waitFor(pending, frame);
      } catch (error) {
        this.#onFault(error, frame);
      }
      this.#holdIfTooMany();
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
        this.#readOn();
      });
  }

  /** What has no outcome yet is held in memory here: a client that goes on sending meanwhile has to wait. */
  #holdIfTooMany(): void {
    const unsettled = this.#connected?.unsettled ?? 0;
    if (this.#ended || this.#held || unsettled < this.#services.limits.pendingSends) return;
    this.#held = true;
    this.#connection.pause();
  }

  onSettled(): void {
    const unsettled = this.#connected?.unsettled ?? 0;
    // Half of them, or each outcome would start and stop the socket.
    if (this.#held && unsettled <= this.#services.limits.pendingSends / 2) {
      this.#held = false;
      // Later in this turn: outcomes come in batches, in the midst of which nobody should send.
      queueMicrotask(() => this.#readOn());
    }
    this.#disconnectIfSettled();
  }

  get #reading(): boolean {
    return !this.#busy && !this.#held;
  }

  #readOn(): void {
    if (this.#closed || !this.#reading) return;
    this.#connection.resume();
    this.#handleFrames();
  }

  #handle(frame: Frame): void | Promise<void> {
    if (this.#connected !== undefined) return this.#connected.handle(frame);
    if (frame.command === 'CONNECT' || frame.command === 'STOMP') return this.#connect(frame);
    throw new ProtocolFault(`${frame.command} came before CONNECT.`);
  }

  async #connect(frame: Frame): Promise<void> {
    const { sessions, limits, serverId } = this.#services;
    const accepted = await acceptConnect(frame, this.#services, this.#connection.remoteAddress);
    if (this.#ended) return;
    const { principal, version } = accepted;
    this.#outbox.version = version;
    const connected = new ConnectedSession({ accepted, services: this.#services, outbox: this.#outbox, session: this });
    this.#connected = connected;
    sessions.identify(this, principal.userId, principal.signIn);
    this.#decoder.version = version;
    this.#decoder.maxFrameBytes = limits.frameBytes;
    this.#connection.trust();
    this.#outbox.reply('CONNECTED', {
      version,
      'heart-beat': `${limits.beatMs},${limits.beatMs}`,
      session: `${serverId}-${Math.floor(this.#clock.openedAt).toString(36)}-${Math.random().toString(36).slice(2, 10)}`,
      server: serverId,
      'user-name': principal.userId,
    });
    connected.endIfSignedOut();
  }

  // How it ends.

  /** A frame that breaks STOMP ends the session; what cannot be done is an error message. */
  #onFault(error: unknown, frame: Frame | undefined): void {
    if (error instanceof FrameError || error instanceof ProtocolFault) {
      this.fail(error.message, error.closeCode, receiptOf(frame), error instanceof ProtocolFault ? error.headers : undefined);
    } else if (error instanceof ChatError && frame !== undefined && this.#connected !== undefined) {
      const destination = frame.headers.get('destination') ?? '';
      this.#connected.refuse(error, { destination, receipt: receiptOf(frame), clientId: undefined });
    } else if (error instanceof ChatError) {
      const overloaded = error.code === 'rate-limited' || error.code === 'unavailable';
      const unauthorized = error.code === 'unauthorized';
      const closeCode = unauthorized ? CloseCode.unauthorized : overloaded ? CloseCode.overloaded : CloseCode.protocolError;
      this.fail(error.message, closeCode, receiptOf(frame), retryAfter(error.retryAfterMs));
    } else {
      this.#services.logger.error({ err: error }, 'a frame could not be handled');
      this.fail('Something went wrong on the server.', CloseCode.overloaded, receiptOf(frame));
    }
  }

  failed(error: unknown): void {
    this.#onFault(error, undefined);
  }

  onSignIn(from: string, to: string): void {
    this.#services.sessions.moveSignIn(this, from, to);
  }

  /** The RECEIPT says that every earlier frame has its outcome. */
  disconnect(receipt: string | undefined): void {
    this.#ended = true;
    this.#endedAt = performance.now() + this.#services.limits.frameWithinMs;
    this.#disconnecting = { receipt };
    this.#disconnectIfSettled();
  }

  #disconnectIfSettled(): void {
    if (this.#disconnecting === undefined || this.#closed || (this.#connected?.unsettled ?? 0) > 0) return;
    const { receipt } = this.#disconnecting;
    this.#disconnecting = undefined;
    if (receipt !== undefined) this.#outbox.receipt(receipt);
    this.#connection.close(CloseCode.normal, '');
  }

  /** With ERROR, which names the frame if that asked for a receipt, and says when to come back if that is known. */
  fail(message: string, code: CloseCode, receipt?: string, headers: Readonly<Record<string, string>> = {}): void {
    if (this.#hasEnded) return;
    this.#outbox.reply('ERROR', { message, 'receipt-id': receipt, ...headers, 'content-type': 'text/plain' }, message);
    this.end(code, message);
  }

  #endSlow(): void {
    // It has been told already, and holds what is too much for all together.
    if (this.#hasEnded) return this.terminate();
    this.#services.counts.slowReaders++;
    this.end(CloseCode.tooSlow, 'Too slow a reader. Resume with chat.sync.');
  }

  end(code: CloseCode, reason: string): void {
    if (this.#hasEnded) return;
    this.#ended = true;
    this.#disconnecting = undefined;
    this.#endedAt = performance.now();
    this.#connection.close(code, reason);
  }

  terminate(): void {
    this.#connection.terminate();
  }

  get #hasEnded(): boolean {
    return this.#ended && this.#disconnecting === undefined;
  }
}

function retryAfter(ms: number | undefined): Readonly<Record<string, string>> {
  return ms === undefined ? {} : { 'retry-after-ms': String(Math.ceil(ms)) };
}
