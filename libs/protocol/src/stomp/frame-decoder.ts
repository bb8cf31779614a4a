import { BodyReader } from './body-reader.ts';
import { commandsFrom } from './command.ts';
import type { CommandFrom, Side } from './command.ts';
import { parseContentLength } from './content-length.ts';
import { Cursor } from './cursor.ts';
import type { Frame } from './frame.ts';
import { FrameError } from './frame-error.ts';
import { DEFAULT_FRAME_LIMITS } from './frame-limits.ts';
import type { FrameLimits } from './frame-limits.ts';
import { HeadReader } from './head-reader.ts';
import type { Head } from './head-reader.ts';
import { CR, LF } from './octet.ts';
import { TextChunks } from './text-chunks.ts';
import type { StompVersion } from './version.ts';

export type FrameDecoderOptions<S extends Side> = {
  /** Who sends the frames that come in. */
  readonly from: S;
  /** Until one is agreed on, 1.0: without escapes. */
  readonly version?: StompVersion;
  readonly limits?: Partial<FrameLimits>;
};

const NOTHING = new Cursor(new Uint8Array(0));

/**
 * Turns what WebSocket messages bring into frames, wherever these are cut. Frames are decoded as they are asked for, so
 * that a version and a limit set while one frame is handled hold for the next, also within one message. After a
 * FrameError nothing more comes: where one frame is broken, nobody knows where the next begins.
 */
export class FrameDecoder<S extends Side> {
  readonly #beatsInARow: number;
  readonly #headReader: HeadReader<CommandFrom[S]>;
  readonly #bodyReader = new BodyReader();
  readonly #texts = new TextChunks();
  readonly #waiting: Uint8Array[] = [];
  #cursor = NOTHING;
  #stage: 'between' | 'head' | 'body' = 'between';
  /** Its body is being read. */
  #head: Head<CommandFrom[S]> | undefined;
  /** A CR between frames whose LF has not come yet. */
  #heldCr = false;
  #beats = 0;
  #row = 0;
  #failure: FrameError | undefined;

  constructor(options: FrameDecoderOptions<S>) {
    const limits = { ...DEFAULT_FRAME_LIMITS, ...options.limits };
    this.#beatsInARow = limits.beatsInARow;
    this.#headReader = new HeadReader(commandsFrom(options.from), options.version ?? '1.0', limits);
  }

  /** Decides the escapes from the next header on. */
  get version(): StompVersion {
    return this.#headReader.version;
  }

  set version(version: StompVersion) {
    this.#headReader.version = version;
  }

  /** The largest frame, from its command to its NUL. */
  get maxFrameBytes(): number {
    return this.#headReader.maxFrameBytes;
  }

  set maxFrameBytes(bytes: number) {
    this.#headReader.maxFrameBytes = bytes;
  }

  /** Line ends that came between frames: heart-beats, and what some clients write after a frame. */
  get beats(): number {
    return this.#beats;
  }

  /** Whether part of a frame has been read whose rest has not come. */
  get midFrame(): boolean {
    return this.#failure === undefined && this.#stage !== 'between';
  }

  /** Takes what one WebSocket message brought. Bytes are the decoder's from then on: bodies are views of them. */
  push(chunk: string | Uint8Array): void {
    if (this.#failure !== undefined) return;
    const bytes = this.#texts.toBytes(chunk);
    if (bytes.length > 0) this.#waiting.push(bytes);
  }

  /**
   * The next frame, or undefined when its rest has not been pushed yet.
   * @throws FrameError at the first fault, and the same one at every call after it
   */
  next(): Frame<CommandFrom[S]> | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#read();
    } catch (error) {
      if (error instanceof FrameError) this.#fail(error);
      throw error;
    }
  }

  #read(): Frame<CommandFrom[S]> | undefined {
    while (!this.#cursor.atEnd || this.#nextChunk()) {
      if (this.#stage === 'between') this.#readBeats(this.#cursor);
      else if (this.#stage === 'head') this.#readHead(this.#cursor);
      if (this.#stage === 'body' && this.#head !== undefined) {
        const frame = this.#readBody(this.#cursor, this.#head);
        if (frame !== undefined) return frame;
      }
    }
    return undefined;
  }

  #nextChunk(): boolean {
    const bytes = this.#waiting.shift();
    this.#cursor = bytes === undefined ? NOTHING : new Cursor(bytes);
    this.#row = 0;
    return bytes !== undefined;
  }

  #readBeats(cursor: Cursor): void {
    for (; !cursor.atEnd; cursor.position++) {
      const byte = cursor.bytes[cursor.position];
      if (byte === LF) this.#countBeat();
      else if (this.#heldCr) throw new FrameError('bad-command', 'CR between frames without an LF after it');
      else if (byte !== CR) break;
      this.#heldCr = byte === CR;
    }
    if (!cursor.atEnd) this.#stage = 'head';
  }

  #countBeat(): void {
    this.#beats++;
    this.#row++;
    if (this.#row > this.#beatsInARow) {
      throw new FrameError('too-many-beats', `more than ${this.#beatsInARow} line ends in a row`);
    }
  }

  #readHead(cursor: Cursor): void {
    const head = this.#headReader.read(cursor);
    if (head === undefined) return;
    const contentLength = head.headers.get('content-length');
    this.#bodyReader.start(
      contentLength === undefined ? undefined : parseContentLength(contentLength),
      head.byteLength,
      this.maxFrameBytes,
    );
    this.#head = head;
    this.#stage = 'body';
  }

  #readBody(cursor: Cursor, head: Head<CommandFrom[S]>): Frame<CommandFrom[S]> | undefined {
    const body = this.#bodyReader.read(cursor);
    if (body === undefined) return undefined;
    this.#head = undefined;
    this.#stage = 'between';
    this.#row = 0;
    return { command: head.command, headers: head.headers, body };
  }

  #fail(error: FrameError): void {
    this.#failure = error;
    this.#waiting.length = 0;
    this.#cursor = NOTHING;
  }
}
