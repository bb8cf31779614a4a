import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { ChatError } from '@chat/protocol';
import type { Identity } from '../identity/identity.ts';
import type { Principal } from '../identity/principal.ts';

declare module 'fastify' {
  // Augmenting it takes an interface. Read it by `principalOf`.
  interface FastifyRequest {
    principal: Principal | undefined;
  }
}

export function registerPrincipal(app: FastifyInstance): void {
  app.decorateRequest('principal', undefined);
}

/**
 * A hook for routes that take a signed-in user: `{ onRequest: requirePrincipal(identity) }`. It runs before the body is
 * read. The token is taken from the Authorization header alone, never from the address, which others log.
 */
export function requirePrincipal(identity: Identity): onRequestAsyncHookHandler {
  return async (request) => {
    request.principal = await identity.authenticate(bearerToken(request));
  };
}

/** Who is asking. For routes behind `requirePrincipal` only. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Error(`${request.routeOptions.url ?? 'this route'} lacks requirePrincipal`);
  return request.principal;
}

function bearerToken(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header === undefined)
    throw new ChatError('unauthorized', 'Send an access token: Authorization: Bearer <accessToken>.');
  const token = /^bearer +([^\s]+) *$/i.exec(header)?.[1];
  if (token === undefined)
    throw new ChatError('unauthorized', 'The Authorization header must be: Bearer <accessToken>.');
  return token;
}
