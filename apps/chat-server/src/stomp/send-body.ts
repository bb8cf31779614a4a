import { bodyText, ChatError, FrameError, type Frame } from '@chat/protocol';

/** The body of a SEND. Throws `ChatError` bad-request. */
export function parseJson(frame: Frame): unknown {
  try {
    return JSON.parse(bodyText(frame)) as unknown;
  } catch (error) {
    if (error instanceof FrameError) throw new ChatError('bad-request', 'The body is not UTF-8.');
    throw new ChatError('bad-request', 'The body is not JSON.');
  }
}

/** What its answer names it by, whatever else is wrong with it. */
export function clientIdOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('clientId' in body)) return undefined;
  return typeof body.clientId === 'string' ? body.clientId.slice(0, 64) : undefined;
}
