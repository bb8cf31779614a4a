import type { ErrorBody, ErrorCode } from '@chat/protocol';

/** `unreachable`: no answer came, or none that this client understands. */
export type RequestErrorCode = ErrorCode | 'unreachable';

/** A call that did not do what it was asked to. `status` is 0 where nothing answered. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(code: RequestErrorCode, message: string, status: number, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export async function requestErrorOf(response: Response): Promise<RequestError> {
  const body = await response.json().catch(() => undefined) as Partial<ErrorBody> | undefined; // read field by field below
  if (typeof body?.code === 'string') {
    return new RequestError(body.code, body.message ?? '', response.status, body.retryAfterMs);
  }
  return new RequestError('unreachable', `Status ${response.status} without an answer of the chat server.`, response.status);
}
