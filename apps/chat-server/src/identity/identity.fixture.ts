import { startPostgres, type Service } from '@chat/services';
import { SignJWT } from 'jose';
import type { Pool } from 'pg';
import type {} from '@chat/services/vitest-global-setup'; // declares what inject knows
import { inject } from 'vitest';
import { readSettings } from '../config/settings.ts';
import { createPool } from '../database/pool.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { Identity, type IdentityParts } from './identity.ts';
import type { IdentityLog } from './identity-log.ts';

export const SECRET = new TextEncoder().encode('a secret of the test, long enough');

/** Keeps what was logged. */
export class RecordingLog implements IdentityLog {
  readonly lines: { readonly level: string; readonly message: string }[] = [];

  info(_fields: object, message: string): void {
    this.lines.push({ level: 'info', message });
  }

  warn(_fields: object, message: string): void {
    this.lines.push({ level: 'warn', message });
  }

  error(_fields: object, message: string): void {
    this.lines.push({ level: 'error', message });
  }
}

/** A database of the test's own, and any number of identities on it, as of several servers. */
export class IdentityFixture {
  readonly log = new RecordingLog();
  readonly #database: TestDatabase;
  readonly #service: Service | undefined;
  readonly #pools: Pool[] = [];
  readonly #identities: Identity[] = [];

  private constructor(database: TestDatabase, service: Service | undefined) {
    this.#database = database;
    this.#service = service;
  }

  static async start(): Promise<IdentityFixture> {
    return new IdentityFixture(await createTestDatabase(inject('services').databaseUrl), undefined);
  }

  /** On a PostgreSQL of its own, for tests that break it. */
  static async startWithPostgres(): Promise<IdentityFixture> {
    const service = await startPostgres();
    return new IdentityFixture(await createTestDatabase(service.url), service);
  }

  get postgres(): Service {
    if (!this.#service) throw new Error('this PostgreSQL is shared: take startWithPostgres');
    return this.#service;
  }

  pool(): Pool {
    const pool = createPool(this.#database.url, {
      purpose: 'test',
      log: this.log,
      maxConnections: 8,
    });
    this.#pools.push(pool);
    return pool;
  }

  /** One more server. `env` is its settings. */
  async identity(env: NodeJS.ProcessEnv = {}, parts: Partial<IdentityParts> = {}): Promise<Identity> {
    const settings = readSettings(env).identity;
    const identity = await Identity.open({ pool: this.pool(), secret: SECRET, settings, log: this.log, ...parts });
    this.#identities.push(identity);
    return identity;
  }

  async stop(): Promise<void> {
    for (const identity of this.#identities) identity.close();
    await Promise.all(this.#pools.map((pool) => pool.end()));
    await (this.#service ? this.#service.stop() : this.#database.drop());
  }
}

export type ForeignClaims = { readonly exp?: number; readonly [claim: string]: unknown };

/** A token as another issuer makes it. `exp` is an hour from now unless given; `exp: undefined` leaves it out. */
export async function foreignToken(
  claims: ForeignClaims,
  header: { alg?: string; typ?: string } = {},
  secret = SECRET,
): Promise<string> {
  const payload = { exp: Math.floor(Date.now() / 1000) + 3600, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', ...header }).sign(secret);
}
