import { afterEach, describe, expect, it } from 'vitest';
import type { Verdict } from '@chat/history-checker';
import { createAccounts } from './accounts/create-accounts.ts';
import { LoadRunError } from './load-run-error.ts';
import { LoadRun } from './load-run.ts';
import { type LoadResult, mergeResults } from './merge-results.ts';
import type { Options } from './options/options.ts';
import { type ServiceFaults, SmallChatService } from './testing/small-chat-service.ts';

const NO_VERDICT = { lost: 0, doubled: 0, reordered: 0, gap: 0, conflicting: 0, foreign: 0, leaked: 0, altered: 0, unanswered: 0, contradicted: 0, rewound: 0, stale: 0 };

const services: SmallChatService[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});

async function serviceWith(faults: ServiceFaults = {}, servers = 2): Promise<{ service: SmallChatService; urls: string[] }> {
  const service = new SmallChatService(faults);
  services.push(service);
  const urls: string[] = [];
  for (let index = 0; index < servers; index++) urls.push(await service.listen());
  return { service, urls };
}

function options(urls: readonly string[], changed: Partial<Options> = {}): Options {
  return {
    scenario: 'direct', urls, users: 6, rate: 200, duration: 500, warmup: 0, drain: 3_000, arrivals: 'constant', peers: 4, members: 6, joinRate: 1_000, connectRate: 1_000, missed: 100, syncs: 1, textLength: 40,
    seed: 1, processes: [], jwtSecret: 'a secret of thirty-two bytes and more', jsonFile: undefined, workers: 1, run: 'test', ...changed,
  };
}

/** Runs a load, with `meanwhile` at half of its messages. */
async function run(options: Options, meanwhile?: () => void): Promise<LoadResult> {
  const load = new LoadRun(options, createAccounts(options));
  try {
    await load.connect();
    const half = (options.rate * options.duration) / 2_000;
    const watch = setInterval(() => {
      if (load.progress().acknowledged < half) return;
      clearInterval(watch);
      meanwhile?.();
    }, 5);
    return mergeResults([await load.load()]);
  } finally {
    await load.leave();
  }
}

/** Once, at the delivery with this number. */
function at<T>(number: number, fault: T): (count: number) => T | undefined {
  return (count) => (count === number ? fault : undefined);
}

describe('against a service without fault', () => {
  it('sends what was asked for, gets all of it, and finds nothing wrong', async () => {
    const { service, urls } = await serviceWith();
    const result = await run(options(urls));
    expect(result).toMatchObject({ planned: 100, sent: 100, resent: 0, acknowledged: 100, measured: 100, arrived: 100, echoes: 100, reconnects: 0, away: 0, unfinished: 0 });
    expect(result.verdicts).toEqual(NO_VERDICT);
    expect(result.usersOnServer).toEqual({ server1: 3, server2: 3 });
    expect(service.entries).toHaveLength(100);
    const [same, cross] = [result.latencies.summary('sameServer'), result.latencies.summary('crossServer')];
    expect(same.count + cross.count).toBe(100);
    expect(Math.min(same.count, cross.count)).toBeGreaterThan(20);
    expect(result.latencies.summary('receipt').count).toBe(100);
  });

  it('counts a warm-up in no latency', async () => {
    const { urls } = await serviceWith();
    const result = await run(options(urls, { warmup: 251 }));
    expect(result).toMatchObject({ sent: 100, arrived: 100, measured: 50 });
    expect(result.latencies.summary('receipt').count).toBe(50);
  });

  it('sends at Poisson times, as many as the rate on average', async () => {
    const { urls } = await serviceWith();
    const result = await run(options(urls, { arrivals: 'poisson', rate: 1_000 }));
    expect(result.planned).toBeGreaterThan(400);
    expect(result.planned).toBeLessThan(600);
    expect(result.verdicts).toEqual(NO_VERDICT);
  });

  it('makes texts of the length that was asked for', async () => {
    const { service, urls } = await serviceWith();
    await run(options(urls, { textLength: 300, duration: 100 }));
    expect(new Set(service.entries.map((entry) => entry.message.length))).toEqual(new Set([300]));
  });

  it('lets a room of more members than users have everything at everyone who is there', async () => {
    const { service, urls } = await serviceWith();
    const result = await run(options(urls, { scenario: 'room', members: 40, rate: 50 }));
    expect(result).toMatchObject({ planned: 25, acknowledged: 25, arrived: 25 * 5, echoes: 25, measuredDeliveries: 25 * 6, away: 0, unfinished: 0 });
    expect(result.verdicts).toEqual(NO_VERDICT);
    expect(new Set(service.entries.map(({ seq }) => seq))).toEqual(new Set(Array.from({ length: 25 }, (_, index) => 41 + index)));
  });

  it('sends no more once it is stopped', async () => {
    const { urls } = await serviceWith();
    const load = new LoadRun(options(urls, { duration: 600_000 }), createAccounts(options(urls)));
    await load.connect();
    const loaded = load.load();
    load.stop();
    expect((await loaded).verdicts).toEqual(NO_VERDICT);
    await load.leave();
  });
});

