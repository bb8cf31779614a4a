// How a text is made comparable, for what is stored and for what is looked for alike.

/** Small letters, one form for each character: full-width Latin, composed and decomposed Hangul are found by each other. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFC');
}

/** The words of a query; a message has to contain each of them, anywhere within its own words. */
export function wordsOf(query: string): readonly string[] {
  return [...new Set(folded(query).split(/\s+/).filter((word) => word !== ''))];
}

/**
 * The pairs of neighbouring characters of a folded text, each as one signed 32-bit number; spaces make none. Different
 * pairs may share a number: what is found by them is compared as text.
 */
export function pairsOf(text: string): readonly number[] {
  const pairs = new Set<number>();
  let before = 0;
  for (const character of text) {
    const code = /\s/.test(character) ? 0 : (character.codePointAt(0) ?? 0);
    if (before !== 0 && code !== 0) pairs.add((Math.imul(before, 0x9e3779b1) + code) | 0);
    before = code;
  }
  return [...pairs];
}
