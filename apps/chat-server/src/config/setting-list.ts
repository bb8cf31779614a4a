import { DEFAULT_LIMITS } from '@chat/protocol';
import { LIMIT_MEANINGS, LIMIT_NAMES, limitVariable, type LimitVariable } from './limits.ts';

export type SettingSection =
  'The server' | 'Where things are kept' | 'HTTP' | 'Signing in' | 'Rates' | 'Limits' | 'Operations';

export type SettingSpec = {
  readonly section: SettingSection;
  readonly meaning: string;
  /** The value where the variable is not set; read like any other. */
  readonly fallback?: string;
  /** What stands in the table where a fallback cannot be written as a value. */
  readonly fallbackWords?: string;
  /** May come as a file instead, named by `<NAME>_FILE`. Its value is never shown. */
  readonly secret?: true;
};

const NAMED_SETTINGS = {
  SERVER_ID: {
    section: 'The server',
    meaning: "This server's name among the servers: 1 to 40 of `a-z 0-9 -`. Two running servers never share one.",
    fallbackWords: "the host's name, made to fit",
  },
  DATA_DIR: {
    section: 'The server',
    meaning:
      'Folder for what the server keeps itself: without `DATABASE_URL` the database, without `JWT_SECRET` the secret.',
    fallback: '.data',
  },
  DATABASE_URL: {
    section: 'Where things are kept',
    meaning: 'PostgreSQL 14 or later, `postgresql://…`. Without it a PostgreSQL of its own runs in `DATA_DIR`.',
    fallbackWords: 'embedded',
    secret: true,
  },
  DATABASE_CONNECTIONS: {
    section: 'Where things are kept',
    meaning: 'Connections to PostgreSQL at most, 2 to 200.',
    fallback: '10',
  },
  RABBITMQ_URL: {
    section: 'Where things are kept',
    meaning:
      'RabbitMQ between many servers, `amqp://…` or `amqps://…`; several nodes separated by commas. Goes together with `REDIS_URL`.',
    fallbackWords: 'one server',
    secret: true,
  },
  REDIS_URL: {
    section: 'Where things are kept',
    meaning:
      'Redis between many servers, `redis://…` or `rediss://…`. Goes together with `RABBITMQ_URL`; both need `DATABASE_URL` and `JWT_SECRET`.',
    fallbackWords: 'one server',
    secret: true,
  },
  PORT: {
    section: 'HTTP',
    meaning: 'Port of the WebSocket endpoint, the API and the web app; 0 takes a free one.',
    fallback: '8080',
  },
  HOST: { section: 'HTTP', meaning: 'Address to listen on.', fallback: '0.0.0.0' },
  ALLOWED_ORIGINS: {
    section: 'HTTP',
    meaning:
      'Web origins that may use this server beside its own, separated by commas: `https://chat.example.org,https://www.example.org:8443`.',
    fallbackWords: 'none',
  },
  TRUST_PROXY: {
    section: 'HTTP',
    meaning:
      'Proxies whose `X-Forwarded-*` headers count: `off`, or addresses and networks separated by commas (`loopback`, `linklocal`, `uniquelocal`, `10.0.0.0/8`).',
    fallback: 'off',
  },
  WEB_ROOT: {
    section: 'HTTP',
    meaning: 'Folder of the built web app, with its `index.html`.',
    fallbackWords: 'the one built beside the server, if there',
  },
  JWT_SECRET: {
    section: 'Signing in',
    meaning:
      'Key that signs access tokens (HS256), 32 bytes at least, taken as the UTF-8 bytes of the text. Needed by many servers and for tokens made elsewhere.',
    fallbackWords: 'a random one, kept in `DATA_DIR`',
    secret: true,
  },
  JWT_AUDIENCE: {
    section: 'Signing in',
    meaning: 'What `aud` of every access token must name.',
    fallbackWords: 'not checked',
  },
  JWT_ISSUER: {
    section: 'Signing in',
    meaning: 'What `iss` of every access token must be.',
    fallbackWords: 'not checked',
  },
  JWT_USER_CLAIM: {
    section: 'Signing in',
    meaning: "Claim that holds the user's id in tokens made elsewhere.",
    fallback: 'sub',
  },
  ACCESS_TOKEN_SECONDS: { section: 'Signing in', meaning: 'Life of an access token, 5 to 86400.', fallback: '3600' },
  REFRESH_TOKEN_SECONDS: {
    section: 'Signing in',
    meaning: 'Time without a refresh after which one has to sign in again, 60 to 31536000.',
    fallback: '2592000',
  },
  REGISTRATION: {
    section: 'Signing in',
    meaning: '`open`: anyone may make an account. `closed`: nobody.',
    fallback: 'open',
  },
  USER_SEARCH: {
    section: 'Signing in',
    meaning: 'How others are found: `prefix` by the beginning of id or name, `exact` by the whole id only.',
    fallback: 'prefix',
  },
  RATE_LIMITS: {
    section: 'Rates',
    meaning: '`on`, or `off` for load tests: lifts the rates below, not the limits of size.',
    fallback: 'on',
  },
  RATE_SEND_BURST: { section: 'Rates', meaning: 'Sends of one user at once.', fallback: '100' },
  RATE_SENDS_PER_MINUTE: {
    section: 'Rates',
    meaning: 'Sends of one user a minute, beyond the burst.',
    fallback: '500',
  },
  RATE_SUBSCRIBE_BURST: {
    section: 'Rates',
    meaning: 'Subscriptions and `chat.sync` of one session at once.',
    fallback: '100',
  },
  RATE_SUBSCRIBES_PER_MINUTE: {
    section: 'Rates',
    meaning: 'Subscriptions and `chat.sync` of one session a minute, beyond the burst.',
    fallback: '120',
  },
  RATE_FAILED_CONNECTS_PER_MINUTE: {
    section: 'Rates',
    meaning: 'Failed CONNECTs from one address a minute.',
    fallback: '20',
  },
  RATE_FAILED_LOGINS_PER_MINUTE: {
    section: 'Rates',
    meaning: 'Failed logins over HTTP from one address a minute.',
    fallback: '20',
  },
  RATE_REGISTRATIONS_PER_MINUTE: {
    section: 'Rates',
    meaning: 'Registrations from one address a minute.',
    fallback: '30',
  },
  READ_RECEIPT_MEMBERS: {
    section: 'Limits',
    meaning: 'Members up to which a conversation tells each of them who has read.',
    fallback: '100',
  },
  PRESENCE_ROOM_MEMBERS: {
    section: 'Limits',
    meaning: 'Members up to which the people in a room are told of each other who is there. In larger ones they ask.',
    fallback: '100',
  },
  READERS_BY_NAME_MEMBERS: {
    section: 'Limits',
    meaning: 'Members up to which a conversation says by name who has read a message. Larger ones say how many.',
    fallback: '100',
  },
  RETENTION_DAYS: {
    section: 'Limits',
    meaning: 'Days for which messages are kept, 0 to 36500; 0: for ever. Rooms may ask for less.',
    fallback: '0',
  },
  RETENTION_ENTRIES: {
    section: 'Limits',
    meaning:
      'Newest entries of each conversation that are kept, 0 to 1000000000; 0: all. What is younger than a day is kept in any case. Rooms may ask for less.',
    fallback: '0',
  },
  REPLAY_ENTRIES_PER_SECOND: {
    section: 'Limits',
    meaning:
      'Entries a second, 1000 to 1000000, that all sessions of the server together are brought of long gaps in their conversations. Gaps of up to 200 entries are filled at once.',
    fallback: '10000',
  },
  OUTBOUND_MIB: {
    section: 'Limits',
    meaning: 'MiB, 8 to 65536, that may wait on this server for all its sessions together to read. Past that the slowest are ended.',
    fallback: '256',
  },
  CONNECTS_AT_ONCE: {
    section: 'Limits',
    meaning: 'CONNECTs that the server looks into at once, 1 to 10000.',
    fallback: '64',
  },
  CONNECTS_WAITING: {
    section: 'Limits',
    meaning: 'CONNECTs that may wait for that, 0 to 100000. More are sent away with the advice when to come back.',
    fallback: '2000',
  },
  OVERLOAD_LAG_MS: {
    section: 'Limits',
    meaning: 'Mean delay of the event loop, in ms, above which for three seconds the server takes nobody new; 0: never.',
    fallback: '500',
  },
  OVERLOAD_MEMORY_PERCENT: {
    section: 'Limits',
    meaning: "Percent of the container's memory limit or of V8's heap limit above which the server takes nobody new; 0: never.",
    fallback: '90',
  },
  UNACKNOWLEDGED_ENTRIES: {
    section: 'Limits',
    meaning: 'Entries that one subscription with acknowledgement may leave unacknowledged.',
    fallback: '1000',
  },
  DRAIN_SECONDS: {
    section: 'Operations',
    meaning: 'Time over which a server that ends spreads the end of its sessions, 0 to 600. Few sessions take less.',
    fallback: '5',
  },
  METRICS_PORT: { section: 'Operations', meaning: 'Port of `/metrics` for Prometheus.', fallbackWords: 'off' },
  METRICS_HOST: { section: 'Operations', meaning: 'Address that `/metrics` listens on.', fallback: '127.0.0.1' },
  LOG_LEVEL: {
    section: 'Operations',
    meaning: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    fallback: 'info',
  },
} as const satisfies Record<string, SettingSpec>;

export type SettingName = keyof typeof NAMED_SETTINGS | LimitVariable;

const LIMIT_SETTINGS = LIMIT_NAMES.map((limit): readonly [SettingName, SettingSpec] => [
  limitVariable(limit),
  { section: 'Limits', meaning: LIMIT_MEANINGS[limit], fallback: String(DEFAULT_LIMITS[limit]) },
]);

/** Every setting there is. `docs/settings.md` is made from it, and nothing else is read from the environment. */
export const SETTINGS: ReadonlyMap<SettingName, SettingSpec> = new Map<SettingName, SettingSpec>([
  ...(Object.entries(NAMED_SETTINGS) as [SettingName, SettingSpec][]), // entries of a literal: exactly its names
  ...LIMIT_SETTINGS,
]);
