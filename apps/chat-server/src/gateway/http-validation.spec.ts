import { fastify } from 'fastify';
import Type from 'typebox';
import { expect, test } from 'vitest';
import { ConversationId } from '@chat/protocol';
import { registerErrors } from './http-errors.ts';
import { compileSchema } from './http-validation.ts';

const app = fastify();
registerErrors(app);
app.setValidatorCompiler(compileSchema);
const Position = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0, maximum: 200 })),
  all: Type.Optional(Type.Boolean()),
  q: Type.Optional(Type.String()),
});
app.get('/query', { schema: { querystring: Position } }, (request) => request.query);
app.post(
  '/body',
  {
    schema: {
      body: Type.Object({
        at: Position,
        id: Type.Optional(ConversationId),
        on: Type.Optional(Type.Array(Type.String())),
      }),
    },
  },
  (request) => request.body,
);

test.each([
  ['after=5', { after: 5 }],
  ['after=0&all=false&q=7', { after: 0, all: false, q: '7' }],
  ['unknown=1', { unknown: '1' }],
  ['', {}],
])('numbers in an address: ?%s', async (query, value) => {
  expect((await app.inject(`/query?${query}`)).json()).toEqual(value);
});

test.each([
  ['after=', 'after must be a whole number.'],
  ['after=5.5', 'after must be a whole number.'],
  ['after=0x5', 'after must be a whole number.'],
  ['after=1e1', 'after must be a whole number.'],
  ['after=5&after=6', 'after must be a whole number.'],
  ['after=-1', 'after must be 0 at least.'],
  ['after=201', 'after must be 200 at most.'],
  ['all=1', 'all must be true or false.'],
])('what is none: ?%s', async (query, message) => {
  const response = await app.inject(`/query?${query}`);
  expect([response.statusCode, response.json()]).toEqual([400, { code: 'bad-request', message }]);
});

test.each([
  [{ at: { after: '5' } }, 'at.after must be a whole number.'],
  [{ at: {}, id: 'direct:a' }, /^id must match /],
  [{ at: {}, on: [1] }, 'on.0 must be a text.'],
  [{}, 'Send at too.'],
])('bodies are not converted, and the field that is wrong is named: %j', async (payload, message) => {
  const response = await app.inject({ method: 'POST', url: '/body', payload });
  expect(response.statusCode).toBe(400);
  expect(response.json<{ message: string }>().message).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  );
});
