import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChatError } from '@chat/protocol';
import type { Pool } from 'pg';
import type { Identity } from './identity.ts';
import { IdentityFixture } from './identity.fixture.ts';
import { Passwords } from './passwords.ts';

let fixture: IdentityFixture;
let identity: Identity;
let pool: Pool;

beforeAll(async () => {
  fixture = await IdentityFixture.start();
  identity = await fixture.identity();
  pool = fixture.pool();
});
afterAll(() => fixture.stop());

const PASSWORD = 'correct horse';

describe('registering', () => {
  test('makes a user who is signed in at once', async () => {
    const signedIn = await identity.register({ id: 'anna', password: PASSWORD, displayName: 'Anna' });
    expect(signedIn).toMatchObject({ user: { id: 'anna', displayName: 'Anna' }, expiresIn: 3600 });
    const principal = await identity.authenticate(signedIn.accessToken);
    expect(principal).toMatchObject({
      userId: 'anna',
      displayName: 'Anna',
      signIn: expect.stringMatching(/^si_/) as string,
    });
    expect(principal.device).toBe(principal.signIn);
    expect(principal.expiresAt).toBeGreaterThan(identity.now() + 3_590_000);
    expect(principal.expiresAt).toBeLessThanOrEqual(identity.now() + 3_600_000);
  });

  test('what a person types as id is lower-cased, and stands for the name where none is given', async () => {
    const { user } = await identity.register({ id: ' Ben.Two ', password: PASSWORD });
    expect(user).toEqual({ id: 'ben.two', displayName: 'ben.two' });
    await expect(identity.login('BEN.two ', PASSWORD)).resolves.toMatchObject({ user });
  });

  test('a taken id is a conflict, also for two at the same moment', async () => {
    await expect(identity.register({ id: 'Anna', password: PASSWORD })).rejects.toMatchObject({ code: 'conflict' });
    const both = await Promise.allSettled([1, 2].map(() => identity.register({ id: 'twice', password: PASSWORD })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
    const { rows } = await pool.query('select 1 from sign_ins join users using (user_no) where id = $1', ['twice']);
    expect(rows).toHaveLength(1);
  });

  test.each(['a', '-a', 'a-', 'a b', 'a:b', 'ä1', 'a'.repeat(65), "a';--", 'a\0b', '../etc'])(
    '%j is no id',
    async (id) => {
      await expect(identity.register({ id, password: PASSWORD })).rejects.toMatchObject({ code: 'bad-request' });
    },
  );

  test('a server may be closed to it', async () => {
    const closed = await fixture.identity({ REGISTRATION: 'closed' });
    await expect(closed.register({ id: 'carl', password: PASSWORD })).rejects.toMatchObject({ code: 'forbidden' });
  });

  test("the database holds neither password nor refresh token, and a hash at OWASP's parameters", async () => {
    const { refreshToken } = await identity.register({ id: 'dora', password: PASSWORD });
    const { rows } = await pool.query<{ hash: string; all: string }>(
      `select password_hash as hash, concat(u, s, t) as all
       from users u join sign_ins s using (user_no) join refresh_tokens t using (sid) where u.id = 'dora'`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(rows[0]?.all).not.toContain(PASSWORD);
    expect(rows[0]?.all).not.toContain(refreshToken);
  });
});

describe('signing in by password', () => {
  const refusals = async (attempts: readonly [string, string][]): Promise<unknown[]> =>
    Promise.all(attempts.map(([id, password]) => identity.login(id, password).catch((error: unknown) => error)));

  test('a wrong password, an unknown id, what is no id, and a user of another issuer get the same answer', async () => {
    await pool.query(`insert into users (id, display_name, search_name) values ('elsewhere', 'E', 'e')`);
    const [first, ...others] = await refusals([
      ['anna', 'wrong horse'],
      ['nobody', PASSWORD],
      ["' or 1=1 --", PASSWORD],
      ['a\0b', PASSWORD],
      ['elsewhere', PASSWORD],
    ]);
    expect(first).toBeInstanceOf(ChatError);
    expect(first).toMatchObject({ code: 'unauthorized', message: 'The id or the password is wrong.' });
    for (const other of others) expect(other).toEqual(first);
  });

  test('costs a hash whether or not the user is known', async () => {
    let checks = 0;
    class CountingPasswords extends Passwords {
      override async matches(password: string, hash: string | null | undefined): Promise<boolean> {
        checks++;
        return super.matches(password, hash);
      }
    }
    const counted = await fixture.identity({}, { passwords: new CountingPasswords() });
    for (const id of ['anna', 'nobody', '?']) await counted.login(id, 'wrong horse').catch(() => undefined);
    expect(checks).toBe(3);
  });

  test('CONNECT by password gives a principal without a device, which lasts a day', async () => {
    const principal = await identity.authenticateByPassword('Anna', PASSWORD);
    expect(principal).toMatchObject({
      userId: 'anna',
      device: undefined,
      signIn: expect.stringMatching(/^pw_/) as string,
    });
    expect(principal.expiresAt - identity.now()).toBeGreaterThan(86_390_000);
    expect(principal.expiresAt - identity.now()).toBeLessThan(2 ** 31);
    await expect(identity.authenticateByPassword('anna', '')).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('a password stays the same however the keyboard composed it', async () => {
    await identity.register({ id: 'hangul', password: '비밀번호여덟자리'.normalize('NFD') });
    await expect(identity.login('hangul', '비밀번호여덟자리'.normalize('NFC'))).resolves.toBeDefined();
  });
});

describe('names', () => {
  test.each([
    "'); drop table users; --",
    '<img src=x onerror=alert(1)>',
    '👩‍👩‍👧 가나다',
    '%_\\',
    '\u202Egnp.exe',
    '{"__proto__":1}',
  ])('%j is kept as it is', async (displayName) => {
    const principal = await identity.authenticateByPassword('anna', PASSWORD);
    await expect(identity.changeProfile(principal, { displayName: displayName })).resolves.toEqual({ id: 'anna', displayName, readReceipts: true });
    await expect(identity.user('anna')).resolves.toEqual({ id: 'anna', displayName });
    await expect(identity.findUsers(displayName.slice(0, 3))).resolves.toContainEqual({ id: 'anna', displayName });
  });

  test.each(['a\0b', 'a\ud800'])('%j cannot be kept and is refused', async (displayName) => {
    const principal = await identity.authenticateByPassword('anna', PASSWORD);
    await expect(identity.changeProfile(principal, { displayName: displayName })).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('finding users', () => {
  beforeAll(async () => {
    await pool.query(
      `insert into users (id, display_name, search_name)
       select 'find.' || lpad(n::text, 2, '0'), 'Élodie ' || n, 'élodie ' || n from generate_series(1, 30) n`,
    );
  });

  test('by the beginning of id or name, 20 at most, by id', async () => {
    const byId = await identity.findUsers('find.');
    expect(byId.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, n) => `find.${String(n + 1).padStart(2, '0')}`),
    );
    expect(await identity.findUsers('ÉLODIE 3')).toEqual([
      { id: 'find.03', displayName: 'Élodie 3' },
      { id: 'find.30', displayName: 'Élodie 30' },
    ]);
    expect(await identity.findUsers('E\u0301lodie 7')).toHaveLength(1);
  });

  test('what means something in SQL is only text', async () => {
    for (const text of ['%', '_', "'", 'find_', '\\', '', '   ', '\0'])
      expect(await identity.findUsers(text)).toEqual([]);
  });

  test('a server may let only whole ids find someone', async () => {
    const exact = await fixture.identity({ USER_SEARCH: 'exact' });
    expect(await exact.findUsers('find.')).toEqual([]);
    expect(await exact.findUsers('Find.01')).toEqual([{ id: 'find.01', displayName: 'Élodie 1' }]);
  });

  test('nobody is found by what is no id', async () => {
    for (const id of ['nobody', '%', 'a\0b', '']) expect(await identity.user(id)).toBeUndefined();
  });
});
