import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Identity } from './identity.ts';
import { foreignToken, IdentityFixture, SECRET } from './identity.fixture.ts';

let fixture: IdentityFixture;
let identity: Identity;

beforeAll(async () => {
  fixture = await IdentityFixture.start();
  identity = await fixture.identity();
});
afterAll(() => fixture.stop());

const seconds = (): number => Math.floor(identity.now() / 1000);
const encode = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Any header and payload, with the signature that the secret gives. */
function handMade(header: object | string, payload: object | string): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

describe('tokens of our own', () => {
  test('name user, sign-in and times, and nothing more', async () => {
    const { accessToken } = await identity.register({ id: 'anna', password: 'correct horse', displayName: 'Anna' });
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    const claims = decodeJwt(accessToken);
    expect(Object.keys(claims).sort()).toEqual(['exp', 'iat', 'name', 'sid', 'sub']);
    expect(claims).toMatchObject({ sub: 'anna', name: 'Anna' });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
  });

  test('carry audience and issuer where those are checked', async () => {
    const strict = await fixture.identity({ JWT_AUDIENCE: 'chat', JWT_ISSUER: 'https://id.example.org' });
    const { accessToken } = await strict.login('anna', 'correct horse');
    expect(decodeJwt(accessToken)).toMatchObject({ aud: 'chat', iss: 'https://id.example.org' });
    await expect(strict.authenticate(accessToken)).resolves.toMatchObject({ userId: 'anna' });
  });

  test("of another user's sign-in, or of none, are refused", async () => {
    const { accessToken } = await identity.login('anna', 'correct horse');
    const { sid } = decodeJwt(accessToken);
    for (const claims of [
      { sub: 'ben', sid },
      { sub: 'anna', sid: `si_${'A'.repeat(22)}` },
    ]) {
      await expect(identity.authenticate(await foreignToken(claims))).rejects.toMatchObject({ code: 'unauthorized' });
    }
  });

  test("end by the database's clock", async () => {
    const short = await fixture.identity({ ACCESS_TOKEN_SECONDS: '5' });
    const { accessToken, expiresIn } = await short.login('anna', 'correct horse');
    expect(expiresIn).toBe(5);
    await expect(identity.authenticate(accessToken)).resolves.toMatchObject({ userId: 'anna' });
    const refused = (): Promise<unknown> =>
      identity.authenticate(accessToken).then(
        () => 'taken',
        (error: unknown) => error,
      );
    await expect
      .poll(refused, { timeout: 10_000, interval: 200 })
      .toMatchObject({ message: 'The access token has expired.' });
    expect(seconds()).toBeGreaterThanOrEqual(decodeJwt(accessToken).exp ?? Infinity);
  }, 20_000);
});

