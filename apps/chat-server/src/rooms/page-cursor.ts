import { ChatError } from '@chat/protocol';

// A place in a list as its next page is asked for: opaque to whoever hands it back, checked when it comes.

export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** A name and a number. Throws `ChatError` bad-request for what no page before has said. */
export function decodeNameCursor(cursor: string): { readonly name: string; readonly number: number } {
  const [name, number, ...rest] = decode(cursor);
  if (typeof name !== 'string' || name.includes('\0') || !isNumber(number, DATABASE_INTEGER) || rest.length > 0) throw badCursor();
  return { name, number };
}

/** Two numbers, the second one a database number. Throws like the other. */
export function decodeNumberCursor(cursor: string): { readonly first: number; readonly second: number } {
  const [first, second, ...rest] = decode(cursor);
  if (!isNumber(first, Number.MAX_SAFE_INTEGER) || !isNumber(second, DATABASE_INTEGER) || rest.length > 0) throw badCursor();
  return { first, second };
}

const DATABASE_INTEGER = 2 ** 31 - 1;

function decode(cursor: string): readonly unknown[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place)) return place;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badCursor();
}

function isNumber(value: unknown, largest: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= largest;
}

function badCursor(): ChatError {
  return new ChatError('bad-request', 'cursor is not one that a page before has given.');
}
