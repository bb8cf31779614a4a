import { randomBytes } from 'node:crypto';
import { chownSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { ServiceError } from './errors.ts';
import { distributionBinaries, embeddedBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { firstStart, PrivateService, startOnPort, type Service, type ServiceOptions } from './service.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { createWorkFolder } from './work-folder.ts';

export type PostgresOptions = ServiceOptions & {
  /** The distribution's PostgreSQL instead of the one that comes with npm. */
  readonly distribution?: boolean;
  /** More of postgresql.conf, such as `{ fsync: 'off' }`; fsync is on by default. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Who runs it where this process is root, which PostgreSQL refuses to be run by. */
  readonly systemUser?: string;
};

type Owner = { readonly uid?: number; readonly gid?: number };

const SUPERUSER = 'postgres';

/** A PostgreSQL that keeps its data from one start to the next. Its URL is the superuser's. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Service> {
  const owner = await serverOwner(options.systemUser);
  const asAnother = owner.uid !== undefined;
  const binaries =
    options.distribution === true ? await distributionBinaries() : embeddedBinaries({ reachableByOthers: asAnother });
  return startOnPort(options.port, async (port) => {
    const folder = createWorkFolder('postgres', { dir: options.dir, reachableByOthers: asAnother });
    const dir = folder.path;
    const password = randomBytes(12).toString('hex');
    const logFile = join(dir, 'postgres.log');
    const process = new SupervisedProcess({
      name: 'postgres',
      command: binaries.postgres,
      args: serverArguments(dir, port, options.settings),
      ...owner,
      env: serverEnvironment(),
      cwd: dir,
      logFile,
      port,
      isReady: (pid) => Promise.resolve(postmasterIsReady(dir, pid)),
      readyTimeoutMs: 60_000,
      stopSignal: 'SIGINT', // PostgreSQL's "fast": it does not wait for clients to leave
      stopTimeoutMs: 20_000,
      orphanSignal: 'SIGQUIT', // at once, and without leaving its shared memory behind as SIGKILL does
    });
    const url = `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
    try {
      await initialise(binaries, dir, owner, password);
    } catch (error) {
      folder.remove();
      throw error;
    }
    return firstStart(new PrivateService({ url, port, folder, logFile, process }));
  });
}

async function initialise(binaries: PostgresBinaries, dir: string, owner: Owner, password: string): Promise<void> {
  const passwordFile = join(dir, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) {
    chownSync(dir, owner.uid, owner.gid);
    chownSync(passwordFile, owner.uid, owner.gid);
  }
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const { status, stdout, stderr } = await runCommand(
    binaries.initdb,
    // Nothing is lost by --no-sync: what is not on the disk yet is an empty database.
    ['-D', join(dir, 'data'), '-U', SUPERUSER, '-E', 'UTF8', `--locale=${locale}`, '--no-sync', '-A', 'scram-sha-256']
      .concat(`--pwfile=${passwordFile}`),
    { ...owner, cwd: dir, env: serverEnvironment() },
  );
  rmSync(passwordFile, { force: true });
  if (status !== 0) throw new ServiceError('SERVICE_START_FAILED', `initdb gave ${status}: ${stdout}${stderr}`);
}

function serverArguments(dir: string, port: number, settings: Readonly<Record<string, string>> = {}): string[] {
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...settings,
  };
  return ['-D', join(dir, 'data'), ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Without PGDATA and its like, which would change what the server does. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LANG: 'C.UTF-8', TZ: 'UTC' };
}

/** The server writes its pid and, once it takes connections, `ready` into this file; a killed one leaves it behind. */
function postmasterIsReady(dir: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(dir, 'data', 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false; // not written yet
  }
}

/** Who runs the server: this process's own user, or where that is root the given one, `postgres`, or `nobody`. */
async function serverOwner(systemUser: string | undefined): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const candidates = systemUser === undefined ? ['postgres', 'nobody'] : [systemUser];
  for (const name of candidates) {
    const uid = await runCommand('id', ['-u', name]);
    const gid = await runCommand('id', ['-g', name]);
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new ServiceError('SERVICE_START_FAILED', `PostgreSQL cannot run as root, and no user ${candidates.join(' or ')} exists.`);
}
