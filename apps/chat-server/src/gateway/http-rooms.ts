import {
  ArchiveRoomBody,
  ChangeRoomBody,
  CreateRoomBody,
  MuteRoomBody,
  Room,
  RoomsPage,
  RoomsQuery,
  TransferRoomBody,
} from '@chat/protocol';
import type { FastifyInstance } from 'fastify';
import type { Identity } from '../identity/identity.ts';
import type { RoomInvites } from '../rooms/room-invites.ts';
import type { RoomMembers } from '../rooms/room-members.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';
import { registerRoomInvites } from './http-rooms-invites.ts';
import { registerRoomMembers } from './http-rooms-members.ts';
import { roomIdOf, RoomParams } from './http-rooms-params.ts';
import type { TypeBoxTypes } from './http-validation.ts';

export type RoomServices = { readonly rooms: Rooms; readonly members: RoomMembers; readonly invites: RoomInvites };

const tags = ['rooms'];

/** `/api/rooms` and `/api/invites`. */
export function registerRooms(app: FastifyInstance, identity: Identity, services: RoomServices): void {
  registerFinding(app, identity, services);
  registerRoom(app, identity, services);
  registerRoomMembers(app, identity, services.members);
  registerRoomInvites(app, identity, services.invites);
}

function registerFinding(plain: FastifyInstance, identity: Identity, { rooms }: RoomServices): void {
  const app = plain.withTypeProvider<TypeBoxTypes>();
  const onRequest = requirePrincipal(identity);

  app.post(
    '/api/rooms',
    { onRequest, schema: { tags, summary: 'Make a room and be its owner', body: CreateRoomBody, response: { 201: Room } } },
    async (request, reply) => reply.code(201).send(await rooms.create(principalOf(request), request.body)),
  );

  app.get(
    '/api/rooms',
    { onRequest, schema: { tags, summary: 'Public rooms, or one\'s own', querystring: RoomsQuery, response: { 200: RoomsPage } } },
    async (request) => rooms.list(principalOf(request), request.query),
  );
}

function registerRoom(plain: FastifyInstance, identity: Identity, { rooms, members }: RoomServices): void {
  const app = plain.withTypeProvider<TypeBoxTypes>();
  const onRequest = requirePrincipal(identity);
  const room = { tags, params: RoomParams, response: { 200: Room } };

  app.get('/api/rooms/:roomId', { onRequest, schema: { ...room, summary: 'A room' } }, async (request) =>
    rooms.view(roomIdOf(request.params), principalOf(request)),
  );

  app.patch(
    '/api/rooms/:roomId',
    { onRequest, schema: { ...room, summary: 'Change what a room is called and how long it keeps', body: ChangeRoomBody } },
    async (request) => rooms.change(roomIdOf(request.params), principalOf(request), request.body),
  );

  app.put(
    '/api/rooms/:roomId/archive',
    { onRequest, schema: { ...room, summary: 'Close a room to writing and joining, or open it again', body: ArchiveRoomBody } },
    async (request) => rooms.archive(roomIdOf(request.params), principalOf(request), request.body.archived),
  );

  app.post(
    '/api/rooms/:roomId/transfer',
    { onRequest, schema: { ...room, summary: 'Make another member the owner', body: TransferRoomBody } },
    async (request) => members.transfer(roomIdOf(request.params), principalOf(request), request.body.to),
  );

  app.put(
    '/api/rooms/:roomId/mute',
    { onRequest, schema: { ...room, summary: 'No notifications for oneself', body: MuteRoomBody } },
    async (request) => rooms.mute(roomIdOf(request.params), principalOf(request), request.body.until),
  );

  app.delete('/api/rooms/:roomId/mute', { onRequest, schema: { ...room, summary: 'Notifications again' } }, async (request) =>
    rooms.unmute(roomIdOf(request.params), principalOf(request)),
  );
}
