import swagger, { type SwaggerTransform } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { ERROR_STATUS } from '@chat/protocol';
import { openApiPage } from './openapi-page.ts';

/** Everything else asks for an access token. */
const WITHOUT_TOKEN = new Set(['/api/auth/register', '/api/auth/login', '/api/auth/refresh', '/api/openapi.json', '/api/docs']);

/** What every refusal looks like: see `docs/errors.md`. */
const REFUSAL = {
  description: 'Refused; the code says why.',
  type: 'object',
  properties: {
    code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
    message: { type: 'string' },
    retryAfterMs: { type: 'integer', description: 'Trying again before is no use.' },
  },
  required: ['code', 'message'],
};

/**
 * Describes all of `/api` by the schemas that the routes check with, as OpenAPI 3.1 at `/api/openapi.json` and for people
 * at `/api/docs`. To be called before the routes are made; each names its `tags` and `summary`.
 */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Chat server', version: '1', description: 'Accounts, rooms and history. Messages go over STOMP at `/ws-chat`.' },
      components: { securitySchemes: { accessToken: { type: 'http', scheme: 'bearer' } } },
    },
    transform: describeRoute,
  });
  const schema = { tags: ['about'], response: { 200: {} } };
  app.get('/api/openapi.json', { schema: { ...schema, summary: 'This document' } }, () => app.swagger());
  app.get('/api/docs', { schema: { ...schema, summary: 'This document, to be read', produces: ['text/html'] } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(openApiPage(app.swagger())),
  );
}

const describeRoute: SwaggerTransform = ({ schema, url }) => {
  if (!url.startsWith('/api/') || url.includes('*')) return { schema: { ...schema, hide: true }, url };
  const security = WITHOUT_TOKEN.has(url) ? [] : [{ accessToken: [] }];
  const answers: unknown = schema.response; // fastify leaves open what responses are
  const response = { ...(typeof answers === 'object' ? answers : {}), '4XX': REFUSAL, '5XX': REFUSAL };
  return { schema: { ...schema, security, response }, url };
};