describe('a planted fault is reported as exactly what it is', () => {
  it.each<[string, ServiceFaults, Partial<Record<Verdict, number>>]>([
    ['dropped', { delivery: at(60, 'drop') }, { lost: 1 }],
    ['doubled', { delivery: at(60, 'double') }, { doubled: 1 }],
    ['swapped with the next', { delivery: at(60, 'hold') }, { reordered: 1 }],
  ])('%s', async (_, faults, verdict) => {
    const { urls } = await serviceWith(faults);
    // Few people, so that the conversation goes on after the fault.
    const result = await run(options(urls, { users: 3, peers: 2 }));
    expect(result.verdicts).toEqual({ ...NO_VERDICT, ...verdict });
    expect(result.offences).toHaveLength(1);
    expect(result.offences[0]?.key).toMatch(/^load-test-\d-\d+$/);
  });

  it('a send stored twice because its clientId is forgotten', async () => {
    const { urls } = await serviceWith({ send: at(50, 'cut-after-storing'), forgetsClientIds: true });
    const result = await run(options(urls));
    // Whatever else was on its way over the cut connection is sent again, and so stored again, as well.
    const { doubled } = result.verdicts;
    expect(result.verdicts).toEqual({ ...NO_VERDICT, doubled });
    expect(doubled).toBeGreaterThanOrEqual(1);
    expect(doubled).toBeLessThanOrEqual(result.resent);
  });

  it('a refusal is counted by its code, and is nothing wrong', async () => {
    const { service, urls } = await serviceWith({ send: at(50, 'refuse') });
    const result = await run(options(urls));
    expect(result).toMatchObject({ sent: 100, acknowledged: 99, arrived: 99, refused: { unavailable: 1 }, verdicts: NO_VERDICT });
    expect(service.entries).toHaveLength(99);
  });
});

describe('connections that break', () => {
  it.each(['cut-before-storing', 'cut-after-storing'] as const)('a send whose connection was %s goes again with the same clientId', async (fault) => {
    const { service, urls } = await serviceWith({ send: at(50, fault) });
    const result = await run(options(urls));
    expect(result).toMatchObject({ sent: 100, acknowledged: 100, arrived: 100, reconnects: 1, away: 0, unfinished: 0, verdicts: NO_VERDICT });
    expect(result.resent).toBeGreaterThanOrEqual(1);
    expect(service.entries).toHaveLength(100);
  });

  it('all are cut: everyone comes back and misses nothing', async () => {
    const { service, urls } = await serviceWith();
    const result = await run(options(urls, { users: 20, rate: 1_000 }), () => service.cutConnections());
    expect(result).toMatchObject({ sent: 500, acknowledged: 500, reconnects: 20, away: 0, unfinished: 0, verdicts: NO_VERDICT });
    expect(service.entries).toHaveLength(500);
  });

  it('a server dies: its users go to the other one', async () => {
    const { service, urls } = await serviceWith();
    const result = await run(options(urls, { users: 20, rate: 1_000 }), () => service.kill(1));
    expect(result).toMatchObject({ sent: 500, acknowledged: 500, away: 0, unfinished: 0, verdicts: NO_VERDICT });
    expect(result.reconnects).toBeGreaterThanOrEqual(10);
    expect(service.entries).toHaveLength(500);
  });

  it('all servers die: users who are away at the end, and their sends, are told', async () => {
    const { service, urls } = await serviceWith();
    const result = await run(options(urls), () => [1, 2].forEach((number) => service.kill(number)));
    expect(result.away).toBe(6);
    expect(result.awayBecause).toContain('ECONNREFUSED');
    expect(result.unfinished).toBeGreaterThan(0);
  });
});

describe('a load that cannot be run says what to do', () => {
  it('where nothing answers', async () => {
    const { service, urls } = await serviceWith({}, 1);
    await service.close();
    const failure = run(options(urls));
    await expect(failure).rejects.toBeInstanceOf(LoadRunError);
    await expect(failure).rejects.toThrow(/^nothing answers at ws:.*ECONNREFUSED.*start a server/);
  });

  it('where tokens are refused', async () => {
    const { urls } = await serviceWith({ refusesTokens: true });
    await expect(run(options(urls))).rejects.toThrow(/refused the token \(the signature is wrong\): JWT_SECRET/);
  });
});
