import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { SessionServices } from '../stomp/session-services.ts';
import { StompSession } from '../stomp/session.ts';
import { isAllowedOrigin } from './origin.ts';
import { greet } from './sockjs/sockjs-answers.ts';
import { WebSocketConnection } from './websocket-connection.ts';

const SUB_PROTOCOLS = ['v12.stomp', 'v11.stomp', 'v10.stomp'];
/** WebSocket fragments of one message. Libraries that fragment at all cut by kilobytes. */
const FRAGMENTS = 256;

export type WebSocketParts = {
  readonly services: SessionServices;
  readonly allowedOrigins: readonly string[];
  /** One WebSocket message, in bytes. */
  readonly maxMessageBytes: number;
  /** What may be held of one before CONNECTED. */
  readonly strangerBytes: number;
  /** False while starting and draining: nobody new then. */
  isAdmitting(): boolean;
};

/** STOMP over WebSocket at `/ws-chat` and, as SockJS clients name it without SockJS, `/ws-chat/websocket`. */
export async function registerWebSocket(app: FastifyInstance, parts: WebSocketParts): Promise<void> {
  await app.register(websocket, {
    options: {
      maxPayload: parts.maxMessageBytes,
      maxFragments: FRAGMENTS,
      perMessageDeflate: false,
      // Exactly one of those offered, or none.
      handleProtocols: (offered: Set<string>) => SUB_PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
    },
    errorHandler: (error, webSocket, request) => {
      // What a client does to its connection ends that with the fitting close code, and is no fault of this server.
      if ('code' in error) return request.log.debug({ err: error }, 'a WebSocket broke');
      request.log.error({ err: error }, 'a WebSocket could not be served');
      webSocket.terminate();
    },
    // Sessions are ended by the server's own shutdown, which gives them their close code and a deadline.
    preClose: (done: () => void) => done(),
  });
  for (const path of ['/ws-chat', '/ws-chat/websocket']) {
    app.route({
      method: 'GET',
      url: path,
      preValidation: async (request, reply) => {
        if (!request.ws) return;
        if (!isAllowedOrigin(request.headers.origin, request.host, parts.allowedOrigins)) {
          await reply.code(403).send({ code: 'forbidden', message: 'This origin may not open connections here.' });
        } else if (!parts.isAdmitting()) {
          await reply.code(503).send({ code: 'unavailable', message: 'This server takes no new connections now. Try again.' });
        }
      },
      handler: (request, reply) => (path === '/ws-chat' ? greet(request, reply) : reply.callNotFound()),
      wsHandler: (webSocket, request) => {
        const connection = new WebSocketConnection(webSocket, request.raw.socket, request.ip, parts.strangerBytes);
        connection.attach(new StompSession(connection, parts.services));
      },
    });
  }
}
