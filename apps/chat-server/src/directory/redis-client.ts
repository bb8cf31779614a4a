import { Cluster, Redis, type RedisOptions } from 'ioredis';

export type RedisClient = Redis | Cluster;

export type RedisClientOptions = { readonly name: string; readonly commandTimeoutMs: number };

type Address = { readonly host: string; readonly port: number };

type RedisUrl = {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly addresses: readonly Address[];
  /** The database's number, or the master's name for Sentinel. */
  readonly path: string;
};

const URL_FORM = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/?#@]+)(?:\/([^/?#]*))?$/;
const ADDRESS_FORM = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/;

/**
 * A client, not yet connected, that fails rather than waits: nothing is queued while Redis is away, and nothing is sent
 * twice by the library, which does not know what may be repeated. Whoever calls repeats what must be done.
 */
export function createRedisClient(url: string, { name, commandTimeoutMs }: RedisClientOptions): RedisClient {
  const { kind, tls, username, password, addresses, path } = parseRedisUrl(url);
  const common: RedisOptions = {
    username,
    password,
    ...(tls ? { tls: {} } : {}),
    connectionName: name,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2 * commandTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A master that is silent, not closed, would go unnoticed for as long as TCP tries.
    socketTimeout: 2 * commandTimeoutMs,
    keepAlive: 10_000,
    // A master that has become a replica keeps its connections; only the error tells.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  if (kind === 'sentinel') {
    return new Redis({
      ...common,
      retryStrategy: backOff,
      sentinels: [...addresses],
      name: path,
      role: 'master',
      sentinelCommandTimeout: commandTimeoutMs,
      sentinelRetryStrategy: backOff,
      ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    });
  }
  if (kind === 'cluster') {
    return new Cluster([...addresses], {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: backOff,
      scaleReads: 'master',
      redisOptions: common,
    });
  }
  const [address] = addresses;
  const { host, port } = address ?? {};
  return new Redis({ ...common, retryStrategy: backOff, host, port, db: path === '' ? 0 : Number(path) });
}

/** Names neither address nor password in its error. */
export function parseRedisUrl(url: string): RedisUrl {
  const [, s, kind, credentials, hosts, path = ''] = URL_FORM.exec(url) ?? [];
  const wrong = new RangeError(
    'a Redis address is redis://host:port/db, redis+sentinel://host:port,host:port/name or ' +
      'redis+cluster://host:port,host:port, with rediss for TLS and user:password@ before the hosts',
  );
  if (hosts === undefined) throw wrong;
  const defaultPort = kind === 'sentinel' ? 26_379 : 6_379;
  const addresses = hosts.split(',').map((text) => {
    const [, ipv6, name, port] = ADDRESS_FORM.exec(text) ?? [];
    const host = ipv6 ?? name;
    if (host === undefined || Number(port ?? defaultPort) > 65_535) throw wrong;
    return { host, port: Number(port ?? defaultPort) };
  });
  if (kind === undefined && (addresses.length !== 1 || !/^\d{0,5}$/.test(path))) throw wrong;
  if (kind === 'sentinel' ? path === '' : kind === 'cluster' && path !== '') throw wrong;
  return {
    kind: kind === 'sentinel' || kind === 'cluster' ? kind : 'single',
    tls: s === 's',
    ...parseCredentials(credentials ?? ''),
    addresses,
    path,
  };
}

function parseCredentials(text: string): { username: string | undefined; password: string | undefined } {
  const colon = text.indexOf(':');
  const part = (raw: string): string | undefined => (raw === '' ? undefined : decodeURIComponent(raw));
  return colon < 0
    ? { username: part(text), password: undefined }
    : { username: part(text.slice(0, colon)), password: part(text.slice(colon + 1)) };
}

/** In ms; jittered, so that servers do not come back all at once. */
function backOff(attempt: number): number {
  return Math.min(1_000, 50 * 2 ** Math.min(attempt, 5)) * (0.5 + Math.random() / 2);
}
