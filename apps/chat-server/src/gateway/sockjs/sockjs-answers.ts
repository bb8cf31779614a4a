import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { ChatError } from '@chat/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SendAnswer } from './sockjs-sends.ts';

const YEAR_S = 365 * 24 * 60 * 60;
const TEXT = 'text/plain; charset=UTF-8';
const NOT_CACHED = 'no-store, no-cache, no-transform, must-revalidate, max-age=0';

/** What lets a page of another, allowed origin read the answer. Never `*`, because these requests come with cookies. */
export function corsHeaders({ headers }: FastifyRequest): OutgoingHttpHeaders {
  const { origin } = headers;
  if (origin === undefined) return { vary: 'Origin' };
  const asked = headers['access-control-request-headers'];
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    ...(asked === undefined || asked === '' ? {} : { 'access-control-allow-headers': asked }),
  };
}

/** Of everything but preflights: some clients cache even POSTs. */
export function streamHeaders(request: FastifyRequest): OutgoingHttpHeaders {
  return {
    ...corsHeaders(request),
    'cache-control': NOT_CACHED,
    'x-content-type-options': 'nosniff',
    // Proxies that hold answers back until they have more of them are told not to.
    'x-accel-buffering': 'no',
  };
}

export function greet(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.type(TEXT).send('Welcome to SockJS!\n');
}

/** What the endpoint can do. Who may come from where is decided by each request, so `origins` names all. */
export function info(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const entropy = randomBytes(4).readUInt32LE();
  return reply
    .header('cache-control', NOT_CACHED)
    .type('application/json; charset=UTF-8')
    .send({ websocket: true, cookie_needed: false, origins: ['*:*'], entropy });
}

export function preflight(reply: FastifyReply, methods: readonly string[]): FastifyReply {
  return reply
    .code(204)
    .headers({
      'cache-control': `public, max-age=${YEAR_S}`,
      expires: new Date(Date.now() + YEAR_S * 1000).toUTCString(),
      'access-control-allow-methods': methods.join(', '),
      'access-control-max-age': String(YEAR_S),
    })
    .send();
}

export function answerSend(reply: FastifyReply, answer: SendAnswer): FastifyReply {
  reply.header('cache-control', NOT_CACHED);
  switch (answer) {
    case 'taken':
      return reply.code(204).type(TEXT).send();
    case 'broken':
      // The words that clients of the reference server know.
      return reply.code(500).type(TEXT).send('Broken JSON encoding.');
    case 'empty':
    case 'no messages':
      return reply.code(500).type(TEXT).send('Payload expected.');
    case 'gone':
      throw new ChatError('not-found', 'There is no such SockJS session.');
    case 'busy':
      throw new ChatError('rate-limited', 'Too many requests to send wait already.', 1_000);
    case 'too-large':
      // What is not read of a body would be taken for the next request.
      reply.header('connection', 'close');
      throw new ChatError('too-large', 'One request to send may not be that large.');
  }
}
