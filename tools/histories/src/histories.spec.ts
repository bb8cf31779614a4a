import { type Cluster, startCluster } from '@chat/cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeFailure, explore, SERVERS } from './explore.ts';

// The short form of `npm run histories`: ten histories, another ten each time.
let cluster: Cluster;
const seed = Math.floor(Math.random() * 2 ** 31);

beforeAll(async () => {
  cluster = await startCluster({ servers: 3, env: SERVERS });
});

afterAll(async () => {
  await cluster?.stop();
});

test(`ten random histories from seed ${seed} on: nothing lost, doubled, reordered, leaked or miscounted`, async () => {
  const size = { clients: 50, servers: 3, rooms: 4, steps: 150 };
  const { failure, histories, delivered } = await explore(cluster, { size, seed, runs: 10, shrinkBudget: 20, log: () => undefined });
  expect(failure === undefined ? '' : describeFailure(failure)).toBe('');
  expect(histories).toBe(10);
  // Histories in which nothing happens would show nothing.
  expect(delivered).toBeGreaterThan(1_000);
});
