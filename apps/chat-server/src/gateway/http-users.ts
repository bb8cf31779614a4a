import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { ChatError, Profile, ProfileChange, User } from '@chat/protocol';
import type { Identity } from '../identity/identity.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';
import type { TypeBoxTypes } from './http-validation.ts';

const UserParams = Type.Object({ id: Type.String() });
const UsersQuery = Type.Object({ q: Type.String({ minLength: 1, maxLength: 64 }) });

const UsersPage = Type.Object({ users: Type.Array(User) });

const tags = ['users'];
const user = { 200: User };
const profile = { 200: Profile };

/** `/api/me` and `/api/users`. */
export function registerUsers(plain: FastifyInstance, identity: Identity): void {
  const app = plain.withTypeProvider<TypeBoxTypes>();
  const onRequest = requirePrincipal(identity);

  app.get('/api/me', { schema: { tags, summary: 'Who one is', response: profile }, onRequest }, (request): Promise<Profile> =>
    identity.profile(principalOf(request)),
  );

  app.patch('/api/me', { schema: { tags, summary: 'Change one\'s name, or whether others are told what one has read', body: ProfileChange, response: profile }, onRequest }, (request): Promise<Profile> =>
    identity.changeProfile(principalOf(request), request.body),
  );

  app.get('/api/users/:id', { schema: { tags, summary: 'A user', params: UserParams, response: user }, onRequest }, async (request): Promise<User> => {
    const found = await identity.user(request.params.id);
    if (!found) throw new ChatError('not-found', 'There is no such user.');
    return found;
  });

  app.get(
    '/api/users',
    { schema: { tags, summary: 'Find users', querystring: UsersQuery, response: { 200: UsersPage } }, onRequest },
    async (request): Promise<{ users: User[] }> => ({
      users: await identity.findUsers(request.query.q),
    }),
  );
}
