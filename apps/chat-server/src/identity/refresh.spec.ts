import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from 'pg';
import type { Identity } from './identity.ts';
import { IdentityFixture } from './identity.fixture.ts';
import { refreshTokenHash } from './refresh-token.ts';
import { SignIns } from './sign-ins.ts';

let fixture: IdentityFixture;
let identity: Identity;
let pool: Pool;

beforeAll(async () => {
  fixture = await IdentityFixture.start();
  identity = await fixture.identity();
  pool = fixture.pool();
  await identity.register({ id: 'anna', password: 'correct horse' });
});
afterAll(() => fixture.stop());

const refused = { code: 'unauthorized' };
const signIn = (): ReturnType<Identity['login']> => identity.login('anna', 'correct horse');

/** As if the token had been used that long ago. */
async function ageUse(refreshToken: string, ms: number): Promise<void> {
  const { rowCount } = await pool.query('update refresh_tokens set used_at = used_at - $2 where hash = $1', [
    refreshTokenHash(refreshToken),
    ms,
  ]);
  expect(rowCount).toBe(1);
}

describe('a refresh token', () => {
  test('gives another pair of the same sign-in', async () => {
    const first = await signIn();
    const second = await identity.refresh(first.refreshToken);
    expect(second).toMatchObject({ user: { id: 'anna', displayName: 'anna' }, expiresIn: 3600 });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    const [before, after] = await Promise.all(
      [first, second].map(({ accessToken }) => identity.authenticate(accessToken)),
    );
    expect(after?.signIn).toBe(before?.signIn);
  });

  test('used twice within 10 s gives two pairs that both live on', async () => {
    const { refreshToken } = await signIn();
    const [one, two] = await Promise.all([identity.refresh(refreshToken), identity.refresh(refreshToken)]);
    expect(one.refreshToken).not.toBe(two.refreshToken);
    await ageUse(refreshToken, 9_000);
    await expect(identity.refresh(refreshToken)).resolves.toBeDefined();
    await expect(identity.refresh(one.refreshToken)).resolves.toBeDefined();
    await expect(identity.refresh(two.refreshToken)).resolves.toBeDefined();
  });

  test('used again later ends the family, access tokens included', async () => {
    const { refreshToken, accessToken } = await signIn();
    const next = await identity.refresh(refreshToken);
    await ageUse(refreshToken, 10_001);
    await expect(identity.refresh(refreshToken)).rejects.toMatchObject(refused);
    await expect(identity.refresh(next.refreshToken)).rejects.toMatchObject(refused);
    for (const token of [accessToken, next.accessToken])
      await expect(identity.authenticate(token)).rejects.toMatchObject(refused);
  });

  test('does not prolong the grace by being used again', async () => {
    const { refreshToken } = await signIn();
    await identity.refresh(refreshToken);
    await ageUse(refreshToken, 6_000);
    await identity.refresh(refreshToken);
    await ageUse(refreshToken, 6_000);
    await expect(identity.refresh(refreshToken)).rejects.toMatchObject(refused);
  });

  test('ends with the sign-in, and leaves others alone', async () => {
    const [mine, others] = await Promise.all([signIn(), signIn()]);
    await identity.logout(await identity.authenticate(mine.accessToken));
    await expect(identity.refresh(mine.refreshToken)).rejects.toMatchObject(refused);
    await expect(identity.authenticate(mine.accessToken)).rejects.toMatchObject(refused);
    await expect(identity.refresh(others.refreshToken)).resolves.toBeDefined();
  });

  test('runs out, and each refresh puts that off', async () => {
    const { refreshToken } = await signIn();
    const { rows } = await pool.query<{ expires_at: number; now: number }>(
      'select expires_at, now_ms() as now from sign_ins join refresh_tokens using (sid) where hash = $1',
      [refreshTokenHash(refreshToken)],
    );
    expect(rows[0]?.expires_at).toBeGreaterThan((rows[0]?.now ?? Infinity) + 2_591_000_000);
    await pool.query('update sign_ins set expires_at = now_ms() + 5000');
    const { refreshToken: next } = await identity.refresh(refreshToken);
    await pool.query('update sign_ins set expires_at = now_ms() where expires_at < now_ms() + 10000');
    await expect(identity.refresh(next)).resolves.toBeDefined();
    await pool.query('update sign_ins set expires_at = now_ms()');
    await expect(identity.refresh(next)).rejects.toMatchObject(refused);
  });

  test.each(['', 'x', 'a\0b', "' or true --", 'A'.repeat(43), '한글'])('%j is none', async (token) => {
    await expect(identity.refresh(token)).rejects.toMatchObject(refused);
  });

  test('many uses at once, on two servers, of one that is used up: none gets through', async () => {
    const other = await fixture.identity();
    const { refreshToken } = await signIn();
    await identity.refresh(refreshToken);
    await ageUse(refreshToken, 60_000);
    const uses = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => (n % 2 ? identity : other).refresh(refreshToken)),
    );
    expect(uses.every((use) => use.status === 'rejected')).toBe(true);
  });
});

test('sign-ins that nobody can use any more are deleted, some at a time', async () => {
  await Promise.all(Array.from({ length: 5 }, signIn));
  await pool.query('update sign_ins set expires_at = now_ms() - 86400000 - 1000');
  const { refreshToken } = await signIn();
  const signIns = new SignIns(pool, 60);
  const { rows } = await pool.query<{ n: number }>('select count(*) as n from sign_ins');
  const old = (rows[0]?.n ?? 0) - 1;
  expect(await signIns.deleteOld(3)).toBe(3);
  expect(await signIns.deleteOld(1000)).toBe(old - 3);
  expect(await signIns.deleteOld(1000)).toBe(0);
  await expect(identity.refresh(refreshToken)).resolves.toBeDefined();
});
