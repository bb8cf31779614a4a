import { isUnescaped } from './command.ts';
import type { Command } from './command.ts';
import type { Cursor } from './cursor.ts';
import { FrameError } from './frame-error.ts';
import { FrameHeaders } from './frame-headers.ts';
import type { FrameLimits } from './frame-limits.ts';
import { unescapeHeader } from './header-escape.ts';
import { CR, LF, NUL } from './octet.ts';
import { PartialBytes } from './partial-bytes.ts';
import { findPlainHead } from './plain-head.ts';
import type { PlainHead } from './plain-head.ts';
import { decodeUtf8 } from './utf8.ts';
import type { StompVersion } from './version.ts';

/** The command and headers of a frame, and how many bytes they took, the blank line included. */
export type Head<C extends Command> = {
  readonly command: C;
  readonly headers: FrameHeaders;
  readonly byteLength: number;
};

/**
 * Reads the head of one frame after another. A head that lies in one chunk and is plain ASCII, as nearly all are, is
 * decoded at once and cut up as text; any other goes line by line. Both end in `#takeLine`, and what they find wrong
 * depends only on the bytes, never on how these were cut into chunks.
 */
export class HeadReader<C extends Command> {
  version: StompVersion;
  maxFrameBytes: number;
  readonly #commands: ReadonlyMap<string, C>;
  readonly #limits: FrameLimits;
  readonly #partialLine = new PartialBytes();
  #command: C | undefined;
  #flatHeaders: string[] = [];
  /** Bytes of this head read so far. */
  #byteLength = 0;

  constructor(commands: ReadonlyMap<string, C>, version: StompVersion, limits: FrameLimits) {
    this.#commands = commands;
    this.version = version;
    this.#limits = limits;
    this.maxFrameBytes = limits.frameBytes;
  }

  /** Reads on; undefined when the chunk ends first. */
  read(cursor: Cursor): Head<C> | undefined {
    if (this.#byteLength === 0) {
      const plain = findPlainHead(cursor.bytes, cursor.position, this.#plainHeadBytes());
      if (plain !== undefined) return this.#readPlainHead(cursor, plain);
    }
    while (!cursor.atEnd) {
      const line = this.#readLine(cursor);
      if (line === undefined) return undefined;
      const head = this.#takeLine(line, 0, line.length, false);
      if (head !== undefined) return head;
    }
    return undefined;
  }

  /** How long a head the short way may read: so short that none of the limits on bytes can be passed within it. */
  #plainHeadBytes(): number {
    return Math.min(this.maxFrameBytes, this.#limits.headerBytes);
  }

  #readPlainHead(cursor: Cursor, plain: PlainHead): Head<C> | undefined {
    cursor.position += plain.end;
    this.#byteLength = plain.end;
    let lineStart = 0;
    while (lineStart < plain.end) {
      const lineEnd = plain.text.indexOf('\n', lineStart);
      const head = this.#takeLine(plain.text, lineStart, lineEnd, !plain.hasBackslash);
      if (head !== undefined) return head;
      lineStart = lineEnd + 1;
    }
    return undefined;
  }

  /** The next line without its end, or undefined when the chunk ends before it. */
  #readLine(cursor: Cursor): string | undefined {
    const { bytes, position: start } = cursor;
    // The line, the CR that may belong to its end, and the LF.
    const lineEnd = start + this.#lineLimit() + 2 - this.#partialLine.length;
    const frameEnd = start + this.maxFrameBytes - this.#byteLength;
    const end = Math.min(bytes.length, Math.max(start, Math.min(lineEnd, frameEnd)));
    let at = start;
    while (at < end && bytes[at] !== LF) {
      if (bytes[at] === NUL) throw this.#nulInHead();
      at++;
    }
    this.#byteLength += at - start;
    if (at === end) {
      if (end < bytes.length) throw frameEnd <= lineEnd ? this.#frameTooLarge() : this.#lineTooLong();
      this.#partialLine.append(bytes, start, end);
      cursor.position = end;
      return undefined;
    }
    this.#byteLength += 1;
    cursor.position = at + 1;
    if (this.#partialLine.length === 0) return this.#decodeLine(bytes, start, at);
    this.#partialLine.append(bytes, start, at);
    const line = this.#partialLine.take();
    return this.#decodeLine(line, 0, line.length);
  }

