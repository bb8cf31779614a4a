import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ChatError, ERROR_STATUS } from '@chat/protocol';
import { StoreUnavailable } from '../conversations/message-store.port.ts';

/** Answers every error as `{code, message, retryAfterMs?}` of the closed list. */
export function registerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | ChatError | Error, request, reply) => sendError(error, request, reply));
}

export function sendError(
  error: FastifyError | ChatError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = chatErrorOf(error);
  if (known.code === 'internal') request.log.error({ err: error, req: request }, 'a request failed');
  if (known.code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  const { code, message, retryAfterMs } = known;
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
  return reply
    .code(ERROR_STATUS[code])
    .header('cache-control', 'no-store')
    .type('application/json')
    .send({ code, message, retryAfterMs });
}

/** What the framework found wrong before our own code saw the request, in the words of our list. */
function chatErrorOf(error: FastifyError | ChatError | Error): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof StoreUnavailable)
    return new ChatError('unavailable', 'The store cannot be reached at the moment: try again shortly.', 2_000);
  const code = 'code' in error ? error.code : undefined;
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new ChatError('bad-request', 'Send the body as application/json.');
  // Prototypes in JSON come as this, too.
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') return new ChatError('bad-request', 'The body is not valid JSON.');
  if (status === 413) return new ChatError('too-large', 'The body is larger than this server takes.');
  if (status === 404) return new ChatError('not-found', 'There is nothing here.');
  if (status === 403) return new ChatError('forbidden', 'This is not served.');
  if (status === 503) return new ChatError('unavailable', 'This server is closing: try again.', 1_000);
  if (status >= 400 && status < 500) return new ChatError('bad-request', error.message);
  return new ChatError('internal', 'Something went wrong on this server.');
}
