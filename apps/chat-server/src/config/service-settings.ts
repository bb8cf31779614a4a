import type { Environment } from './environment.ts';
import type { SettingName } from './setting-list.ts';
import { SettingsError } from './settings-error.ts';

export type DatabaseSettings = { readonly url: string; readonly connections: number };

/**
 * What stands behind the ports. `embedded`: everything in `DATA_DIR`. `single`: one server on an outside PostgreSQL.
 * `cluster`: any number of servers.
 */
export type ServiceSettings =
  | { readonly mode: 'embedded'; readonly databaseConnections: number }
  | { readonly mode: 'single'; readonly database: DatabaseSettings }
  | {
      readonly mode: 'cluster';
      readonly database: DatabaseSettings;
      readonly rabbitmq: { readonly urls: readonly string[] };
      readonly redis: { readonly url: string };
    };

/** Throws `SettingsError` if a part of a cluster is missing, or an address cannot be one. */
export function readServices(environment: Environment, hasJwtSecret: boolean): ServiceSettings {
  const connections = environment.integer('DATABASE_CONNECTIONS', 2, 200);
  const database = address(
    environment,
    'DATABASE_URL',
    /^postgres(ql)?:\/\/\S+$/,
    'postgresql://user:password@host:5432/database',
  );
  const rabbitmq = address(environment, 'RABBITMQ_URL', /^amqps?:\/\/\S+$/, 'amqp://user:password@host:5672');
  const redis = address(environment, 'REDIS_URL', /^rediss?(\+[a-z]+)?:\/\/\S+$/, 'redis://host:6379');

  if (rabbitmq === undefined && redis === undefined) {
    if (database === undefined) return { mode: 'embedded', databaseConnections: connections };
    return { mode: 'single', database: { url: database, connections } };
  }
  if (redis === undefined) throw missing('REDIS_URL', 'RABBITMQ_URL');
  if (rabbitmq === undefined) throw missing('RABBITMQ_URL', 'REDIS_URL');
  if (database === undefined) throw missing('DATABASE_URL', 'RABBITMQ_URL');
  if (!hasJwtSecret) throw missing('JWT_SECRET', 'RABBITMQ_URL');
  return {
    mode: 'cluster',
    database: { url: database, connections },
    rabbitmq: { urls: rabbitMqUrls(rabbitmq) },
    redis: { url: redis },
  };
}

function address(environment: Environment, name: SettingName, form: RegExp, example: string): string | undefined {
  const url = environment.optional(name);
  // Addresses hold passwords: the value is not shown.
  if (url !== undefined && !form.test(url))
    throw new SettingsError('setting-invalid', name, `must look like ${example}`);
  return url;
}

function rabbitMqUrls(list: string): readonly string[] {
  const urls = list.split(',').filter((url) => url !== '');
  for (const url of urls) {
    if (!/^amqps?:$/.test(URL.parse(url)?.protocol ?? '')) {
      throw new SettingsError(
        'setting-invalid',
        'RABBITMQ_URL',
        'must be one amqp:// address or several separated by commas',
      );
    }
  }
  return urls;
}

function missing(name: SettingName, because: SettingName): SettingsError {
  return new SettingsError(
    'setting-missing',
    name,
    `is missing: ${because} is set, and many servers need RABBITMQ_URL, REDIS_URL, DATABASE_URL and JWT_SECRET`,
  );
}
