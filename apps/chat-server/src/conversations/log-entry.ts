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
 * A conversation that somebody was seen to be in. While its leave version is still this one, nobody has lost the right
 * to write there since; in direct ones it is always 0.
 */
export type OpenConversation = Conversation & { readonly leaveVersion: number };

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

export type EntryDetails = {
  /** CHAT: the seq of the entry that it answers. */
  readonly replyTo?: number;
  /** CHAT, EDIT: ids of those whom the text names, and `@room`. */
  readonly mentions?: readonly string[];
  /** CHAT: who wrote first what this passes on, and when. */
  readonly forwardedFrom?: { readonly from: string; readonly sentAt: number };
  /** EDIT, DELETE, REACTION: the seq of the entry that it changes. */
  readonly target?: number;
  /** REACTION. */
  readonly emoji?: string;
  readonly on?: boolean;
  /** JOIN, LEAVE: the id of who did it, if it was someone else. */
  readonly by?: string;
  /** CHAT, EDIT: the text was deleted for everyone, and with it all other details but `target`. */
  readonly deleted?: true;
  /** CHAT: what this passes on. Not delivered: others need not know of that conversation. */
  readonly forward?: { readonly conversationId: string; readonly seq: number };
};

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

/** The fields that only some entries have, each as JSON with its name, in one order. */
function detailFields(details: EntryDetails): string {
  const { replyTo, mentions, forwardedFrom, target, emoji, on, by, deleted } = details;
  let json = '';
  if (replyTo !== undefined) json += `,"replyTo":${replyTo}`;
  if (mentions !== undefined) json += `,"mentions":${JSON.stringify(mentions)}`;
  // Field by field: the database gives the fields of an object back in an order of its own.
  if (forwardedFrom !== undefined) json += `,"forwardedFrom":{"from":"${forwardedFrom.from}","sentAt":${forwardedFrom.sentAt}}`;
  if (target !== undefined) json += `,"target":${target}`;
  if (emoji !== undefined) json += `,"emoji":${JSON.stringify(emoji)}`;
  if (on !== undefined) json += `,"on":${on}`;
  if (by !== undefined) json += `,"by":"${by}"`;
  if (deleted) json += ',"deleted":true';
  return json;
}

/** For those who answer over HTTP: the ChatMessage itself. */
export function toChatMessage(stored: StoredEntry): Entry {
  return JSON.parse(toLogEntry(stored).body.toString()) as Entry; // built by toLogEntry in the line before
}

/**
 * Whether a repeated send says the same as the stored one. Mentions follow from the text and from who was a member when
 * it was stored, and a forwarded text from what it passes on, so they are no difference.
 */
export function sameContent(a: EntryContent, b: EntryContent): boolean {
  if (a.type !== b.type) return false;
  // Nothing is left to compare with.
  if (a.details?.deleted === true || b.details?.deleted === true) return true;
  return asSent(a) === asSent(b);
}

function asSent({ message, details }: EntryContent): string {
  const { forward } = details ?? {};
  const text = forward === undefined ? JSON.stringify(message) : `${forward.conversationId} ${forward.seq}`;
  return text + (details === null ? '' : detailFields({ ...details, mentions: undefined, forwardedFrom: undefined }));
}
