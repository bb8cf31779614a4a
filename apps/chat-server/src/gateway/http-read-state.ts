import { ChatError, Readers } from '@chat/protocol';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { CursorStore, Reader } from '../conversations/cursor-store.port.ts';
import type { ReadableConversations } from '../history/readable-conversations.ts';
import type { Identity } from '../identity/identity.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';

const EntryParams = Type.Object({
  conversationId: Type.String(),
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});
type EntryParams = Type.Static<typeof EntryParams>;

export type ReadStateRoutesParts = {
  readonly identity: Identity;
  readonly readable: ReadableConversations;
  readonly cursorStore: Pick<CursorStore, 'notReadOf' | 'readers' | 'memberCount'>;
  /** Members up to which readers are named. */
  readonly largestNamed: number;
};

/** Who has read an entry. For members: whoever looks at a public room from outside is told the number alone. */
export function registerReadState(app: FastifyInstance, parts: ReadStateRoutesParts): void {
  const { identity, readable, cursorStore, largestNamed } = parts;
  app.get<{ Params: EntryParams }>(
    '/api/conversations/:conversationId/messages/:seq/readers',
    {
      onRequest: requirePrincipal(identity),
      schema: { tags: ['conversations'], summary: 'Who has read an entry', params: EntryParams, response: { 200: Readers } },
    },
    async (request): Promise<Readers> => {
      const { conversationId, seq } = request.params;
      const conversation = await readable.find(conversationId, principalOf(request));
      if (seq <= conversation.readFrom) throw new ChatError('not-found', 'There is no such message.');
      const [notRead = 0] = await cursorStore.notReadOf(conversation, [seq]);
      if (!conversation.member || (await cursorStore.memberCount(conversation)) > largestNamed) return { notRead };
      const readers = await cursorStore.readers(conversation, seq);
      return { notRead, read: named(readers, true), unread: named(readers, false) };
    },
  );
}

function named(readers: readonly Reader[], read: boolean): Readers['read'] {
  return readers.filter((reader) => reader.read === read).map(({ userId, displayName }) => ({ userId, displayName }));
}
