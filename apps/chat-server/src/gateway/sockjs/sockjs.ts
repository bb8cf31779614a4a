import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { ChatError } from '@chat/protocol';
import type { SessionServices } from '../../stomp/session-services.ts';
import { StompSession } from '../../stomp/session.ts';
import { addressKey } from '../http-rate-limit.ts';
import { isAllowedOrigin } from '../origin.ts';
import { WebSocketConnection } from '../websocket-connection.ts';
import { answerSend, corsHeaders, greet, info, preflight, streamHeaders } from './sockjs-answers.ts';
import { EVENT_SOURCE, SockJsReceiver, XHR, XHR_STREAMING, type ReceiverForm } from './sockjs-receiver.ts';
import type { SockJsSession } from './sockjs-session.ts';
import type { SockJsSessions } from './sockjs-sessions.ts';
import { SockJsWebSocketConnection } from './sockjs-websocket.ts';

/** Segments of an address that name a server or a session: not empty, without dots, and no longer than anybody needs. */
const SEGMENT = /^[^/.]{1,128}$/;
const ALL_METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const SESSION_PATH = '/ws-chat/:server/:session';
const WEBSOCKET_PATH = `${SESSION_PATH}/websocket`;

export type SockJsParts = {
  readonly sessions: SockJsSessions;
  readonly services: SessionServices;
  readonly allowedOrigins: readonly string[];
  /** What may be held of one WebSocket message before CONNECTED. */
  readonly strangerBytes: number;
  /** False while starting and draining: nobody new then. */
  isAdmitting(): boolean;
};

/**
 * SockJS 0.3 beside the plain WebSockets of `/ws-chat`: the transports that living clients use. Has to follow
 * `registerWebSocket`.
 */
export async function registerSockJs(app: FastifyInstance, parts: SockJsParts): Promise<void> {
  await app.register((scope, _options, done) => {
    acceptAnyBody(scope);
    scope.addHook('onRequest', (request, reply, next) => {
      checkRequest(request, parts);
      reply.headers(corsHeaders(request));
      next();
    });
    scope.get('/ws-chat/', greet);
    route(scope, '/ws-chat/info', { GET: info, OPTIONS: (_request, reply) => preflight(reply, ['OPTIONS', 'GET']) });
    registerReceiving(scope, parts);
    registerSending(scope, parts);
    registerWebSocketTransport(scope, parts);
    done();
  });
}

function checkRequest(request: FastifyRequest, { allowedOrigins }: SockJsParts): void {
  // Clients send JSON under whatever name. Unnamed it gets past all that is said about content types.
  delete request.raw.headers['content-type'];
  const { server = 'none', session = 'none' } = segmentsOf(request);
  const isUpgradable = request.routeOptions.url === WEBSOCKET_PATH;
  if (!SEGMENT.test(server) || !SEGMENT.test(session) || (request.ws && !isUpgradable)) {
    throw new ChatError('not-found', 'There is nothing here.');
  }
  if (!isAllowedOrigin(request.headers.origin, request.host, allowedOrigins)) {
    throw new ChatError('forbidden', 'This origin may not open connections here.');
  }
}

function registerReceiving(app: FastifyInstance, parts: SockJsParts): void {
  const receiving = (form: ReceiverForm) => (request: FastifyRequest, reply: FastifyReply) => receive(form, request, reply, parts);
  const options: Handler = (_request, reply) => preflight(reply, ['OPTIONS', 'POST']);
  route(app, `${SESSION_PATH}/xhr`, { POST: receiving(XHR), OPTIONS: options });
  route(app, `${SESSION_PATH}/xhr_streaming`, { POST: receiving(XHR_STREAMING), OPTIONS: options });
  route(app, `${SESSION_PATH}/eventsource`, { GET: receiving(EVENT_SOURCE) });
}

function receive(form: ReceiverForm, request: FastifyRequest, reply: FastifyReply, parts: SockJsParts): void {
  const { sessions } = parts;
  const id = idOf(request);
  const farewell = sessions.farewell(id);
  const session = farewell === undefined ? (sessions.find(id) ?? openSession(id, request, parts)) : undefined;
  reply.hijack();
  request.raw.resume(); // a body would say nothing here, and must not be waited for
  const receiver = new SockJsReceiver(reply.raw, form, streamHeaders(request));
  if (session !== undefined) session.receive(receiver);
  else if (farewell !== undefined) receiver.dismiss(farewell);
}

function openSession(id: string, request: FastifyRequest, parts: SockJsParts): SockJsSession {
  const { sessions, services } = parts;
  checkAdmitting(parts);
  const session = sessions.open(id, request.ip, addressKey(request.ip));
  if (session === undefined) throw new ChatError('unavailable', 'Too many connections are being opened. Try again.', 5_000);
  session.attach(new StompSession(session, services));
  return session;
}

function registerSending(app: FastifyInstance, { sessions }: SockJsParts): void {
  const send: Handler = async (request, reply) => {
    const answer = await sessions.find(idOf(request))?.takeSend(request.raw);
    return answerSend(reply, answer ?? 'gone');
  };
  route(app, `${SESSION_PATH}/xhr_send`, { POST: send, OPTIONS: (_request, reply) => preflight(reply, ['OPTIONS', 'POST']) });
}

function registerWebSocketTransport(app: FastifyInstance, parts: SockJsParts): void {
  app.route({
    method: 'GET',
    url: WEBSOCKET_PATH,
    exposeHeadRoute: false,
    preValidation: (request, _reply, next) => {
      if (request.ws) checkAdmitting(parts);
      next();
    },
    handler: () => {
      throw new ChatError('bad-request', 'Not a valid websocket request');
    },
    wsHandler: (webSocket, request) => {
      const inner = new WebSocketConnection(webSocket, request.raw.socket, request.ip, parts.strangerBytes);
      const connection = new SockJsWebSocketConnection(inner, parts.sessions);
      connection.attach(new StompSession(connection, parts.services));
    },
  });
  refuseOtherMethods(app, WEBSOCKET_PATH, ['GET']);
}

function checkAdmitting(parts: SockJsParts): void {
  if (!parts.isAdmitting()) throw new ChatError('unavailable', 'This server takes no new connections now. Try again.', 1_000);
}

// Routes.

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** One path with what its methods do; each other method is told which there are. */
function route(app: FastifyInstance, url: string, handlers: Partial<Record<HTTPMethods, Handler>>): void {
  const methods = ALL_METHODS.filter((method) => handlers[method] !== undefined);
  for (const method of methods) {
    const handler = handlers[method];
    if (handler !== undefined) app.route({ method, url, exposeHeadRoute: false, handler });
  }
  refuseOtherMethods(app, url, methods);
}

function refuseOtherMethods(app: FastifyInstance, url: string, allowed: readonly HTTPMethods[]): void {
  const others = ALL_METHODS.filter((method) => !allowed.includes(method));
  app.route({ method: others, url, exposeHeadRoute: false, handler: (_request, reply) => reply.code(405).header('allow', allowed.join(', ')).send() });
}

/** Bodies are read by those who know how much of them may be read. */
function acceptAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

function segmentsOf(request: FastifyRequest): { readonly server?: string; readonly session?: string } {
  return request.params as { server?: string; session?: string }; // by the paths above
}

function idOf(request: FastifyRequest): string {
  return segmentsOf(request).session ?? '';
}
