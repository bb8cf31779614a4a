import { ChatError, ConversationsPage, MessagesPage, parseConversationId } from '@chat/protocol';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { toChatMessage, type Conversation, type StoredEntry } from '../conversations/log-entry.ts';
import type { ListPosition, MessageStore, UserRef } from '../conversations/message-store.port.ts';
import { StoreUnavailable } from '../conversations/message-store.port.ts';
import type { Identity } from '../identity/identity.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';

const PAGE = 50;
const LARGEST_PAGE = 200;

const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: LARGEST_PAGE }));
const Position = Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }));
const ListQuery = Type.Object({ cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}-[0-9]{1,9}$' })), limit: Limit });
const MessagesQuery = Type.Object({ before: Position, after: Position, around: Position, limit: Limit });
type ListQuery = Type.Static<typeof ListQuery>;
type MessagesQuery = Type.Static<typeof MessagesQuery>;

/** `GET /api/conversations` and `GET /api/conversations/{conversationId}/messages`. */
export function registerConversations(app: FastifyInstance, identity: Identity, store: MessageStore): void {
  const onRequest = requirePrincipal(identity);

  app.get<{ Querystring: ListQuery }>(
    '/api/conversations',
    { onRequest, schema: { querystring: ListQuery, response: { 200: ConversationsPage } } },
    async (request) => {
      const { cursor, limit } = request.query;
      const before = cursor === undefined ? undefined : listPosition(cursor);
      const { page, next } = await orUnavailable(store.summaries(principalOf(request), before, limit ?? PAGE));
      return { conversations: page, ...(next === undefined ? {} : { cursor: `${next.sentAt}-${next.conversationNo}` }) };
    },
  );

  app.get<{ Params: { conversationId: string }; Querystring: MessagesQuery }>(
    '/api/conversations/:conversationId/messages',
    { onRequest, schema: { querystring: MessagesQuery, response: { 200: MessagesPage } } },
    async (request) => {
      const conversation = await find(store, request.params.conversationId, principalOf(request));
      const entries = await orUnavailable(readHistory(store, conversation, request.query));
      return { messages: entries.map(toChatMessage) };
    },
  );
}

/** What `cursor` of the page before says; the schema has seen to its form. */
function listPosition(cursor: string): ListPosition {
  const [sentAt, conversationNo] = cursor.split('-').map(Number);
  return { sentAt: sentAt ?? 0, conversationNo: conversationNo ?? 0 };
}

async function find(store: MessageStore, conversationId: string, user: UserRef): Promise<Conversation> {
  const conversation =
    parseConversationId(conversationId) === undefined
      ? undefined
      : await orUnavailable(store.findForMember(conversationId, user.userNo));
  if (conversation === undefined) throw new ChatError('not-found', 'There is no such conversation.');
  return conversation;
}

async function readHistory(store: MessageStore, conversation: Conversation, query: MessagesQuery): Promise<readonly StoredEntry[]> {
  const { before, after, around, limit = PAGE } = query;
  if ([before, after, around].filter((position) => position !== undefined).length > 1) {
    throw new ChatError('bad-request', 'Give at most one of before, after and around.');
  }
  if (around === undefined) return store.history(conversation, { before, after, limit });
  const half = Math.ceil(limit / 2);
  const [older, newer] = await Promise.all([
    store.history(conversation, { before: around + 1, limit: half }),
    store.history(conversation, { after: around, limit: Math.max(1, limit - half) }),
  ]);
  return [...older, ...newer].slice(0, limit);
}

async function orUnavailable<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new ChatError('unavailable', 'The store does not answer right now. Try again.', 1_000);
    throw error;
  }
}
