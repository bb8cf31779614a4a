import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { Environment, invalid } from './environment.ts';
import { LIMIT_NAMES, limitVariable, type LimitName, type Limits } from './limits.ts';
import { parseOrigins, parseTrustProxy, type TrustProxy } from './network-settings.ts';
import type { SettingName } from './setting-list.ts';
import { readServices, type ServiceSettings } from './service-settings.ts';
import { SettingsError } from './settings-error.ts';

export type HttpSettings = {
  readonly host: string;
  readonly port: number;
  readonly allowedOrigins: readonly string[];
  readonly trustProxy: TrustProxy;
  /** `undefined`: where the build puts it, if it is there. */
  readonly webRoot: string | undefined;
};

export type IdentitySettings = {
  /** `undefined`: a random one is kept in `DATA_DIR`. */
  readonly jwtSecret: Uint8Array | undefined;
  readonly audience: string | undefined;
  readonly issuer: string | undefined;
  readonly userClaim: string;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly registration: 'open' | 'closed';
  readonly userSearch: 'prefix' | 'exact';
};

export type RateSettings = {
  readonly enabled: boolean;
  readonly sendBurst: number;
  readonly sendsPerMinute: number;
  readonly subscribeBurst: number;
  readonly subscribesPerMinute: number;
  readonly failedConnectsPerMinute: number;
  readonly failedLoginsPerMinute: number;
  readonly registrationsPerMinute: number;
};

export type AdmissionSettings = {
  /** Above these the server takes nobody new. Infinity: no bound. */
  readonly overloadLagMs: number;
  readonly overloadMemoryPart: number;
  readonly connectsAtOnce: number;
  readonly connectsWaiting: number;
};

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export type Settings = ServiceSettings & {
  readonly serverId: string;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly http: HttpSettings;
  /** `undefined`: no metrics. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  readonly identity: IdentitySettings;
  readonly rates: RateSettings;
  readonly limits: Limits;
  /** Bytes that may wait for all sessions together. */
  readonly outboundBytesInAll: number;
  readonly admission: AdmissionSettings;
  readonly readReceiptMembers: number;
  readonly replayEntriesPerSecond: number;
  readonly readersByNameMembers: number;
  readonly presenceRoomMembers: number;
  readonly unacknowledgedEntries: number;
  /** What every conversation keeps at most; 0: no bound. */
  readonly retention: { readonly days: number; readonly entries: number };
  readonly drainSeconds: number;
};

/** Reads and checks every setting. Throws `SettingsError`, whose one line names the variable to change. */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const environment = new Environment(variables);
  const identity = readIdentity(environment);
  const http = readHttp(environment);
  return {
    ...readServices(environment, identity.jwtSecret !== undefined),
    serverId: readServerId(environment),
    dataDir: resolve(environment.text('DATA_DIR')),
    logLevel: environment.oneOf('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    http,
    metrics: readMetrics(environment, http.port),
    identity,
    rates: readRates(environment),
    limits: readLimits(environment),
    outboundBytesInAll: environment.integer('OUTBOUND_MIB', 8, 65_536) * 1024 * 1024,
    admission: readAdmission(environment),
    readReceiptMembers: environment.integer('READ_RECEIPT_MEMBERS', 0, 10_000),
    replayEntriesPerSecond: environment.integer('REPLAY_ENTRIES_PER_SECOND', 1_000, 1_000_000),
    readersByNameMembers: environment.integer('READERS_BY_NAME_MEMBERS', 0, 10_000),
    presenceRoomMembers: environment.integer('PRESENCE_ROOM_MEMBERS', 0, 1_000),
    unacknowledgedEntries: environment.integer('UNACKNOWLEDGED_ENTRIES', 1, 100_000),
    retention: {
      days: environment.integer('RETENTION_DAYS', 0, 36_500),
      entries: environment.integer('RETENTION_ENTRIES', 0, 1_000_000_000),
    },
    drainSeconds: environment.integer('DRAIN_SECONDS', 0, 600),
  };
}

function readHttp(environment: Environment): HttpSettings {
  const webRoot = environment.optional('WEB_ROOT');
  if (webRoot !== undefined && !existsSync(join(webRoot, 'index.html'))) {
    throw invalid('WEB_ROOT', 'must be a folder with an index.html', webRoot);
  }
  return {
    host: environment.text('HOST'),
    port: environment.integer('PORT', 0, 65_535),
    allowedOrigins: parseOrigins('ALLOWED_ORIGINS', environment.list('ALLOWED_ORIGINS')),
    trustProxy: parseTrustProxy('TRUST_PROXY', environment.list('TRUST_PROXY')),
    webRoot: webRoot === undefined ? undefined : resolve(webRoot),
  };
}

