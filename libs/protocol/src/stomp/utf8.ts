// ignoreBOM keeps a leading byte order mark, which is data here, not a mark of the encoding.
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const looseDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Text of UTF-8 bytes, or undefined if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined; // what a fatal decoder throws at malformed input
    throw error;
  }
}

/** The same with U+FFFD for what is not UTF-8. ASCII stands in the text for itself, whatever is around it. */
export function decodeUtf8Loosely(bytes: Uint8Array): string {
  return looseDecoder.decode(bytes);
}

/** UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Writes a text at the start of `target`; false, with the target in any state, if it is not all ASCII. */
export function writeAscii(text: string, target: Uint8Array): boolean {
  const { read, written } = encoder.encodeInto(text, target);
  return read === text.length && written === text.length;
}

export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
