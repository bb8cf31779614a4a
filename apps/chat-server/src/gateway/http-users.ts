import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { ChatError, DisplayName, type User } from '@chat/protocol';
import type { Identity } from '../identity/identity.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';
import type { TypeBoxTypes } from './http-validation.ts';

const ProfileBody = Type.Object({ displayName: DisplayName });
const UserParams = Type.Object({ id: Type.String() });
const UsersQuery = Type.Object({ q: Type.String({ minLength: 1, maxLength: 64 }) });

/** `/api/me` and `/api/users`. */
export function registerUsers(plain: FastifyInstance, identity: Identity): void {
  const app = plain.withTypeProvider<TypeBoxTypes>();
  const onRequest = requirePrincipal(identity);

  app.get('/api/me', { onRequest }, (request): User => {
    const { userId, displayName } = principalOf(request);
    return { id: userId, displayName };
  });

  app.patch('/api/me', { schema: { body: ProfileBody }, onRequest }, async (request): Promise<User> =>
    identity.rename(principalOf(request), request.body.displayName),
  );

  app.get('/api/users/:id', { schema: { params: UserParams }, onRequest }, async (request): Promise<User> => {
    const user = await identity.user(request.params.id);
    if (!user) throw new ChatError('not-found', 'There is no such user.');
    return user;
  });

  app.get(
    '/api/users',
    { schema: { querystring: UsersQuery }, onRequest },
    async (request): Promise<{ users: User[] }> => ({
      users: await identity.findUsers(request.query.q),
    }),
  );
}
