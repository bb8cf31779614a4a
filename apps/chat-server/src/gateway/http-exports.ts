import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import Type from 'typebox';
import type { Exports } from '../history/export.ts';
import type { ReadableConversations } from '../history/readable-conversations.ts';
import type { Identity } from '../identity/identity.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';

export type ExportRoutesParts = { readonly identity: Identity; readonly readable: ReadableConversations; readonly exports: Exports };

const Params = Type.Object({ conversationId: Type.String() });
const JSON_LINES = 'application/x-ndjson';
const response = { 200: { content: { [JSON_LINES]: { schema: Type.String({ description: 'One JSON object a line.' }) } } } };
const tags = ['exports'];

/** `/api/conversations/{conversationId}/export` and `/api/me/export`: JSON Lines to keep. */
export function registerExports(app: FastifyInstance, { identity, readable, exports }: ExportRoutesParts): void {
  const onRequest = requirePrincipal(identity);

  app.get<{ Params: { conversationId: string } }>(
    '/api/conversations/:conversationId/export',
    { onRequest, schema: { tags, summary: 'All that you may read of a conversation, as JSON Lines', params: Params, response } },
    async (request, reply) => {
      const user = principalOf(request);
      const conversation = await readable.find(request.params.conversationId, user);
      return sendLines(reply, conversation.conversationId.replaceAll(':', '-'), exports.conversation(conversation, user));
    },
  );

  app.get('/api/me/export', { onRequest, schema: { tags, summary: 'Your account and all that you wrote, as JSON Lines', response } }, async (request, reply) => {
    const user = principalOf(request);
    return sendLines(reply, user.userId, exports.account(await identity.profile(user), user));
  });
}

/** Ids are ASCII without quotes, so they may stand in the name of the file. */
function sendLines(reply: FastifyReply, name: string, lines: AsyncIterable<string>): FastifyReply {
  return reply
    .header('content-type', JSON_LINES)
    .header('content-disposition', `attachment; filename="${name}.jsonl"`)
    .send(Readable.from(lines));
}
