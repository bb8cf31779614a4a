import type { Cluster } from './cluster.ts';

/** What runs where, for people. */
export function clusterTable(cluster: Cluster): string {
  const { rabbitmq, redis, postgres, nginx } = cluster.services;
  const rows: readonly (readonly [name: string, pid: number, ...urls: string[]])[] = [
    ['nginx', nginx.pid, nginx.url],
    ...cluster.servers.map((server) => [server.id, server.pid, server.url, server.metricsUrl] as const),
    ['rabbitmq', rabbitmq.pid, rabbitmq.url],
    ['redis', redis.pid, redis.url],
    ['postgres', postgres.pid, postgres.url],
  ];
  const nameWidth = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, pid, ...urls]) =>
    ['', name.padEnd(nameWidth), `pid ${String(pid).padEnd(7)}`, ...urls].join('  '),
  );
  return [...lines, `  logs of the servers: ${cluster.dir}`].join('\n');
}

/** The same for programs. */
export function clusterJson(cluster: Cluster): string {
  const { rabbitmq, redis, postgres, nginx } = cluster.services;
  const place = ({ url, pid }: { readonly url: string; readonly pid: number }) => ({ url, pid });
  return JSON.stringify({
    url: cluster.url,
    servers: cluster.servers.map((server) => ({ id: server.id, ...place(server) })),
    services: { rabbitmq: place(rabbitmq), redis: place(redis), postgres: place(postgres), nginx: place(nginx) },
    jwtSecret: cluster.jwtSecret,
  });
}