function readIdentity(environment: Environment): IdentitySettings {
  const secret = environment.optional('JWT_SECRET');
  const jwtSecret = secret === undefined ? undefined : new TextEncoder().encode(secret);
  if (jwtSecret !== undefined && jwtSecret.length < 32) {
    throw new SettingsError(
      'setting-invalid',
      'JWT_SECRET',
      `must have 32 bytes at least, but has ${jwtSecret.length}`,
    );
  }
  return {
    jwtSecret,
    audience: environment.optional('JWT_AUDIENCE'),
    issuer: environment.optional('JWT_ISSUER'),
    userClaim: environment.text('JWT_USER_CLAIM'),
    accessTokenSeconds: environment.integer('ACCESS_TOKEN_SECONDS', 5, 86_400),
    refreshTokenSeconds: environment.integer('REFRESH_TOKEN_SECONDS', 60, 31_536_000),
    registration: environment.oneOf('REGISTRATION', ['open', 'closed']),
    userSearch: environment.oneOf('USER_SEARCH', ['prefix', 'exact']),
  };
}

function readRates(environment: Environment): RateSettings {
  const rate = (name: SettingName): number => environment.integer(name, 1, 1_000_000);
  return {
    enabled: environment.oneOf('RATE_LIMITS', ['on', 'off']) === 'on',
    sendBurst: rate('RATE_SEND_BURST'),
    sendsPerMinute: rate('RATE_SENDS_PER_MINUTE'),
    subscribeBurst: rate('RATE_SUBSCRIBE_BURST'),
    subscribesPerMinute: rate('RATE_SUBSCRIBES_PER_MINUTE'),
    failedConnectsPerMinute: rate('RATE_FAILED_CONNECTS_PER_MINUTE'),
    failedLoginsPerMinute: rate('RATE_FAILED_LOGINS_PER_MINUTE'),
    registrationsPerMinute: rate('RATE_REGISTRATIONS_PER_MINUTE'),
  };
}

function readAdmission(environment: Environment): AdmissionSettings {
  const unlessZero = (bound: number): number => (bound === 0 ? Infinity : bound);
  return {
    overloadLagMs: unlessZero(environment.integer('OVERLOAD_LAG_MS', 0, 60_000)),
    overloadMemoryPart: unlessZero(environment.integer('OVERLOAD_MEMORY_PERCENT', 0, 100) / 100),
    connectsAtOnce: environment.integer('CONNECTS_AT_ONCE', 1, 10_000),
    connectsWaiting: environment.integer('CONNECTS_WAITING', 0, 100_000),
  };
}

function readLimits(environment: Environment): Limits {
  const read = LIMIT_NAMES.map((limit) => {
    // Below 256 bytes not even a CONNECT fits.
    const minimum = limit.startsWith('frameBytes') ? 256 : 1;
    return [limit, environment.integer(limitVariable(limit), minimum, 64 * 1024 * 1024)] as const;
  });
  const limits = Object.fromEntries(read) as Record<LimitName, number>; // made from LIMIT_NAMES: has each of them
  if (limits.frameBytesBeforeConnected > limits.frameBytes) {
    throw new SettingsError(
      'settings-conflict',
      limitVariable('frameBytesBeforeConnected'),
      `must not be above ${limitVariable('frameBytes')}, but is ${limits.frameBytesBeforeConnected} and that is ${limits.frameBytes}`,
    );
  }
  return limits;
}

function readMetrics(environment: Environment, httpPort: number): Settings['metrics'] {
  const host = environment.text('METRICS_HOST');
  if (environment.optional('METRICS_PORT') === undefined) return undefined;
  const port = environment.integer('METRICS_PORT', 0, 65_535);
  if (port !== 0 && port === httpPort) {
    throw new SettingsError(
      'settings-conflict',
      'METRICS_PORT',
      `and PORT are both ${port}: metrics never share the public port`,
    );
  }
  return { host, port };
}

function readServerId(environment: Environment): string {
  const chosen = environment.optional('SERVER_ID');
  if (chosen === undefined) return serverIdOfHost(hostname());
  if (!/^[a-z0-9-]{1,40}$/.test(chosen)) throw invalid('SERVER_ID', 'must be 1 to 40 of a-z 0-9 -', chosen);
  return chosen;
}

/** A host's name as a server id: what does not fit becomes a hyphen. */
export function serverIdOfHost(host: string): string {
  const fitting = host
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return fitting === '' ? 'server' : fitting;
}
