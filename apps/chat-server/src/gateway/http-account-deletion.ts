import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { DeleteAccountBody } from '@chat/protocol';
import type { RateSettings } from '../config/settings.ts';
import type { Identity } from '../identity/identity.ts';
import type { AccountDeletion } from '../rooms/account-deletion.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';
import { TokenBuckets } from './http-rate-limit.ts';
import type { TypeBoxTypes } from './http-validation.ts';

export type AccountDeletionRouteParts = { readonly identity: Identity; readonly deletion: AccountDeletion; readonly rates: RateSettings };

const schema = {
  tags: ['users'],
  summary: 'Delete one\'s account',
  body: DeleteAccountBody,
  response: { 204: Type.Null() },
};

/** `DELETE /api/me`. */
export function registerAccountDeletion(plain: FastifyInstance, { identity, deletion, rates }: AccountDeletionRouteParts): void {
  const perMinute = rates.failedLoginsPerMinute;
  // By user and not by address: whoever guesses here has a token of this one account.
  const wrongPasswords = new TokenBuckets({ burst: perMinute, perMinute });
  plain.withTypeProvider<TypeBoxTypes>().delete('/api/me', { schema, onRequest: requirePrincipal(identity) }, async (request, reply) => {
    const user = principalOf(request);
    if (rates.enabled) wrongPasswords.take(user.userId);
    await identity.confirmPassword(user, request.body.password);
    wrongPasswords.giveBack(user.userId);
    await deletion.delete(user);
    return reply.code(204).send();
  });
}
