/** Headers as a caller writes them; a header whose value is undefined is left out. */
export type HeaderInput = FrameHeaders | Readonly<Record<string, string | undefined>>;

/**
 * Headers of one frame in the order of the wire, repeated ones kept. A frame has few: looking through a flat list is
 * faster than building a map for each frame, and no name can reach a prototype.
 */
export class FrameHeaders implements Iterable<readonly [name: string, value: string]> {
  /** Name, value, name, value, … */
  readonly flat: readonly string[];

  constructor(flat: readonly string[]) {
    this.flat = flat;
  }

  static from(headers: HeaderInput): FrameHeaders {
    if (headers instanceof FrameHeaders) return headers;
    const flat: string[] = [];
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) flat.push(name, value);
    }
    return new FrameHeaders(flat);
  }

  get size(): number {
    return this.flat.length / 2;
  }

  /** The value of the first header of this name. Names are compared exactly. */
  get(name: string): string | undefined {
    const flat = this.flat;
    for (let index = 0; index < flat.length; index += 2) {
      if (flat[index] === name) return flat[index + 1];
    }
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    for (let index = 0; index < this.flat.length; index += 2) {
      yield [this.flat[index] ?? '', this.flat[index + 1] ?? ''];
    }
  }
}
