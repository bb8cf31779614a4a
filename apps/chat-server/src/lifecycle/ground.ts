import type { Logger } from 'pino';
import type { Settings } from '../config/settings.ts';
import type { Readiness } from '../gateway/readiness.ts';
import { Identity } from '../identity/identity.ts';
import { signingSecret } from '../identity/signing-secret.ts';
import type { Database } from './database.ts';

/** What a server is wired on: what is there before any of its parts, the database and what was read from it included. */
export type Ground = {
  readonly settings: Settings;
  readonly log: Logger;
  readonly readiness: Readiness;
  readonly database: Database;
  readonly identity: Identity;
  /** This start's number: greater than that of any start before, of whichever server. */
  readonly epoch: number;
  /** A further number of that kind. */
  readonly nextEpoch: () => Promise<number>;
  /** For what can only be a fault of this program. */
  readonly onDefect: (error: unknown) => void;
};

/** Reads from an open database what a server needs before it can be wired. */
export async function prepareGround(settings: Settings, log: Logger, readiness: Readiness, database: Database): Promise<Ground> {
  const nextEpoch = (): Promise<number> => takeEpoch(database);
  const epoch = await nextEpoch();
  const identity = await Identity.open({
    pool: database.pool,
    secret: signingSecret({ jwtSecret: settings.identity.jwtSecret, dataDir: settings.dataDir }),
    settings: settings.identity,
    log,
  });
  const onDefect = (error: unknown): void => log.error({ err: error }, 'a defect: please report this');
  return { settings, log, readiness, database, identity, epoch, nextEpoch, onDefect };
}

async function takeEpoch({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ epoch: number }>(`select nextval('server_epochs') as epoch`);
  const epoch = rows[0]?.epoch;
  if (epoch === undefined) throw new Error('The sequence of epochs answered nothing.');
  return epoch;
}
