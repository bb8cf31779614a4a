import type { Cluster } from '@chat/cluster';

/** A chat server that the tests do not own, and may only look at. */
export type RunningServer = {
  readonly id: string;
  /** Past nginx, straight to it. */
  readonly url: string;
  readonly metricsUrl: string;
};

/** The cluster that all tests share, as far as they may know it: who wants to break one starts its own. */
export type RunningCluster = {
  /** nginx. */
  readonly url: string;
  readonly server1: RunningServer;
  readonly server2: RunningServer;
  readonly rabbitmqUrl: string;
  readonly jwtSecret: string;
};

/** Playwright's workers are processes of their own; what the global set-up leaves them is the environment. */
const VARIABLE = 'E2E_CLUSTER';

export function announceCluster(cluster: Cluster): void {
  const [server1, server2] = cluster.servers.map(({ id, url, metricsUrl }) => ({ id, url, metricsUrl }));
  if (server1 === undefined || server2 === undefined) throw new Error('The tests need a cluster of two servers.');
  const { url, jwtSecret, services } = cluster;
  const running: RunningCluster = { url, server1, server2, rabbitmqUrl: services.rabbitmq.url, jwtSecret };
  process.env[VARIABLE] = JSON.stringify(running);
}

export function runningCluster(): RunningCluster {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('There is no cluster: the global set-up of the tests starts it.');
  return JSON.parse(text) as RunningCluster; // `announceCluster` wrote it
}
