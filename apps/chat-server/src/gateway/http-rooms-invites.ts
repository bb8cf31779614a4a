import { CreateInviteBody, InvitePreview, InviteTokenBody, MembershipChange, NewRoomInvite, RoomInvitesList } from '@chat/protocol';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Identity } from '../identity/identity.ts';
import type { RoomInvites } from '../rooms/room-invites.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';
import { RoomInviteParams, roomIdOf, RoomParams } from './http-rooms-params.ts';
import type { TypeBoxTypes } from './http-validation.ts';

const tags = ['rooms'];

/** `/api/rooms/{roomId}/invites`, and `/api/invites` for those who hold the token of one. */
export function registerRoomInvites(app: FastifyInstance, identity: Identity, invites: RoomInvites): void {
  registerMaking(app, identity, invites);
  registerUsing(app, identity, invites);
}

function registerMaking(plain: FastifyInstance, identity: Identity, invites: RoomInvites): void {
  const app = plain.withTypeProvider<TypeBoxTypes>();
  const onRequest = requirePrincipal(identity);

  app.get(
    '/api/rooms/:roomId/invites',
    { onRequest, schema: { tags, summary: 'Links into a room', params: RoomParams, response: { 200: RoomInvitesList } } },
    async (request) => ({ invites: [...(await invites.list(roomIdOf(request.params), principalOf(request)))] }),
  );

  app.post(
    '/api/rooms/:roomId/invites',
    { onRequest, schema: { tags, summary: 'Make a link into a room', params: RoomParams, body: CreateInviteBody, response: { 201: NewRoomInvite } } },
    async (request, reply) => reply.code(201).send(await invites.create(roomIdOf(request.params), principalOf(request), request.body)),
  );

  app.delete(
    '/api/rooms/:roomId/invites/:inviteId',
    { onRequest, schema: { tags, summary: 'Take a link back', params: RoomInviteParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await invites.remove(roomIdOf(request.params), principalOf(request), request.params.inviteId);
      return reply.code(204).send(null);
    },
  );
}

function registerUsing(plain: FastifyInstance, identity: Identity, invites: RoomInvites): void {
  const app = plain.withTypeProvider<TypeBoxTypes>();
  const onRequest = requirePrincipal(identity);

  app.post(
    '/api/invites/preview',
    { onRequest, schema: { tags, summary: 'What a link leads into', body: InviteTokenBody, response: { 200: InvitePreview } } },
    async (request) => invites.preview(request.body.token, principalOf(request)),
  );

  app.post(
    '/api/invites/accept',
    {
      onRequest,
      schema: { tags, summary: 'Join by a link', body: InviteTokenBody, response: { 200: MembershipChange, 201: MembershipChange } },
    },
    async (request, reply) => {
      const answer = await invites.accept(request.body.token, principalOf(request));
      return reply.code(answer.changed ? 201 : 200).send(answer);
    },
  );
}
