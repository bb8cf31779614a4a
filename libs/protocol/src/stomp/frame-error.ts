import { CloseCode } from '../errors.ts';

// Protocol faults close a WebSocket with 1002, faults of size with 1009.
const CLOSE_CODES = {
  'bad-command': CloseCode.protocolError,
  'bad-header': CloseCode.protocolError,
  'bad-escape': CloseCode.protocolError,
  'bad-utf8': CloseCode.protocolError,
  'bad-content-length': CloseCode.protocolError,
  'body-not-terminated': CloseCode.protocolError,
  'bad-body-utf8': CloseCode.protocolError,
  'too-many-beats': CloseCode.protocolError,
  'frame-too-large': CloseCode.tooLarge,
  'too-many-headers': CloseCode.tooLarge,
  'header-too-large': CloseCode.tooLarge,
} as const;

export type FrameErrorCode = keyof typeof CLOSE_CODES;

// Keys of a literal are exactly the codes.
export const FRAME_ERROR_CODES = Object.keys(CLOSE_CODES) as readonly FrameErrorCode[];

/**
 * A frame that breaks STOMP or a limit. The message names the fault and is fit for the `message` header of an ERROR:
 * it never repeats what stood in a header, which may be a password.
 */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: FrameErrorCode;

  constructor(code: FrameErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  /** What the WebSocket is closed with: 1009 for size, 1002 for all else. */
  get closeCode(): (typeof CLOSE_CODES)[FrameErrorCode] {
    return CLOSE_CODES[this.code];
  }
}
