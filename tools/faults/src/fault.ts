import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, ClusterServer } from '@chat/cluster';
import { Redis } from 'ioredis';

/** Something that goes wrong in a running cluster, and ends again. */
export type Fault = {
  readonly name: string;
  readonly says: string;
  /** Resolves when the fault is over and everything runs again. */
  inject(cluster: Cluster): Promise<void>;
};

/** Every fault that a run can choose from, by name. */
export const faults: readonly Fault[] = [
  {
    name: 'server-killed',
    says: 'kill -9 of a chat server, which comes back',
    inject: async (cluster) => {
      const server = await busiest(cluster);
      await server.stop('SIGKILL');
      await delay(1_000);
      await server.start();
    },
  },
  {
    name: 'server-drained',
    says: 'SIGTERM of a chat server, which comes back',
    inject: async (cluster) => {
      const server = await busiest(cluster);
      await server.stop('SIGTERM');
      await server.start();
    },
  },
  {
    name: 'server-paused',
    says: 'SIGSTOP of a chat server until its lease has run out, then SIGCONT',
    inject: async (cluster) => {
      const server = await busiest(cluster);
      await server.kill('SIGSTOP');
      await delay(10_000);
      await server.kill('SIGCONT');
    },
  },
  {
    name: 'rabbitmq-restarted',
    says: 'RabbitMQ killed and started again',
    inject: async ({ services: { rabbitmq } }) => {
      await rabbitmq.kill('SIGKILL');
      await delay(1_000);
      await rabbitmq.start();
    },
  },
  {
    name: 'rabbitmq-queue-deleted',
    says: "a server's queue deleted",
    inject: async (cluster) => {
      await cluster.services.rabbitmq.ctl('delete_queue', `chat.queue.${(await busiest(cluster)).id}`);
    },
  },
  {
    name: 'rabbitmq-alarm',
    says: "RabbitMQ's memory alarm blocks publishers for some seconds",
    inject: async ({ services: { rabbitmq } }) => {
      await rabbitmq.ctl('set_vm_memory_high_watermark', 'absolute', '1MB');
      await delay(5_000);
      await rabbitmq.ctl('set_vm_memory_high_watermark', 'absolute', '1GB');
    },
  },
  {
    name: 'redis-flushed',
    says: 'Redis loses everything it holds',
    inject: async ({ services: { redis } }) => {
      const client = new Redis(redis.url);
      await client.flushall();
      client.disconnect();
    },
  },
  {
    name: 'redis-restarted',
    says: 'Redis killed and started again, empty',
    inject: async ({ services: { redis } }) => {
      await redis.kill('SIGKILL');
      await delay(3_000);
      await redis.start();
    },
  },
  {
    name: 'postgres-restarted',
    says: 'PostgreSQL restarted, its connections cut in the middle of commits',
    inject: async ({ services: { postgres } }) => {
      await postgres.kill('SIGKILL');
      await delay(500);
      await postgres.start();
    },
  },
  {
    name: 'nginx-restarted',
    says: 'nginx restarted',
    inject: ({ services: { nginx } }) => nginx.restart(),
  },
];

/** The server with the most sessions: a fault where nobody is shows nothing. */
async function busiest(cluster: Cluster): Promise<ClusterServer> {
  const sessions = await Promise.all(cluster.servers.map(async (server) => ({ server, count: await sessionsOf(server) })));
  const [first] = sessions.sort((a, b) => b.count - a.count);
  if (first === undefined) throw new Error('The cluster has no server.');
  return first.server;
}

async function sessionsOf(server: ClusterServer): Promise<number> {
  const text = await (await fetch(server.metricsUrl)).text();
  return Number(/^chat_sessions (\d+)/m.exec(text)?.[1] ?? 0);
}
