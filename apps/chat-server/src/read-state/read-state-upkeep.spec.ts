import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import pg from 'pg';
import { createTestDatabase, openTestStore, type TestDatabase, type TestStore } from '../testing/test-database.ts';
import { ReadStateUpkeep } from './read-state-upkeep.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('upkeep of read state', () => {
  let database: TestDatabase;
  let store: TestStore;
  let pool: pg.Pool;
  let upkeep: ReadStateUpkeep | undefined;

  beforeAll(async () => {
    database = await createTestDatabase(inject('services').databaseUrl);
    store = openTestStore(database.url);
    pool = new pg.Pool({ connectionString: database.url, max: 1 });
  });
  afterEach(() => {
    upkeep?.close();
    vi.useRealTimers();
  });
  afterAll(async () => {
    await pool.end();
    await store.close();
    await database.drop();
  });

  const seenDaysAgo = (deviceNo: number, days: number) =>
    pool.query('update devices set seen_at = now_ms() - $2::bigint where device_no = $1', [deviceNo, days * DAY_MS]);
  const devicesOf = async (userNo: number): Promise<number[]> => {
    const { rows } = await pool.query<{ device_no: number }>('select device_no from devices where user_no = $1 order by 1', [userNo]);
    return rows.map((row) => row.device_no);
  };

  test('a device that was not seen for 90 days is forgotten within a minute, with its cursors; one of 89 days is not', async () => {
    const anna = await store.addUser('anna');
    const ben = await store.addUser('ben');
    const conversation = await store.store.openDirect(anna, ben.userId);
    if (conversation === undefined) throw new Error('no conversation');
    const old = await store.cursors.openDevice(anna.userNo, 'old');
    const rare = await store.cursors.openDevice(anna.userNo, 'rare');
    const present = await store.cursors.openDevice(anna.userNo, 'present');
    const cursors = async () => (await pool.query('select device_no from device_cursors where device_no = $1', [old])).rowCount;
    expect(await cursors()).toBe(1);
    await seenDaysAgo(old, 91);
    await seenDaysAgo(rare, 89);

    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const defects: unknown[] = [];
    upkeep = new ReadStateUpkeep(store.cursors, (defect) => defects.push(defect));
    vi.advanceTimersByTime(MINUTE_MS - 1);
    expect(await devicesOf(anna.userNo)).toEqual([old, rare, present]);
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    await expect.poll(() => devicesOf(anna.userNo), { timeout: 10_000 }).toEqual([rare, present]);
    expect(await cursors()).toBe(0);
    expect(defects).toEqual([]);
    // Coming back, it is a new device.
    expect(await store.cursors.openDevice(anna.userNo, 'old')).toBeGreaterThan(present);
  });
});
