import { startCluster } from '@chat/cluster';
import { TWO_SERVERS } from './cluster-options.ts';
import { announceCluster } from './running-cluster.ts';

/** One cluster for all tests: RabbitMQ, Redis, PostgreSQL, two chat servers, and nginx before them. */
export default async function setUp(): Promise<() => Promise<void>> {
  const cluster = await startCluster(TWO_SERVERS);
  announceCluster(cluster);
  return () => cluster.stop();
}
