import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerErrors } from './http-errors.ts';
import { registerWebApp } from './static.ts';

const outside = mkdtempSync(join(tmpdir(), 'web-'));
const webRoot = join(outside, 'dist');
let app: FastifyInstance;

async function appOn(root: string | undefined): Promise<FastifyInstance> {
  const made = fastify();
  registerErrors(made);
  made.get('/api/known', () => ({}));
  await registerWebApp(made, root);
  return made;
}

beforeAll(async () => {
  mkdirSync(join(webRoot, 'assets'), { recursive: true });
  writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Chat</title>');
  writeFileSync(join(webRoot, 'icon.svg'), '<svg/>');
  writeFileSync(join(webRoot, '.env'), 'hidden');
  writeFileSync(join(webRoot, 'assets', 'index-1a2b3c4d.js'), 'export {};');
  writeFileSync(join(outside, 'secret.txt'), 'hidden');
  app = await appOn(webRoot);
});
afterAll(async () => {
  await app.close();
  rmSync(outside, { recursive: true });
});

describe('the web app', () => {
  test.each(['/', '/index.html', '/c/direct:anna:ben', '/c/room%3Aabcdef0123?m=42', '/login', '/apiary'])(
    '%s is the page, never cached',
    async (url) => {
      for (const method of ['GET', 'HEAD'] as const) {
        const response = await app.inject({ method, url });
        expect(response.statusCode).toBe(200);
        expect(response.headers).toMatchObject({
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-cache',
        });
      }
      expect((await app.inject(url)).body).toContain('<title>Chat</title>');
    },
  );

  test('a browser gets the page under addresses with a dot too', async () => {
    const url = '/c/direct:anna.k:ben';
    expect((await app.inject({ url, headers: { accept: 'text/html,*/*;q=0.8' } })).body).toContain(
      '<title>Chat</title>',
    );
    expect((await app.inject({ url, headers: { accept: '*/*' } })).statusCode).toBe(404);
  });

  test('assets are cached for ever, other files are asked for again', async () => {
    const asset = await app.inject('/assets/index-1a2b3c4d.js');
    expect([asset.statusCode, asset.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    const icon = await app.inject('/icon.svg');
    expect([icon.statusCode, icon.headers['cache-control'], icon.headers['content-type']]).toEqual([
      200,
      'no-cache',
      'image/svg+xml',
    ]);
    expect(
      (await app.inject({ url: '/icon.svg', headers: { 'if-none-match': String(icon.headers['etag']) } })).statusCode,
    ).toBe(304);
  });
});

describe('not the web app', () => {
  test.each([
    '/api/unknown',
    '/api',
    '/ws-chat',
    '/ws-chat/websocket',
    '/readyz/x',
    '/assets/gone-1a2b3c4d.js',
    '/assets',
    '/missing.png',
    '/.env',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
  ])('%s is a JSON error', async (url) => {
    const response = await app.inject({ url, headers: { accept: '*/*' } });
    expect([403, 404]).toContain(response.statusCode);
    expect(['not-found', 'forbidden']).toContain(response.json<{ code: string }>().code);
    expect(response.body).not.toContain('hidden');
  });

  test('nothing is posted to a page', async () => {
    const response = await app.inject({ method: 'POST', url: '/c/direct:anna:ben', headers: { accept: 'text/html' } });
    expect(response.statusCode).toBe(404);
  });

  test('without a built web app the front page says how to get one', async () => {
    const bare = await appOn(undefined);
    const response = await bare.inject('/');
    expect([response.statusCode, response.json()]).toEqual([
      404,
      { code: 'not-found', message: 'The web app is not built here: npm run build makes it.' },
    ]);
    await bare.close();
  });
});
