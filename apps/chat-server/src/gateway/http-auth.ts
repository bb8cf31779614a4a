import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LoginBody, RefreshBody, RegisterBody, SignedIn } from '@chat/protocol';
import type { RateSettings } from '../config/settings.ts';
import type { Identity } from '../identity/identity.ts';
import { typedUserId } from '../identity/users.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';
import { addressKey, TokenBuckets } from './http-rate-limit.ts';
import type { TypeBoxTypes } from './http-validation.ts';

export type AuthParts = { readonly identity: Identity; readonly rates: RateSettings };

const tags = ['accounts'];
const signedIn = { 200: SignedIn };

/** `/api/auth/…`: accounts and sign-ins. */
export function registerAuth(plain: FastifyInstance, { identity, rates }: AuthParts): void {
  const app = plain.withTypeProvider<TypeBoxTypes>();
  const registrations = perAddress(rates.registrationsPerMinute);
  const failedLogins = perAddress(rates.failedLoginsPerMinute);
  const limited =
    (buckets: TokenBuckets) =>
    (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
      if (rates.enabled) buckets.take(addressKey(request.ip));
      done();
    };

  app.post(
    '/api/auth/register',
    {
      schema: { tags, summary: 'Make an account and sign in', body: RegisterBody, response: { 201: SignedIn } },
      onRequest: limited(registrations),
      preValidation: lowerCaseId,
    },
    async (request, reply) => reply.code(201).send(await identity.register(request.body)),
  );

  app.post('/api/auth/login', {
    schema: { tags, summary: 'Sign in', body: LoginBody, response: signedIn },
    onRequest: limited(failedLogins),
  }, async (request) => {
    const answer = await identity.login(request.body.id, request.body.password);
    // Only failures count: a whole office may sign in from one address.
    failedLogins.giveBack(addressKey(request.ip));
    return answer;
  });

  // Without a rate: nobody guesses 256 random bits, and an office comes back from one address after a restart.
  app.post('/api/auth/refresh', {
    schema: { tags, summary: 'New tokens for old ones', body: RefreshBody, response: signedIn },
  }, async (request) =>
    identity.refresh(request.body.refreshToken),
  );

  app.post('/api/auth/logout', {
    schema: { tags, summary: 'End this sign-in and its connections', response: { 204: Type.Null() } },
    onRequest: requirePrincipal(identity),
  }, async (request, reply) => {
    await identity.logout(principalOf(request));
    return reply.code(204).send();
  });
}

function perAddress(perMinute: number): TokenBuckets {
  return new TokenBuckets({ burst: perMinute, perMinute });
}

/** Before the schema sees it, which takes ids as they are kept. */
function lowerCaseId(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const { body } = request;
  if (typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string')
    body.id = typedUserId(body.id);
  done();
}
