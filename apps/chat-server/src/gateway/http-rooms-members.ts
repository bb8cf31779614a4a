import {
  AddMemberBody,
  BanBody,
  ChangeMemberBody,
  MembershipChange,
  PageQuery,
  RoomBan,
  RoomBansPage,
  RoomMember,
  RoomMembersPage,
  RoomMembersQuery,
} from '@chat/protocol';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Identity } from '../identity/identity.ts';
import type { RoomMembers } from '../rooms/room-members.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';
import { roomIdOf, RoomParams, RoomUserParams, userIdOf } from './http-rooms-params.ts';
import type { TypeBoxTypes } from './http-validation.ts';

const tags = ['rooms'];

/** `/api/rooms/{roomId}/members` and `/bans`. */
export function registerRoomMembers(app: FastifyInstance, identity: Identity, members: RoomMembers): void {
  registerMembers(app, identity, members);
  registerBans(app, identity, members);
}

function registerMembers(plain: FastifyInstance, identity: Identity, members: RoomMembers): void {
  const app = plain.withTypeProvider<TypeBoxTypes>();
  const onRequest = requirePrincipal(identity);
  const changed = { 200: MembershipChange, 201: MembershipChange };

  app.get(
    '/api/rooms/:roomId/members',
    {
      onRequest,
      schema: { tags, summary: 'Who is in a room', params: RoomParams, querystring: RoomMembersQuery, response: { 200: RoomMembersPage } },
    },
    async (request) => members.list(roomIdOf(request.params), principalOf(request), request.query),
  );

  app.post(
    '/api/rooms/:roomId/members',
    { onRequest, schema: { tags, summary: 'Join, or bring somebody in', params: RoomParams, body: AddMemberBody, response: changed } },
    async (request, reply) => {
      const answer = await members.add(roomIdOf(request.params), principalOf(request), request.body.id);
      return reply.code(answer.changed ? 201 : 200).send(answer);
    },
  );

  app.patch(
    '/api/rooms/:roomId/members/:userId',
    { onRequest, schema: { tags, summary: 'Give a member a role', params: RoomUserParams, body: ChangeMemberBody, response: { 200: RoomMember } } },
    async (request) => members.changeRole(roomIdOf(request.params), principalOf(request), userIdOf(request.params), request.body),
  );

  app.delete(
    '/api/rooms/:roomId/members/:userId',
    { onRequest, schema: { tags, summary: 'Leave, or expel somebody', params: RoomUserParams, response: { 200: MembershipChange } } },
    async (request) => members.remove(roomIdOf(request.params), principalOf(request), userIdOf(request.params)),
  );
}

function registerBans(plain: FastifyInstance, identity: Identity, members: RoomMembers): void {
  const app = plain.withTypeProvider<TypeBoxTypes>();
  const onRequest = requirePrincipal(identity);

  app.get(
    '/api/rooms/:roomId/bans',
    { onRequest, schema: { tags, summary: 'Who may not come', params: RoomParams, querystring: PageQuery, response: { 200: RoomBansPage } } },
    async (request) => members.bans(roomIdOf(request.params), principalOf(request), request.query),
  );

  app.put(
    '/api/rooms/:roomId/bans/:userId',
    { onRequest, schema: { tags, summary: 'Expel somebody for good', params: RoomUserParams, body: BanBody, response: { 200: RoomBan } } },
    async (request) => members.ban(roomIdOf(request.params), principalOf(request), userIdOf(request.params), request.body.reason),
  );

  app.delete(
    '/api/rooms/:roomId/bans/:userId',
    { onRequest, schema: { tags, summary: 'Let somebody come again', params: RoomUserParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await members.unban(roomIdOf(request.params), principalOf(request), userIdOf(request.params));
      return reply.code(204).send(null);
    },
  );
}
