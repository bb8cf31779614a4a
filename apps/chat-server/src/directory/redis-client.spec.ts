import { expect, test } from 'vitest';
import { parseRedisUrl } from './redis-client.ts';

const nobody = { username: undefined, password: undefined };

test.each([
  [
    'redis://localhost',
    { kind: 'single', tls: false, ...nobody, addresses: [{ host: 'localhost', port: 6379 }], path: '' },
  ],
  [
    'rediss://me:p%40ss@[::1]:7000/3',
    {
      kind: 'single',
      tls: true,
      username: 'me',
      password: 'p@ss',
      addresses: [{ host: '::1', port: 7000 }],
      path: '3',
    },
  ],
  [
    'redis+sentinel://:pw@s1,s2:26380/chat',
    {
      kind: 'sentinel',
      tls: false,
      username: undefined,
      password: 'pw',
      addresses: [{ host: 's1', port: 26379 }, { host: 's2', port: 26380 }],
      path: 'chat',
    },
  ],
  [
    'rediss+cluster://n1:1,n2:2',
    { kind: 'cluster', tls: true, ...nobody, addresses: [{ host: 'n1', port: 1 }, { host: 'n2', port: 2 }], path: '' },
  ],
])('%s', (url, expected) => {
  expect(parseRedisUrl(url)).toEqual(expected);
});

test.each([
  'http://me:secret@localhost',
  'redis://',
  'redis://me:secret@',
  'redis://a:99999',
  'redis://a,b',
  'redis://a/name',
  'redis://a/1/2',
  'redis+sentinel://a',
  'redis+cluster://a/1',
  'redis+other://a',
  'me:secret@localhost',
])('%s is refused without being repeated', (url) => {
  expect(() => parseRedisUrl(url)).toThrow(RangeError);
  expect(() => parseRedisUrl(url)).not.toThrow(/secret/);
});
