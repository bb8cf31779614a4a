import type { Cluster } from './cluster.ts';

/** What runs where, for people. */
export function clusterTable(cluster: Cluster): string {
  const { rabbitmq, redis, postgres, nginx } = cluster.services;
  const rows: readonly (readonly [name: string, url: string, pid: number, more: string])[] = [
    ['nginx', nginx.url, nginx.pid, ''],
    ...cluster.servers.map((server) => [server.id, server.url, server.pid, server.metricsUrl] as const),
    ['rabbitmq', rabbitmq.url, rabbitmq.pid, ''],
    ['redis', redis.url, redis.pid, ''],
    ['postgres', postgres.url, postgres.pid, ''],
  ];
  const nameWidth = Math.max(...rows.map(([name]) => name.length));
  const urlWidth = Math.max(...rows.map(([, url]) => url.length));
  const lines = rows.map(([name, url, pid, more]) =>
    `  ${name.padEnd(nameWidth)}  ${url.padEnd(urlWidth)}  pid ${String(pid).padEnd(7)}  ${more}`.trimEnd(),
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
