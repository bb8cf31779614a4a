import { Validator } from '@seriousme/openapi-schema-validator';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSingleServer, type TestServer } from '../testing/test-server.ts';

/** What of the document these tests look at. */
type Operation = { summary?: string; tags?: string[]; responses: Record<string, { content?: object }> };
type ApiDocument = { openapi: string; paths: Record<string, Record<string, Operation>> };

let server: TestServer;
let document: ApiDocument;

beforeAll(async () => {
  server = await startSingleServer();
  const { body } = await server.get('/api/openapi.json');
  document = body as ApiDocument; // checked by what follows
});
afterAll(() => server.stop());

it('[API-1] the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(document.openapi).toBe('3.1.0');
});

it('[API-1] every call has a summary, a tag, what it answers, and what a refusal looks like', () => {
  const calls = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );
  expect(calls.length).toBeGreaterThan(10);
  const incomplete = calls.filter(({ operation: { summary, tags, responses } }) => {
    const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    const described = answers.length > 0 && answers.every(([status, { content }]) => status === '204' || content !== undefined);
    return !summary || !tags?.length || !described || responses['4XX'] === undefined || responses['5XX'] === undefined;
  });
  expect(incomplete.map(({ name }) => name)).toEqual([]);
});

it('[API-2] the page for people has nothing in it that the content security policy forbids', async () => {
  const response = await fetch(`${server.url}/api/docs`);
  const page = await response.text();
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  for (const path of Object.keys(document.paths)) expect(page).toContain(path);
  expect(page).not.toMatch(/<(script|style|link|img|iframe)|<[^>]*\s(on\w+|style|src|href="(?!\/))=?/i);
});

it('[API-3] the types that clients use are those of this document (vitest run -u writes them anew)', async () => {
  // Their type of a document knows more keywords than ours needs.
  const types = astToString(await openapiTS(document as unknown as OpenAPI3));
  const header = '// Made from /api/openapi.json by apps/chat-server/src/server/openapi.spec.ts: do not edit.\n\n';
  await expect(header + types).toMatchFileSnapshot('../../../../libs/protocol/src/generated/api-types.ts');
});
