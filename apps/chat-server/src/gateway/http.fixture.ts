import { Writable } from 'node:stream';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { createLogger } from '../config/logger.ts';
import { readSettings } from '../config/settings.ts';
import type { Identity } from '../identity/identity.ts';
import { IdentityFixture } from '../identity/identity.fixture.ts';
import { buildHttp } from './http.ts';
import { Readiness } from './readiness.ts';

export type TestApp = {
  readonly app: FastifyInstance;
  readonly identity: Identity;
  readonly readiness: Readiness;
  /** Everything logged, as text. */
  log(): string;
};

/** The HTTP side on a database of its own. */
export class HttpFixture {
  readonly #identities: IdentityFixture;
  readonly #apps: FastifyInstance[] = [];

  private constructor(identities: IdentityFixture) {
    this.#identities = identities;
  }

  static async start(): Promise<HttpFixture> {
    return new HttpFixture(await IdentityFixture.start());
  }

  /** On a PostgreSQL of its own, for tests that break it. */
  static async startWithPostgres(): Promise<HttpFixture> {
    return new HttpFixture(await IdentityFixture.startWithPostgres());
  }

  get postgres(): IdentityFixture['postgres'] {
    return this.#identities.postgres;
  }

  /** Rates are off unless `env` says otherwise: tests come from one address. `routes` adds more before it is ready. */
  async app(
    env: NodeJS.ProcessEnv = {},
    routes: (app: FastifyInstance, identity: Identity) => void = () => undefined,
  ): Promise<TestApp> {
    const lines: string[] = [];
    const log = createLogger(
      'debug',
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          lines.push(chunk.toString());
          done();
        },
      }),
    );
    const variables = { RATE_LIMITS: 'off', ...env };
    const identity = await this.#identities.identity(variables);
    const readiness = new Readiness();
    const app = await buildHttp({ identity, readiness, settings: readSettings(variables), log });
    routes(app, identity);
    this.#apps.push(app);
    await app.ready();
    return { app, identity, readiness, log: () => lines.join('') };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close()));
    await this.#identities.stop();
  }
}

export function bearer(accessToken: string): { authorization: string } {
  return { authorization: `Bearer ${accessToken}` };
}

/** The body of an error, which has exactly these fields. */
export function errorOf(response: LightMyRequestResponse): { status: number; code: unknown; message: unknown } {
  const { code, message, retryAfterMs, ...rest }: Record<string, unknown> = response.json();
  if (Object.keys(rest).length > 0 || (retryAfterMs !== undefined && typeof retryAfterMs !== 'number')) {
    throw new Error(`an error has other fields: ${response.body}`);
  }
  return { status: response.statusCode, code, message };
}
