import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

test('neither secrets by name nor the query of an address reach the log', () => {
  const lines: string[] = [];
  const log = createLogger(
    'info',
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    }),
  );
  const canary = 'canary-3141';
  log.info(
    {
      password: canary,
      body: { accessToken: canary, refreshToken: canary },
      req: { method: 'GET', url: `/api/me?token=${canary}` },
    },
    'one',
  );
  log.info({ request: { headers: { authorization: `Bearer ${canary}`, cookie: canary } }, passcode: canary }, 'two');
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain(canary);
  expect(lines[0]).toContain('"path":"/api/me"');
});
