import { ChatError, PinsPage } from '@chat/protocol';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { ChangeTargets } from '../history/change-targets.ts';
import type { Pins } from '../history/pins.ts';
import { isModerator, type HistoryAccess, type ReadableConversations } from '../history/readable-conversations.ts';
import type { Identity } from '../identity/identity.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';

const PinParams = Type.Object({
  conversationId: Type.String(),
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});
type PinParams = Type.Static<typeof PinParams>;

const tags = ['conversations'];

export type PinRoutesParts = {
  readonly identity: Identity;
  readonly readable: ReadableConversations;
  readonly targets: ChangeTargets;
  readonly pins: Pins;
};

/** `/api/conversations/{conversationId}/pins`: in rooms its moderators pin, in direct conversations both. */
export function registerPins(app: FastifyInstance, { identity, readable, targets, pins }: PinRoutesParts): void {
  const onRequest = requirePrincipal(identity);

  app.get<{ Params: { conversationId: string } }>(
    '/api/conversations/:conversationId/pins',
    { onRequest, schema: { tags, summary: 'What is pinned, the last pinned first', response: { 200: PinsPage } } },
    async (request) => {
      const user = principalOf(request);
      const conversation = await readable.find(request.params.conversationId, user);
      return { pins: await pins.list(conversation, conversation.readFrom, user.userNo) };
    },
  );

  app.put<{ Params: PinParams }>(
    '/api/conversations/:conversationId/pins/:seq',
    { onRequest, schema: { tags, summary: 'Pin a message', params: PinParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { userNo } = principalOf(request);
      const conversation = await readable.find(request.params.conversationId, principalOf(request));
      requirePinning(conversation);
      await targets.find(conversation, request.params.seq, userNo);
      await pins.add(conversation, request.params.seq, userNo);
      return reply.code(204).send();
    },
  );

  app.delete<{ Params: PinParams }>(
    '/api/conversations/:conversationId/pins/:seq',
    { onRequest, schema: { tags, summary: 'Take a pin away', params: PinParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const conversation = await readable.find(request.params.conversationId, principalOf(request));
      requirePinning(conversation);
      await pins.remove(conversation, request.params.seq);
      return reply.code(204).send();
    },
  );
}

function requirePinning(conversation: HistoryAccess): void {
  const allowed = conversation.kind === 'room' ? isModerator(conversation) : conversation.member;
  if (!allowed) throw new ChatError('forbidden', 'Only the moderators of a room pin messages there.');
}
