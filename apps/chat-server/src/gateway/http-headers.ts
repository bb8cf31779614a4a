import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ChatError } from '@chat/protocol';
import { isAllowedOrigin } from './origin.ts';

/** Puts on every answer the headers that keep a browser from doing more with it than it should. */
export function registerSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': contentSecurityPolicy(request.host),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'x-frame-options': 'DENY',
    });
  });
}

/**
 * Nothing from elsewhere and nothing inline. Browsers differ in whether 'self' covers WebSockets, so the host that was
 * asked for is named as well; one that is more than host and port never gets into the header.
 */
export function contentSecurityPolicy(host: string): string {
  const sockets = /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i.test(host)
    ? ` ws://${host} wss://${host}`
    : '';
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    `connect-src 'self'${sockets}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The API answers pages of its own host and of listed origins, and refuses all others before it does anything. */
export function registerOriginCheck(app: FastifyInstance, allowedOrigins: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    // By the route that was found, because an address has many spellings.
    if (request.routeOptions.url?.startsWith('/api/') !== true) return;
    // Answers hold tokens and what only this user may see.
    reply.headers({ vary: 'Origin', 'cache-control': 'no-store' });
    const { origin } = request.headers;
    if (!isAllowedOrigin(origin, request.host, allowedOrigins))
      throw new ChatError('forbidden', 'This origin may not use this server.');
    if (origin !== undefined) allowReading(reply, origin);
  });
  app.options('/api/*', preflight);
}

function allowReading(reply: FastifyReply, origin: string): void {
  // No credentials: tokens are sent by the page itself, there are no cookies.
  reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': 'Retry-After' });
}

function preflight(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'Authorization, Content-Type',
      'access-control-max-age': '600',
    })
    .send();
}