describe('tokens made elsewhere', () => {
  test('make their user on first use, with the name they give', async () => {
    await expect(identity.user('mia')).resolves.toBeUndefined();
    const token = await foreignToken({ sub: 'mia', name: 'Mia 미아' });
    const principals = await Promise.all([1, 2, 3].map(() => identity.authenticate(token)));
    expect(principals[0]).toMatchObject({ userId: 'mia', displayName: 'Mia 미아', device: undefined });
    expect(new Set(principals.map(({ userNo }) => userNo)).size).toBe(1);
    await expect(identity.user('mia')).resolves.toEqual({ id: 'mia', displayName: 'Mia 미아' });
  });

  test('a name that cannot be kept is made to fit, and none is the id', async () => {
    const name = async (sub: string, claim: unknown): Promise<string> =>
      (await identity.authenticate(await foreignToken({ sub, name: claim }))).displayName;
    expect(await name('n1', 'é'.repeat(100))).toBe('é'.repeat(64));
    expect(await name('n2', 'a\0b\ud800')).toBe('ab\ufffd');
    expect(await name('n3', '')).toBe('n3');
    expect(await name('n4', 5)).toBe('n4');
    expect(await name('n5', undefined)).toBe('n5');
  });

  test('name a device by their sid', async () => {
    await expect(identity.authenticate(await foreignToken({ sub: 'mia', sid: 'phone 1' }))).resolves.toMatchObject({
      device: 'phone 1',
    });
    await expect(identity.authenticate(await foreignToken({ sub: 'mia', sid: 'ä'.repeat(9) }))).resolves.toMatchObject({
      device: undefined,
    });
  });

  test('stand for a sign-in that can be ended, under every spelling of the signature', async () => {
    const token = await foreignToken({ sub: 'mia', jti: 'x' });
    const other = await foreignToken({ sub: 'mia', jti: 'y' });
    const principal = await identity.authenticate(token);
    await identity.logout(principal);
    // The last character of the signature has two bits that mean nothing.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelled = token.slice(0, -1) + alphabet.charAt(alphabet.indexOf(token.slice(-1)) ^ 1);
    for (const spelling of [token, respelled]) {
      await expect(identity.authenticate(spelling)).rejects.toMatchObject({ code: 'unauthorized' });
    }
    await expect(identity.authenticate(other)).resolves.toMatchObject({ userId: 'mia' });
  });

  test('may name their user in another claim', async () => {
    const mapped = await fixture.identity({ JWT_USER_CLAIM: 'preferred_username' });
    const token = await foreignToken({ sub: '5f1c-UPPER', preferred_username: 'noah' });
    await expect(mapped.authenticate(token)).resolves.toMatchObject({ userId: 'noah' });
    await expect(identity.authenticate(token)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(mapped.authenticate(await foreignToken({ sub: 'noah' }))).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });

  test('audience and issuer are checked where configured', async () => {
    const strict = await fixture.identity({ JWT_AUDIENCE: 'chat', JWT_ISSUER: 'https://id.example.org' });
    const right = { sub: 'mia', aud: ['other', 'chat'], iss: 'https://id.example.org' };
    await expect(strict.authenticate(await foreignToken(right))).resolves.toMatchObject({ userId: 'mia' });
    for (const wrong of [{ aud: 'other' }, { aud: undefined }, { iss: 'https://evil.example' }, { iss: undefined }]) {
      await expect(strict.authenticate(await foreignToken({ ...right, ...wrong }))).rejects.toMatchObject({
        code: 'unauthorized',
      });
    }
  });

  test('may begin up to 30 s in the future, and end when they say', async () => {
    await expect(identity.authenticate(await foreignToken({ sub: 'mia', nbf: seconds() + 20 }))).resolves.toBeDefined();
    await expect(identity.authenticate(await foreignToken({ sub: 'mia', nbf: seconds() + 60 }))).rejects.toMatchObject({
      code: 'unauthorized',
    });
    await expect(identity.authenticate(await foreignToken({ sub: 'mia', exp: seconds() - 1 }))).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });
});

describe('bad tokens', () => {
  const hs256 = { alg: 'HS256' };

  test.each<[string, () => string | Promise<string>]>([
    ['empty', () => ''],
    ['garbage', () => 'garbage'],
    ['dots alone', () => '..'],
    ['a payload that is no JSON', () => handMade(hs256, 'text')],
    ['a payload that is a list', () => handMade(hs256, [])],
    ['a header that is no JSON', () => handMade('text', { sub: 'mia' })],
    ['one that never ends', () => foreignToken({ sub: 'mia', exp: undefined })],
    ['one whose end is a text', () => handMade(hs256, { sub: 'mia', exp: '9999999999' })],
    ['one that has run out', () => foreignToken({ sub: 'mia', exp: seconds() - 31 })],
    ['one of another secret', () => foreignToken({ sub: 'mia' }, {}, new TextEncoder().encode('x'.repeat(32)))],
    [
      'one whose payload was changed',
      async () => {
        const [header, , signature] = (await foreignToken({ sub: 'mia' })).split('.');
        return [header, encode({ sub: 'anna', exp: seconds() + 99 }), signature].join('.');
      },
    ],
    ['alg none', () => `${encode({ alg: 'none' })}.${encode({ sub: 'mia', exp: seconds() + 99 })}.`],
    ['alg none with a right HMAC', () => handMade({ alg: 'none' }, { sub: 'mia', exp: seconds() + 99 })],
    ['alg HS512', () => foreignToken({ sub: 'mia' }, { alg: 'HS512' })],
    [
      'alg RS256, signed with a key of its own',
      () => {
        const signed = `${encode({ alg: 'RS256' })}.${encode({ sub: 'mia', exp: seconds() + 99 })}`;
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
      },
    ],
    ['alg RS256 over a right HMAC', () => handMade({ alg: 'RS256' }, { sub: 'mia', exp: seconds() + 99 })],
    [
      'a critical extension that nobody knows',
      () => handMade({ ...hs256, crit: ['x'], x: 1 }, { sub: 'mia', exp: seconds() + 99 }),
    ],
    ['a token for another purpose', () => foreignToken({ sub: 'mia' }, { typ: 'logout+jwt' })],
    ['no sub', () => foreignToken({ name: 'Mia' })],
    ['a sub that is a number', () => foreignToken({ sub: 5 })],
    ['a sub from the prototype', () => handMade(hs256, `{"exp":${seconds() + 99},"__proto__":{"sub":"mia"}}`)],
    ['a very long one', () => foreignToken({ sub: 'mia', note: 'x'.repeat(10_000) })],
  ])('%s', async (_what, make) => {
    const token = await make();
    await expect(identity.authenticate(token)).rejects.toMatchObject({ name: 'ChatError', code: 'unauthorized' });
  });

  test.each(['Mia', 'm', 'a b', 'x:y', '한글', 'a'.repeat(65), "'; drop table users", 'm\0ia', ''])(
    'sub %j is no id',
    async (sub) => {
      await expect(identity.authenticate(await foreignToken({ sub }))).rejects.toMatchObject({ code: 'unauthorized' });
    },
  );

  test('a kid is never looked for', async () => {
    const token = handMade({ ...hs256, kid: '../../../../dev/null' }, { sub: 'mia', exp: seconds() + 99 });
    await expect(identity.authenticate(token)).resolves.toMatchObject({ userId: 'mia' });
  });
});
