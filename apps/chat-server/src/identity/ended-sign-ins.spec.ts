import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Identity } from './identity.ts';
import { foreignToken, IdentityFixture } from './identity.fixture.ts';

let fixture: IdentityFixture;
let here: Identity;
let there: Identity;
/** What the second server was told of. */
const told: string[] = [];
/** A server that signs out has the answer after 2 s on every other; the rest is for a busy machine. */
const SEEN = { timeout: 4_000, interval: 20 };

beforeAll(async () => {
  fixture = await IdentityFixture.startWithPostgres();
  here = await fixture.identity();
  there = await fixture.identity();
  there.watchEndedSignIns((signIns) => told.push(...signIns));
  await here.register({ id: 'anna', password: 'correct horse' });
});
afterAll(() => fixture.stop());

async function signIn(): Promise<{ signIn: string; userId: string; end(): Promise<void> }> {
  const { accessToken } = await here.login('anna', 'correct horse');
  const principal = await here.authenticate(accessToken);
  return { signIn: principal.signIn, userId: principal.userId, end: () => here.logout(principal) };
}

test('a sign-out on one server is told on another, once', async () => {
  const mine = await signIn();
  const other = await signIn();
  expect(there.hasEnded(mine)).toBe(false);
  await mine.end();
  await expect.poll(() => told, SEEN).toContain(mine.signIn);
  expect(there.hasEnded(mine)).toBe(true);
  await other.end();
  await expect.poll(() => told, SEEN).toContain(other.signIn);
  expect(told).toEqual([mine.signIn, other.signIn]);
});

test('the end of a token made elsewhere is told too', async () => {
  const principal = await here.authenticate(await foreignToken({ sub: 'mia' }));
  await here.logout(principal);
  await expect.poll(() => told, SEEN).toContain(principal.signIn);
});

test('one that is committed late is not missed for those that came after it', async () => {
  const late = await signIn();
  const client = await fixture.pool().connect();
  await client.query('begin');
  await client.query('update sign_ins set ended_at = now_ms(), ended_in = pg_current_xact_id() where sid = $1', [
    late.signIn,
  ]);
  const count = told.length;
  for (let n = 1; n <= 3; n++) {
    const quick = await signIn();
    await quick.end();
    await expect.poll(() => told, SEEN).toHaveLength(count + n);
  }
  expect(told).not.toContain(late.signIn);
  await client.query('commit');
  client.release();
  await expect.poll(() => told, SEEN).toContain(late.signIn);
  expect(told).toHaveLength(count + 4);
});

test('a listener that throws is told again', async () => {
  const watched: string[] = [];
  let failures = 1;
  const watch = here.watchEndedSignIns((signIns) => {
    if (failures-- > 0) throw new Error('not now');
    watched.push(...signIns);
  });
  const mine = await signIn();
  await mine.end();
  await expect.poll(() => watched, SEEN).toContain(mine.signIn);
  watch.stop();
});

test('an outage of PostgreSQL delays and loses nothing, and is logged once', async () => {
  const before = await signIn();
  const during = await signIn();
  const logged = fixture.log.lines.length;
  await before.end();
  await fixture.postgres.kill('SIGKILL');
  await expect.poll(() => linesSince(logged, 'ended sign-ins cannot be read'), SEEN).toHaveLength(1);
  await expect(here.login('anna', 'correct horse')).rejects.toMatchObject({ code: 'unavailable' });
  await fixture.postgres.start();
  await expect
    .poll(
      () =>
        during.end().then(
          () => 'ended',
          () => 'away',
        ),
      { timeout: 20_000 },
    )
    .toBe('ended');
  await expect.poll(() => told, { timeout: 20_000 }).toEqual(expect.arrayContaining([before.signIn, during.signIn]));
  expect(linesSince(logged, 'ended sign-ins cannot be read')).toHaveLength(1);
  expect(linesSince(logged, 'ended sign-ins can be read again')).toHaveLength(1);
}, 60_000);

function linesSince(start: number, message: string): string[] {
  return fixture.log.lines
    .slice(start)
    .map((line) => line.message)
    .filter((text) => text.startsWith(message));
}
