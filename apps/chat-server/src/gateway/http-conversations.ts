import { ChatError, ConversationsPage, EditsPage, MessagesPage, type ConversationSummary, type HistoryEntry } from '@chat/protocol';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { CursorStore } from '../conversations/cursor-store.port.ts';
import type { ListPosition, MessageStore } from '../conversations/message-store.port.ts';
import type { History } from '../history/history.ts';
import { isModerator, type HistoryAccess, type ReadableConversations } from '../history/readable-conversations.ts';
import type { Identity } from '../identity/identity.ts';
import type { Principal } from '../identity/principal.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';

const PAGE = 50;
const LARGEST_PAGE = 200;

const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: LARGEST_PAGE }));
const Position = Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }));
const ListQuery = Type.Object({ cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}-[0-9]{1,9}$' })), limit: Limit });
const MessagesQuery = Type.Object({ before: Position, after: Position, around: Position, limit: Limit });
const EntryParams = Type.Object({
  conversationId: Type.String(),
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});
type ListQuery = Type.Static<typeof ListQuery>;
type MessagesQuery = Type.Static<typeof MessagesQuery>;
type EntryParams = Type.Static<typeof EntryParams>;

export type ConversationRoutesParts = {
  readonly identity: Identity;
  readonly store: Pick<MessageStore, 'summaries'>;
  readonly readable: ReadableConversations;
  readonly history: History;
  readonly cursorStore: Pick<CursorStore, 'notReadOf'>;
};

const tags = ['conversations'];

/** `GET /api/conversations`, and what is read below `/api/conversations/{conversationId}/messages`. */
export function registerConversations(app: FastifyInstance, parts: ConversationRoutesParts): void {
  const { identity, store, readable, history, cursorStore } = parts;
  const onRequest = requirePrincipal(identity);

  app.get<{ Querystring: ListQuery }>(
    '/api/conversations',
    {
      onRequest,
      schema: { tags, summary: "One's conversations, the newest first", querystring: ListQuery, response: { 200: ConversationsPage } },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const before = cursor === undefined ? undefined : listPosition(cursor);
      const { page, next } = await store.summaries(principalOf(request), before, limit ?? PAGE);
      const conversations = await withPresentLast(history, page, principalOf(request));
      return { conversations, ...(next === undefined ? {} : { cursor: `${next.sentAt}-${next.conversationNo}` }) };
    },
  );

  app.get<{ Params: { conversationId: string }; Querystring: MessagesQuery }>(
    '/api/conversations/:conversationId/messages',
    {
      onRequest,
      schema: {
        tags,
        summary: 'The messages of a conversation, in their present form',
        querystring: MessagesQuery,
        response: { 200: MessagesPage },
      },
    },
    async (request) => {
      const user = principalOf(request);
      const conversation = await readable.find(request.params.conversationId, user);
      const page = await readPage(history, conversation, request.query);
      const messages = await history.present(user.userNo, page);
      return { messages: conversation.kind === 'room' ? await withNotRead(cursorStore, conversation, messages) : messages };
    },
  );

  app.get<{ Params: EntryParams }>(
    '/api/conversations/:conversationId/messages/:seq/edits',
    { onRequest, schema: { tags, summary: 'All texts that a message has had', params: EntryParams, response: { 200: EditsPage } } },
    async (request) => {
      const conversation = await readable.find(request.params.conversationId, principalOf(request));
      return { edits: await readEdits(history, conversation, request.params.seq, principalOf(request)) };
    },
  );
}

/** What `cursor` of the page before says; the schema has seen to its form. */
function listPosition(cursor: string): ListPosition {
  const [sentAt, conversationNo] = cursor.split('-').map(Number);
  return { sentAt: sentAt ?? 0, conversationNo: conversationNo ?? 0 };
}

async function withPresentLast(
  history: History,
  page: readonly ConversationSummary[],
  user: Principal,
): Promise<readonly ConversationSummary[]> {
  const lasts = page.flatMap(({ last }) => (last === undefined ? [] : [last]));
  const present = new Map((await history.present(user.userNo, lasts)).map((last) => [last.id, last]));
  return page.map((summary) => (summary.last === undefined ? summary : { ...summary, last: present.get(summary.last.id) }));
}

function readPage(history: History, conversation: HistoryAccess, query: MessagesQuery): Promise<readonly HistoryEntry[]> {
  const { before, after, around, limit = PAGE } = query;
  if ([before, after, around].filter((position) => position !== undefined).length > 1) {
    throw new ChatError('bad-request', 'Give at most one of before, after and around.');
  }
  const { readFrom } = conversation;
  if (around !== undefined) return history.around(conversation, readFrom, around, limit);
  return history.page(conversation, { readFrom, before, after, limit });
}

/** In direct conversations the cursor of the other one says the same. */
async function withNotRead(
  cursorStore: Pick<CursorStore, 'notReadOf'>,
  conversation: HistoryAccess,
  messages: readonly HistoryEntry[],
): Promise<readonly HistoryEntry[]> {
  const chats = messages.filter((message) => message.type === 'CHAT');
  const counts = await cursorStore.notReadOf(conversation, chats.map((message) => message.seq));
  const notRead = new Map(chats.map((message, i) => [message.seq, counts[i]]));
  return messages.map((message) => (message.type === 'CHAT' ? { ...message, notRead: notRead.get(message.seq) } : message));
}

/** In rooms for its moderators, in direct conversations for who wrote it. */
async function readEdits(history: History, conversation: HistoryAccess, seq: number, user: Principal): Promise<EditsPage['edits']> {
  const entry = seq > conversation.readFrom ? await history.entryAt(conversation, seq) : undefined;
  if (entry?.type !== 'CHAT' || entry.details?.deleted === true) throw new ChatError('not-found', 'There is no such message.');
  const allowed = conversation.kind === 'room' ? isModerator(conversation) : entry.from === user.userId;
  if (!allowed) throw new ChatError('forbidden', 'Earlier texts are kept for the moderators of a room, and for who wrote a direct message.');
  return [...(await history.versions(entry))];
}
