import type { Entry } from '@chat/protocol';

/** The types of entries as the log stores them. Numbers are for ever: they stand in the database and on the bus. */
export const ENTRY_TYPE_NUMBER = { CHAT: 1, JOIN: 2, LEAVE: 3, EDIT: 4, DELETE: 5, REACTION: 6 } as const;

export type EntryType = keyof typeof ENTRY_TYPE_NUMBER;

const ENTRY_TYPES: readonly (EntryType | undefined)[] = [undefined, 'CHAT', 'JOIN', 'LEAVE', 'EDIT', 'DELETE', 'REACTION'];

export function entryTypeOf(number: number): EntryType {
  const type = ENTRY_TYPES[number];
  if (type === undefined) throw new Error(`The log holds an entry of type ${number}, which this version does not know.`);
  return type;
}

/** A conversation, by its name on the wire and by its number in the database. */
export type Conversation = { readonly conversationId: string; readonly conversationNo: number };

/**
 * A stored entry on its way to people: what decides about it stands apart, the ChatMessage is encoded once and never
 * parsed again inside the servers.
 */
export type LogEntry = Conversation & {
  readonly seq: number;
  readonly type: EntryType;
  /** The ChatMessage's `id`. */
  readonly id: string;
  readonly from: string;
  /** The ChatMessage as JSON in UTF-8. */
  readonly body: Buffer;
};

/** What the log keeps of an entry, beside its place. `details` holds the fields that few entries have. */
export type EntryContent = {
  readonly type: EntryType;
  readonly message: string | null;
  readonly details: EntryDetails | null;
};

export type EntryDetails = { readonly replyTo?: number };

export type StoredEntry = EntryContent &
  Conversation & {
    readonly seq: number;
    readonly sentAt: number;
    readonly from: string;
    readonly key: string;
  };

/**
 * The id of an entry: unique because conversation and seq are, sortable by time because the time comes first in a
 * fixed width, and it needs no column: time, conversation and seq in base 36.
 */
export function entryId(sentAt: number, conversationNo: number, seq: number): string {
  return `${sentAt.toString(36).padStart(9, '0')}-${conversationNo.toString(36)}-${seq.toString(36)}`;
}

/** The idempotency key of an entry: the client's own, or one that the server made when it read the frame. */
export function clientKey(clientId: string): string {
  return `c${clientId}`;
}

export function serverKey(epoch: number, counter: number): string {
  return `s${epoch.toString(36)}.${counter.toString(36)}`;
}

/** Builds what is delivered from what is stored. The only place where an entry becomes a ChatMessage. */
export function toLogEntry(stored: StoredEntry): LogEntry {
  const { conversationId, conversationNo, seq, type, from, sentAt, key } = stored;
  const id = entryId(sentAt, conversationNo, seq);
  // Ids are ASCII without quotes or backslashes, so only texts need escaping.
  let json = `{"type":"${type}","conversationId":"${conversationId}","seq":${seq},"id":"${id}","from":"${from}",${place(conversationId, from)}`;
  if (stored.message !== null) json += `,"message":${JSON.stringify(stored.message)}`;
  json += `,"sentAt":${sentAt}`;
  if (key.charCodeAt(0) === CLIENT_KEY) json += `,"clientId":${JSON.stringify(key.slice(1))}`;
  if (stored.details !== null) json += detailFields(stored.details);
  json += '}';
  return { conversationId, conversationNo, seq, type, id, from, body: Buffer.from(json) };
}

const CLIENT_KEY = 'c'.charCodeAt(0);

function place(conversationId: string, from: string): string {
  if (conversationId.startsWith('room:')) return `"roomId":"${conversationId.slice(5)}"`;
  const colon = conversationId.indexOf(':', 7);
  const a = conversationId.slice(7, colon);
  return `"to":"${a === from ? conversationId.slice(colon + 1) : a}"`;
}

function detailFields(details: EntryDetails): string {
  return details.replyTo === undefined ? '' : `,"replyTo":${details.replyTo}`;
}

/** For those who answer over HTTP: the ChatMessage itself. */
export function toChatMessage(stored: StoredEntry): Entry {
  return JSON.parse(toLogEntry(stored).body.toString()) as Entry; // built by toLogEntry in the line before
}

/** Whether a repeated send says the same as the stored one. */
export function sameContent(a: EntryContent, b: EntryContent): boolean {
  return a.type === b.type && a.message === b.message && (a.details?.replyTo ?? null) === (b.details?.replyTo ?? null);
}
