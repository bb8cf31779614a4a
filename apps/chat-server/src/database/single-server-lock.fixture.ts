/** A server that holds the lock on a database, as a process to be killed: `node single-server-lock.fixture.ts <connectionString>`. */
import { argv, stdout } from 'node:process';
import { acquireSingleServerLock } from './single-server-lock.ts';

const ignore = (): void => undefined;
const log = { info: ignore, warn: ignore, error: ignore };
await acquireSingleServerLock({ connectionString: argv[2] ?? '', log, onLost: ignore, onRegained: ignore, onTaken: ignore });
stdout.write('held\n');
