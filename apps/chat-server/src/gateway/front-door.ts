import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuseMalformed } from './malformed-request.ts';
import type { Readiness } from './readiness.ts';

/** Slow headers and bodies hold a connection no longer than this. */
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;
/** Longer than a proxy keeps its connections, or it asks on one that has just been closed. */
const KEEP_ALIVE_MS = 72_000;

const NOT_YET = JSON.stringify({ code: 'unavailable', message: 'This server is starting. Try again.', retryAfterMs: 1_000 });
const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/**
 * The port of a server, open from its first moment to its last. While there is nothing behind it yet, it says itself that
 * the process lives (`/healthz`), that it is starting (`/readyz`), and `unavailable` to all else.
 */
export class FrontDoor {
  readonly #server: Server;
  readonly #readiness: Readiness;
  #inner: Server | undefined;

  private constructor(readiness: Readiness) {
    this.#readiness = readiness;
    this.#server = createServer({
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 5_000,
    });
    this.#server.on('request', (request, response) => this.#onRequest(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#onUpgrade(request, socket, head));
    this.#server.on('clientError', refuseMalformed);
  }

  /** Rejects if the port cannot be had. */
  static async open(address: { readonly host: string; readonly port: number }, readiness: Readiness): Promise<FrontDoor> {
    const door = new FrontDoor(readiness);
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject);
      door.#server.listen({ ...address }, () => {
        door.#server.off('error', reject);
        resolve();
      });
    });
    return door;
  }

  /** E.g. `http://127.0.0.1:8080`. */
  get url(): string {
    const { address, family, port } = this.#server.address() as AddressInfo; // it listens on a port, not on a path
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** From now on this server, which does not listen itself, gets every request. */
  leadTo(inner: Server): void {
    this.#inner = inner;
  }

  /** Answers what is being asked, for this long: a browser may hold a connection open on which it never asks anything. */
  async close(withinMs: number): Promise<void> {
    const timer = setTimeout(() => this.#server.closeAllConnections(), withinMs);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    clearTimeout(timer);
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (this.#inner !== undefined) {
      this.#inner.emit('request', request, response);
      return;
    }
    const path = request.url?.split('?', 1)[0];
    if (path === '/healthz') {
      response.writeHead(200, JSON_HEADERS).end(JSON.stringify({ status: 'alive' }));
      return;
    }
    if (path === '/readyz') {
      const { status, degraded } = this.#readiness.report();
      response.writeHead(503, JSON_HEADERS).end(JSON.stringify({ status, degraded }));
      return;
    }
    // What is not read of a body would be taken for the next request.
    response.writeHead(503, { ...JSON_HEADERS, 'retry-after': '1', connection: 'close' }).end(NOT_YET);
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#inner !== undefined) {
      this.#inner.emit('upgrade', request, socket, head);
      return;
    }
    socket.on('error', () => socket.destroy());
    const head503 = ['HTTP/1.1 503 Service Unavailable', 'content-type: application/json', 'retry-after: 1', 'connection: close'];
    socket.end(`${head503.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(NOT_YET)}\r\n\r\n${NOT_YET}`);
  }
}
