import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signingSecret } from './signing-secret.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secret-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('JWT_SECRET is taken as it is, and nothing is written', () => {
  const jwtSecret = new Uint8Array(32).fill(7);
  expect(signingSecret({ jwtSecret, dataDir: folder })).toBe(jwtSecret);
  expect(readdirSync(folder)).toEqual([]);
});

test('without it a random one is made once and kept for its owner alone', () => {
  const dataDir = join(folder, 'new');
  const secret = signingSecret({ jwtSecret: undefined, dataDir });
  expect(secret.length).toBeGreaterThanOrEqual(32);
  expect(signingSecret({ jwtSecret: undefined, dataDir })).toEqual(secret);
  expect(readdirSync(dataDir)).toEqual(['jwt-secret']);
  expect(statSync(join(dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
  expect(signingSecret({ jwtSecret: undefined, dataDir: folder })).not.toEqual(secret);
});

test('a kept secret that is too short, or a folder that is none, is a fault of DATA_DIR in one line', () => {
  writeFileSync(join(folder, 'jwt-secret'), 'short\n');
  for (const dataDir of [folder, join(folder, 'jwt-secret')]) {
    expect(() => signingSecret({ jwtSecret: undefined, dataDir })).toThrow(/^DATA_DIR [^\r\n]+$/);
  }
});
