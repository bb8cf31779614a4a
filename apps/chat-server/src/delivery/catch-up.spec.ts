import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreUnavailable, type MessageStore } from '../conversations/message-store.port.ts';
import { CatchUp } from './catch-up.ts';
import { newDeliveryCounts, type DeliveryCounts } from './delivery-counts.ts';
import { Feed } from './feed.ts';
import type { Gates } from './gates.ts';
import { RecordingSink } from './recording-sink.fixture.ts';
import { RoomReads } from './room-reads.ts';
import { gatesOn, ScriptedLog } from './scripted-log.fixture.ts';

const AB = 'direct:anna:ben';

describe('catch-up', () => {
  let log: ScriptedLog;
  let gates: Gates;
  let counts: DeliveryCounts;
  let sink: RecordingSink;
  let catchUp: CatchUp;
  let asked: (readonly number[])[];
  let failures: number;

  beforeEach(async () => {
    vi.useFakeTimers();
    log = new ScriptedLog();
    counts = newDeliveryCounts();
    gates = gatesOn(log, { counts });
    asked = [];
    failures = 0;
    const store = {
      lastSeqs: (userNos: readonly number[]) => {
        if (failures > 0) {
          failures--;
          return Promise.reject(new StoreUnavailable('away', true));
        }
        asked.push(userNos);
        return Promise.resolve([...log.entries.keys()].map((id) => ({ ...log.conversation(id), lastSeq: log.lastSeq(id), leftSeq: null })));
      },
    } as unknown as MessageStore; // nothing else is used
    catchUp = new CatchUp({ gates, store, counts, rooms: new RoomReads(log, () => undefined), onDefect: (error) => expect(error).toBeUndefined() });
    const user = gates.user(42, 'ben');
    sink = new RecordingSink();
    const feed = new Feed(user, log.source('ben'), log, gates, counts, sink);
    user.feeds.add(feed);
    feed.open({ kind: 'device' });
    await vi.advanceTimersByTimeAsync(100);
  });
  afterEach(() => {
    catchUp.stop();
    vi.useRealTimers();
  });

  test('[C1] asks by the users who are here, and so finds a conversation that nobody here has heard of', async () => {
    log.append(AB);
    log.append(AB);
    await catchUp.run();
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toEqual([[42]]);
    expect(sink.seen).toEqual([`${AB}/1`, `${AB}/2`]);
  });

  test('[C1] an occasion during a catch-up makes another one behind it', async () => {
    const first = catchUp.run();
    log.append(AB);
    const second = catchUp.run();
    await Promise.all([first, second]);
    await vi.advanceTimersByTimeAsync(500);
    expect(asked).toHaveLength(2);
    expect(sink.seen).toEqual([`${AB}/1`]);
  });

  test('[C1] waits for a store that is away', async () => {
    failures = 3;
    log.append(AB);
    const run = catchUp.run();
    await vi.advanceTimersByTimeAsync(3_000);
    await run;
    expect(sink.seen).toEqual([`${AB}/1`]);
  });

  test('[C1] what nobody noticed is found within 40 s, and counted', async () => {
    log.append(AB);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(sink.seen).toEqual([`${AB}/1`]);
    expect(counts.foundBySweep).toBe(1);
  });

  test('[C1] what a session that has not begun will read by itself is no finding', async () => {
    const user = gates.user(43, 'chloe');
    user.feeds.add(new Feed(user, log.source('chloe'), log, gates, counts, new RecordingSink()));
    for (let i = 0; i < 5; i++) log.append('direct:anna:chloe');
    await vi.advanceTimersByTimeAsync(40_000);
    expect([counts.foundBySweep, log.reads]).toEqual([0, []]);
  });
});
