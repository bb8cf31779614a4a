import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeJwt } from 'jose';
import { DatabaseClock } from './database-clock.ts';
import { foreignToken, IdentityFixture } from './identity.fixture.ts';

let fixture: IdentityFixture;
beforeAll(async () => {
  fixture = await IdentityFixture.start();
});
afterAll(() => fixture.stop());

const MINUTES = 60_000;

test("it is the database's time, within the round trip", async () => {
  const pool = fixture.pool();
  const clock = new DatabaseClock(pool);
  expect(() => clock.now()).toThrow();
  await clock.measure();
  const before = clock.now();
  const { rows } = await pool.query<{ now: number }>('select now_ms() as now');
  const after = clock.now();
  const asked = rows[0]?.now ?? 0;
  // now_ms() cuts off parts of a millisecond, and so does rounding.
  const off = clock.uncertaintyMs + 2;
  expect(asked).toBeGreaterThanOrEqual(before - off);
  expect(asked).toBeLessThanOrEqual(after + off);
});

test("tokens live by it, however far this machine's clock is from it", async () => {
  const pool = fixture.pool();
  await pool.query(`create or replace function now_ms() returns bigint language sql volatile as
    $$ select (extract(epoch from clock_timestamp()) * 1000)::bigint - 600000 $$`);
  const identity = await fixture.identity({ ACCESS_TOKEN_SECONDS: '60' });
  expect(Math.abs(identity.now() + 10 * MINUTES - Date.now())).toBeLessThan(1 * MINUTES);
  const { accessToken } = await identity.register({ id: 'anna', password: 'correct horse' });
  expect((decodeJwt(accessToken).exp ?? 0) * 1000).toBeLessThan(Date.now() - 8 * MINUTES);
  await expect(identity.authenticate(accessToken)).resolves.toMatchObject({ userId: 'anna' });
  const endedFiveMinutesAgoHere = Math.floor((Date.now() - 5 * MINUTES) / 1000);
  await expect(
    identity.authenticate(await foreignToken({ sub: 'anna', exp: endedFiveMinutesAgoHere })),
  ).resolves.toBeDefined();
});
