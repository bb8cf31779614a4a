import { encodeUtf8, isHighSurrogate } from './utf8.ts';

/**
 * Bytes of chunks that are text or bytes in turn. A client that splits a frame by counting UTF-16 units can cut a pair
 * of surrogates in two; where the transport carries such halves (SockJS, as JSON), they are joined again here.
 */
export class TextChunks {
  #half = '';

  toBytes(chunk: string | Uint8Array): Uint8Array {
    if (typeof chunk === 'string') return this.#encode(chunk);
    // A Buffer of Node is a subclass whose views are dear to make: from here on all is plain Uint8Array.
    const bytes = chunk.constructor === Uint8Array ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    if (this.#half === '' || bytes.length === 0) return bytes;
    const half = encodeUtf8(this.#half);
    this.#half = '';
    const joined = new Uint8Array(half.length + bytes.length);
    joined.set(half);
    joined.set(bytes, half.length);
    return joined;
  }

  #encode(chunk: string): Uint8Array {
    const text = this.#half + chunk;
    const endsInHalf = isHighSurrogate(text.charCodeAt(text.length - 1));
    this.#half = endsInHalf ? text.slice(-1) : '';
    return encodeUtf8(endsInHalf ? text.slice(0, -1) : text);
  }
}
