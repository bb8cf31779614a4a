import type { Cursor } from './cursor.ts';
import { FrameError } from './frame-error.ts';
import { NUL } from './octet.ts';
import { PartialBytes } from './partial-bytes.ts';

/** Reads the body of one frame after another, and the NUL that ends it. */
export class BodyReader {
  readonly #partial = new PartialBytes();
  /** Bytes of the body, or undefined where it goes to the first NUL. */
  #contentLength: number | undefined;
  /** Bytes that body and NUL may take together. */
  #room = 0;
  #maxFrameBytes = 0;

  /** Begins a body after a head of `headBytes`; refuses a known length that does not fit before any of it has come. */
  start(contentLength: number | undefined, headBytes: number, maxFrameBytes: number): void {
    this.#contentLength = contentLength;
    this.#maxFrameBytes = maxFrameBytes;
    this.#room = maxFrameBytes - headBytes;
    if (contentLength !== undefined && contentLength + 1 > this.#room) throw this.#frameTooLarge();
  }

  /** Reads on; undefined when the chunk ends first. A body that lies in one chunk is a view of it. */
  read(cursor: Cursor): Uint8Array | undefined {
    return this.#contentLength === undefined ? this.#readToNul(cursor) : this.#readCounted(cursor, this.#contentLength);
  }

  #readCounted(cursor: Cursor, length: number): Uint8Array | undefined {
    const { bytes, position: start } = cursor;
    const end = start + length - this.#partial.length;
    if (end >= bytes.length) {
      this.#partial.append(bytes, start, bytes.length);
      cursor.position = bytes.length;
      return undefined;
    }
    if (bytes[end] !== NUL) {
      throw new FrameError('body-not-terminated', `no NUL after the ${length} bytes of body that content-length names`);
    }
    cursor.position = end + 1;
    return this.#bodyUpTo(bytes, start, end);
  }

  #readToNul(cursor: Cursor): Uint8Array | undefined {
    const { bytes, position: start } = cursor;
    const nul = bytes.indexOf(NUL, start);
    const end = nul === -1 ? bytes.length : nul + 1;
    if (this.#partial.length + (end - start) > this.#room) throw this.#frameTooLarge();
    cursor.position = end;
    if (nul !== -1) return this.#bodyUpTo(bytes, start, nul);
    this.#partial.append(bytes, start, end);
    return undefined;
  }

  #bodyUpTo(bytes: Uint8Array, start: number, end: number): Uint8Array {
    if (this.#partial.length === 0) return bytes.subarray(start, end);
    this.#partial.append(bytes, start, end);
    return this.#partial.take();
  }

  #frameTooLarge(): FrameError {
    return new FrameError('frame-too-large', `the frame has more than ${this.#maxFrameBytes} bytes`);
  }
}
