import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  createWorkFolder,
  ensureInstalled,
  freePort,
  startNginx,
  startPostgres,
  startRabbitmq,
  startRedis,
  typescriptRuntime,
  type NginxService,
  type RabbitmqService,
  type Service,
} from '@chat/services';
import { ClusterServerProcess, type ClusterServer, type ServerCommand } from './cluster-server.ts';
import { nginxFiles } from './nginx-configuration.ts';

export type ClusterOptions = {
  readonly servers: number;
  /** nginx's port; by default a free one. */
  readonly port?: number;
  /** For every chat server, over this process's own environment; the addresses of the services are the cluster's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told what goes on, a line at a time; nobody by default. */
  readonly log?: (line: string) => void;
  /** Another program in place of the built chat server. */
  readonly serverCommand?: ServerCommand;
};

export type ClusterServices = {
  readonly rabbitmq: RabbitmqService;
  readonly redis: Service;
  readonly postgres: Service;
  readonly nginx: NginxService;
};

/** Chat servers behind nginx, and real services, all of them private to this cluster and on 127.0.0.1. */
export interface Cluster {
  /** Where clients connect: nginx. */
  readonly url: string;
  readonly servers: readonly ClusterServer[];
  readonly services: ClusterServices;
  readonly jwtSecret: string;
  /** Has the servers' logs; removed by `stop`. */
  readonly dir: string;
  /** Stops everything and leaves nothing behind. */
  stop(): Promise<void>;
}

type End = () => Promise<unknown>;

/** Starts a cluster and resolves when all of it is ready. Where a part fails, the rest is stopped again. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const ends: End[] = [];
  try {
    return await startParts(options, ends);
  } catch (error) {
    await endAll(ends);
    throw error;
  }
}

async function startParts(options: ClusterOptions, ends: End[]): Promise<Cluster> {
  const log = options.log ?? (() => undefined);
  await ensureInstalled(['rabbitmq', 'redis', 'nginx'], { log });
  const folder = createWorkFolder('cluster');
  ends.push(() => Promise.resolve(folder.remove()));

  log('starting RabbitMQ, Redis and PostgreSQL');
  const [rabbitmq, redis, postgres] = await allStarted(ends, [
    startRabbitmq(),
    startRedis(),
    startPostgres({ settings: { max_connections: String(100 + 50 * options.servers) } }),
  ]);

  const jwtSecret = randomBytes(32).toString('hex');
  const env = {
    ...inheritedEnvironment(),
    TRUST_PROXY: 'loopback', // nginx is the only one in front of them
    ...options.env,
    RABBITMQ_URL: rabbitmq.url,
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    JWT_SECRET: jwtSecret,
  };
  const program = options.serverCommand ?? builtChatServer();
  const servers = await placeServers(options.servers, { dir: folder.path, program, env, log });

  log(`starting nginx and ${servers.length === 1 ? 'server1' : `server1 to server${servers.length}`}`);
  ends.push(() => Promise.all(servers.map((server) => server.stop())));
  await Promise.all(servers.map((server) => server.launch()));
  // Last, so that it is the first to go: without clients the servers have nothing to drain.
  const [nginx] = await allStarted(ends, [
    startNginx({ port: options.port, files: nginxFiles(servers.map(({ port }) => port)) }),
  ]);
  return {
    url: nginx.url,
    servers,
    services: { rabbitmq, redis, postgres, nginx },
    jwtSecret,
    dir: folder.path,
    stop: () => endAll(ends),
  };
}

async function placeServers(
  count: number,
  common: Omit<ConstructorParameters<typeof ClusterServerProcess>[0], 'id' | 'port' | 'metricsPort'>,
): Promise<ClusterServerProcess[]> {
  const ids = Array.from({ length: count }, (_, index) => `server${index + 1}`);
  return Promise.all(
    ids.map(async (id) => {
      const [port, metricsPort] = await Promise.all([freePort(), freePort()]);
      return new ClusterServerProcess({ ...common, id, port, metricsPort });
    }),
  );
}

/** Waits for all starts, also where one of them fails: those that succeed have to be ended. */
async function allStarted<Started extends readonly Service[]>(
  ends: End[],
  starts: { readonly [Index in keyof Started]: Promise<Started[Index]> },
): Promise<Started> {
  const outcomes = await Promise.allSettled<Service>(starts);
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  ends.push(() => Promise.all(started.map((service) => service.stop())));
  return Promise.all(starts);
}

/** The last that was started ends first. One that cannot end does not keep the others from it. */
async function endAll(ends: End[]): Promise<void> {
  const failures: unknown[] = [];
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    await end().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything of the cluster could be stopped.');
}

/** Secrets and addresses may come as files too (`JWT_SECRET_FILE`): those of the caller are not the cluster's. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const own = /^(RABBITMQ_URL|REDIS_URL|DATABASE_URL|JWT_SECRET)_FILE$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

function builtChatServer(): ServerCommand {
  const main = fileURLToPath(new URL('../../../apps/chat-server/dist/main.js', import.meta.url));
  return { command: typescriptRuntime(), args: ['--enable-source-maps', main] };
}
