/**
 * The closed list of what can be wrong with a request, over STOMP (`/user/queue/errors`, ERROR) and HTTP alike.
 * The number is the status where it is HTTP.
 */
export const ERROR_STATUS = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export const ERROR_CODES = Object.keys(ERROR_STATUS) as readonly ErrorCode[]; // keys of a literal: exactly the codes

/** Why a WebSocket was closed. */
export const CloseCode = {
  normal: 1000,
  protocolError: 1002,
  tooLarge: 1009,
  /** The server is draining: reconnect now, another one answers. */
  draining: 1012,
  /** Overloaded: come back with back-off. */
  overloaded: 1013,
  /** Not, or no longer, signed in. */
  unauthorized: 4401,
  /** Too slow a reader: resume with `chat.sync`. */
  tooSlow: 4408,
  /** Past the limit of sessions of one user: a newer one took its place. */
  replaced: 4409,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** The body of a MESSAGE on `/user/queue/errors`; over HTTP the same without `destination`, `clientId`, `receipt`. */
export type ErrorBody = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly destination?: string;
  readonly clientId?: string;
  readonly receipt?: string;
  readonly retryAfterMs?: number;
};

/** Something that cannot be done as asked. Its message is written for the person or program that asked. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
