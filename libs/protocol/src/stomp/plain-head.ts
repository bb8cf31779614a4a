import { LF } from './octet.ts';
import { decodeUtf8Loosely } from './utf8.ts';

// Slices of a text keep the whole of it alive: a longer head is decoded line by line, so that a session that keeps one
// short header does not keep 64 KiB for it.
const LONGEST = 512;

/** A whole head as text, in which a character is a byte. */
export type PlainHead = {
  /** Begins with the head and may go on into the body. */
  readonly text: string;
  /** Where the head ends, after its blank line. */
  readonly end: number;
  readonly hasBackslash: boolean;
};

/**
 * The head that begins at `start`, if all of it lies in these bytes, within `limit`, and is ASCII without CR and NUL.
 * One native decoding and a few native searches are several times faster than a loop over the bytes.
 */
export function findPlainHead(bytes: Uint8Array, start: number, limit: number): PlainHead | undefined {
  const text = decodeUtf8Loosely(bytes.subarray(start, start + Math.min(limit, LONGEST)));
  const blankLine = text.indexOf('\n\n');
  if (blankLine === -1) return undefined;
  const end = blankLine + 2;
  // A longer character would have put these two bytes further back than their text; what is no UTF-8 became U+FFFD.
  if (bytes[start + blankLine] !== LF || bytes[start + blankLine + 1] !== LF) return undefined;
  if (occurs('\ufffd', text, end) || occurs('\0', text, end) || occurs('\r', text, end)) return undefined;
  return { text, end, hasBackslash: occurs('\\', text, end) };
}

function occurs(character: string, text: string, before: number): boolean {
  const index = text.indexOf(character);
  return index !== -1 && index < before;
}
