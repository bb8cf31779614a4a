// The protocol's grammar of ids. Its package is for servers and brings a schema library along; a test holds the two together.
const USER_ID = '[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]';
const userIdPattern = new RegExp(`^${USER_ID}$`);
const directPattern = new RegExp(`^direct:(${USER_ID}):(${USER_ID})$`);
const roomPattern = /^room:[a-z0-9]{8,32}$/;

/** What a person types, as an id: it is lower-cased, because ids are. */
export function typedUserId(text: string): string {
  return text.trim().toLowerCase();
}

export function isUserId(text: string): boolean {
  return userIdPattern.test(text);
}

/** The other user of a direct conversation, oneself in the conversation with oneself, `undefined` for anything else. */
export function peerOf(conversationId: string, self: string): string | undefined {
  const [, a, b] = directPattern.exec(conversationId) ?? [];
  if (a === undefined || b === undefined || a > b) return undefined;
  if (a === self) return b;
  return b === self ? a : undefined;
}

/** Whether `self` could be a member of a conversation of this id. */
export function isConversationOf(conversationId: string, self: string): boolean {
  return roomPattern.test(conversationId) || peerOf(conversationId, self) !== undefined;
}

/** Lengths of texts count code points, as the server does. */
export function codePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}
