import { ChatError } from '@chat/protocol';

/** Throws `ChatError` bad-request for texts that the database cannot keep; what is missing or null is none. */
export function checkTexts(texts: Readonly<Record<string, string | null | undefined>>): void {
  for (const [field, text] of Object.entries(texts)) {
    if (text?.includes('\0') || text?.isWellFormed() === false) {
      throw new ChatError('bad-request', `${field} must not contain NUL or half a surrogate pair.`);
    }
  }
}

/** A name as it is shown: without spaces around it, and not of spaces alone. Throws like `checkTexts`. */
export function roomName(typed: string): string {
  checkTexts({ name: typed });
  const name = typed.trim();
  if (name === '') throw new ChatError('bad-request', 'name must not be blank.');
  return name;
}
