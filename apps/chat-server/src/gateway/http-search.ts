import { ChatError, FoundMessages, SearchParameters } from '@chat/protocol';
import type { FastifyInstance } from 'fastify';
import type { History } from '../history/history.ts';
import type { Identity } from '../identity/identity.ts';
import { isSearchable, type SearchPosition, type SearchStore } from '../search/search-store.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';

const PAGE = 30;

export type SearchRoutesParts = { readonly identity: Identity; readonly search: SearchStore; readonly history: History };

/** `GET /api/search`: messages of one's own conversations, newest first. */
export function registerSearch(app: FastifyInstance, { identity, search, history }: SearchRoutesParts): void {
  app.get<{ Querystring: SearchParameters }>(
    '/api/search',
    {
      onRequest: requirePrincipal(identity),
      schema: {
        tags: ['search'],
        summary: 'Search the messages of your conversations',
        description: 'Every word of `q` has to stand in the message, anywhere within its words; at least one has two characters.',
        querystring: SearchParameters,
        response: { 200: FoundMessages },
      },
    },
    async (request) => {
      const { cursor, limit, ...query } = request.query;
      if (!isSearchable(query.q)) throw new ChatError('bad-request', 'Search for one to eight words, one of them with two characters at least.');
      const { userNo } = principalOf(request);
      const before = cursor === undefined ? undefined : positionOf(cursor);
      const { messages, next } = await search.find(userNo, { ...query, limit: limit ?? PAGE, before });
      return {
        messages: await history.present(userNo, messages),
        ...(next === undefined ? {} : { cursor: `${next.sentAt}-${next.conversationNo}-${next.seq}` }),
      };
    },
  );
}

/** What `cursor` of the page before says; the schema has seen to its form. */
function positionOf(cursor: string): SearchPosition {
  const [sentAt = 0, conversationNo = 0, seq = 0] = cursor.split('-').map(Number);
  return { sentAt, conversationNo, seq };
}