  #decodeLine(bytes: Uint8Array, start: number, end: number): string {
    const lineEnd = end > start && bytes[end - 1] === CR ? end - 1 : end;
    if (lineEnd - start > this.#lineLimit()) throw this.#lineTooLong();
    const line = decodeUtf8(bytes.subarray(start, lineEnd));
    if (line !== undefined) return line;
    if (this.#command === undefined) throw new FrameError('bad-command', 'the command is not UTF-8');
    throw new FrameError('bad-utf8', 'a header is not UTF-8');
  }

  /** Acts on one line, `text` from `start` to `end`; the blank one completes the head. `literal`: no CR, no backslash. */
  #takeLine(text: string, start: number, end: number, literal: boolean): Head<C> | undefined {
    if (this.#command === undefined) {
      if (end - start > this.#limits.commandBytes) throw this.#lineTooLong();
      this.#command = this.#commandNamed(text.slice(start, end));
      return undefined;
    }
    if (start === end) return this.#complete(this.#command);
    this.#takeHeader(text, start, end, literal || isUnescaped(this.#command));
    return undefined;
  }

  #commandNamed(name: string): C {
    const command = this.#commands.get(name);
    if (command === undefined) throw new FrameError('bad-command', `unknown command ${quote(name)}`);
    return command;
  }

  #takeHeader(text: string, start: number, end: number, literal: boolean): void {
    if (this.#flatHeaders.length >= this.#limits.headers * 2) {
      throw new FrameError('too-many-headers', `more than ${this.#limits.headers} headers`);
    }
    const colon = text.indexOf(':', start);
    if (colon === -1 || colon >= end) throw new FrameError('bad-header', 'a header line has no colon');
    if (colon === start) throw new FrameError('bad-header', 'a header has no name');
    const name = text.slice(start, colon);
    const value = text.slice(colon + 1, end);
    if (literal) {
      this.#flatHeaders.push(name, value);
      return;
    }
    if (this.version === '1.2' && (name.includes('\r') || value.includes('\r'))) {
      throw new FrameError('bad-header', 'a header has a CR that is not escaped');
    }
    this.#flatHeaders.push(unescapeHeader(name, this.version), unescapeHeader(value, this.version));
  }

  #complete(command: C): Head<C> {
    const head = { command, headers: new FrameHeaders(this.#flatHeaders), byteLength: this.#byteLength };
    this.#command = undefined;
    this.#flatHeaders = [];
    this.#byteLength = 0;
    return head;
  }

  #lineLimit(): number {
    return this.#command === undefined ? this.#limits.commandBytes : this.#limits.headerBytes;
  }

  #lineTooLong(): FrameError {
    return this.#command === undefined
      ? new FrameError('bad-command', 'the first line of the frame is too long for a command')
      : new FrameError('header-too-large', `a header line has more than ${this.#limits.headerBytes} bytes`);
  }

  #nulInHead(): FrameError {
    return this.#command === undefined
      ? new FrameError('bad-command', 'NUL in the line of the command')
      : new FrameError('bad-header', 'NUL among the headers: no blank line before the body');
  }

  #frameTooLarge(): FrameError {
    return new FrameError('frame-too-large', `the frame has more than ${this.maxFrameBytes} bytes`);
  }
}

/** A name from outside, printable ASCII only, for the text of an error. */
function quote(name: string): string {
  let quoted = '';
  for (const character of name) quoted += character >= ' ' && character <= '~' ? character : '?';
  return `"${quoted}"`;
}
