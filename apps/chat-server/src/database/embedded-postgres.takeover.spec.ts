import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pollUntil } from '@chat/services';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openConnection } from './database-connection.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
import { canReach, findPostgresAccount } from './postgres-account.ts';
import { findPostgresBinaries, makeRunnable } from './postgres-binaries.ts';
import { spawnPostgresProgram } from './postgres-program.ts';
import { InitialisedFolders, silentLog, Undo } from './server-process.fixture.ts';

// On a busy machine a first start takes 10 s and more.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const initialised = new InitialisedFolders();
beforeAll(() => initialised.make());
afterAll(() => initialised.remove());

const undo = new Undo();
afterEach(() => undo.all());

async function initialisedFolder(): Promise<string> {
  const dataDir = await undo.folder();
  await initialised.copyTo(dataDir);
  return dataDir;
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog });
  undo.add(() => postgres.stop());
  return postgres;
}

async function numbersIn(connectionString: string): Promise<number[]> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ number: number }>('select number from numbers order by number');
  await client.end();
  return rows.map(({ number }) => number);
}

/** A process that ended but was not reaped by its parent has no working folder any more. */
function isRunning(pid: number | undefined): Promise<boolean> {
  return stat(`/proc/${pid}/cwd`).then(() => true, () => false);
}

describe('two servers on one data folder', () => {
  it('refuses the second in one line that names the first', async () => {
    const dataDir = await initialisedFolder();
    const holder = undo.server('serve', dataDir);
    await holder.said((line) => line.ready);
    await expect(startEmbeddedPostgres({ dataDir, log: silentLog })).rejects.toMatchObject({
      code: 'data-folder-in-use',
      message: `${dataDir} is in use by another chat server (pid ${holder.pid}); stop that one, or give this server a DATA_DIR of its own`,
    });
  });

  it('lets exactly one of four win that start in the same instant, on an empty folder and on one that a killed server left', async () => {
    const dataDir = await undo.folder();
    for (const round of ['empty', 'left by a killed server']) {
      const servers = Array.from({ length: 4 }, () => undo.server('serve', dataDir));
      const outcomes = await Promise.all(servers.map((server) => server.said((line) => line.ready?.connectionString ?? line.refused)));
      const winners = servers.filter((_, index) => typeof outcomes[index] === 'string');
      expect(winners, round).toHaveLength(1);
      for (const refused of outcomes.filter((outcome) => typeof outcome !== 'string')) {
        expect(refused).toMatchObject({ code: 'data-folder-in-use', message: expect.stringContaining(`(pid ${winners[0]?.pid})`) as string });
      }
      await Promise.all(servers.map((server) => server.kill()));
    }
  });
});

describe('after kill -9 of the chat server', () => {
  it('starts again with everything that was committed', async () => {
    const dataDir = await initialisedFolder();
    for (let round = 0; round < 3; round += 1) {
      const server = undo.server('insert', dataDir);
      await server.said((line) => (line.committed ?? 0) >= 50 || undefined);
      await server.kill();
      const committed = server.lines.findLast((line) => line.committed !== undefined)?.committed ?? 0;
      const postgres = await start(dataDir);
      const numbers = await numbersIn(postgres.connectionString);
      // One may have been committed without our having been told.
      expect([committed, committed + 1]).toContain(numbers.length);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      const client = new Client({ connectionString: postgres.connectionString });
      await client.connect();
      await client.query('drop table numbers');
      await client.end();
      await postgres.stop();
    }
  });

  it('ends the PostgreSQL that it left behind, and loses nothing of what that had', async () => {
    const dataDir = await initialisedFolder();
    // Gives the folder to the account that the orphan runs as.
    await (await start(dataDir)).stop();
    const server = undo.server('leave-orphan', dataDir);
    const orphan = await server.said((line) => line.orphan);
    const client = await openConnection({
      connectionString: `postgresql://chat@/chat?host=${encodeURIComponent(join(dataDir, 'postgres'))}`,
      purpose: 'test',
      log: silentLog,
      patienceMs: 60_000,
    });
    await client.query('create table numbers as select 42 as number');
    await server.kill();
    expect(await isRunning(orphan)).toBe(true);
    const { connectionString } = await start(dataDir);
    expect(await isRunning(orphan)).toBe(false);
    expect(await numbersIn(connectionString)).toEqual([42]);
  });

  it('is not fooled by a process id that somebody else has by now', async () => {
    const dataDir = await initialisedFolder();
    const first = await start(dataDir);
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    await first.stop();
    const signsOfLife = ['postmaster.pid', '.s.PGSQL.5432.lock'].map((name) => join(dataDir, 'postgres', name));
    const { uid, gid } = await stat(join(dataDir, 'postgres'));
    const bystander = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' });
    undo.add(() => Promise.resolve(bystander.kill('SIGKILL')));
    for (const file of signsOfLife) await writeFile(file, (await readFile(file, 'utf8')).replace(/^\d+/, String(bystander.pid)));
    await writeFile(join(dataDir, 'server.pid'), `${bystander.pid}\n`);
    const second = await start(dataDir);
    expect(await isRunning(second.pid)).toBe(true);
    expect(await isRunning(bystander.pid)).toBe(true);
  });

  it('removes the temporary socket folder that it left', async () => {
    const dataDir = join(await undo.folder(), 'long'.repeat(30));
    await initialised.copyTo(dataDir);
    const server = undo.server('serve', dataDir);
    const ready = await server.said((line) => line.ready);
    const left = new URLSearchParams(ready.connectionString.split('?')[1]).get('host') ?? '';
    // With its postmaster dead too, nobody can tidy up.
    process.kill(ready.pid, 'SIGKILL');
    await server.kill();
    expect(await readdir(left)).toContain('.s.PGSQL.5432');
    await start(dataDir);
    await expect(readdir(left)).rejects.toThrow('ENOENT');
  });

  it('begins again where it died while it made the data folder', async () => {
    const dataDir = await undo.folder();
    const drafts = async (): Promise<string[]> => (await readdir(dataDir)).filter((name) => name.startsWith('postgres.initialising-'));
    const server = undo.server('serve', dataDir);
    const isHalfMade = async (): Promise<boolean> => {
      const [draft] = await drafts();
      return draft !== undefined && (await stat(join(dataDir, draft, 'base')).then(() => true, () => false));
    };
    expect(await pollUntil(isHalfMade, { timeoutMs: 60_000, maxPauseMs: 5 })).toBe(true);
    await server.kill();
    expect(server.lines).toEqual([]);
    expect(await readdir(dataDir)).not.toContain('postgres');
    const { pid } = await start(dataDir);
    expect(await isRunning(pid)).toBe(true);
    expect(await drafts()).toEqual([]);
  });
});

describe('a data folder that cannot be used', () => {
  it('of another major version is refused in one line that says both and what to do', async () => {
    const dataDir = await undo.folder();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '16\n');
    await expect(startEmbeddedPostgres({ dataDir, log: silentLog })).rejects.toMatchObject({
      code: 'postgres-version-mismatch',
      message: expect.stringMatching(/^[^\n]*made by PostgreSQL 16, and this server brings PostgreSQL 18: dump it with pg_dump of version 16[^\n]*$/) as string,
    });
    // The refusal lets go of the folder.
    await rm(join(dataDir, 'postgres'), { recursive: true });
    await initialised.copyTo(dataDir);
    await start(dataDir);
  });

  it('with something else in it is refused, not overwritten', async () => {
    const dataDir = await undo.folder();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'diary.txt'), 'mine');
    await expect(startEmbeddedPostgres({ dataDir, log: silentLog })).rejects.toMatchObject({ code: 'data-folder-invalid' });
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['diary.txt']);
  });

  it('that is damaged is refused with PostgreSQL’s own words', async () => {
    const dataDir = await initialisedFolder();
    await rm(join(dataDir, 'postgres', 'global', 'pg_control'));
    await expect(startEmbeddedPostgres({ dataDir, log: silentLog })).rejects.toMatchObject({
      code: 'postgres-start-failed',
      message: expect.stringMatching(/^PostgreSQL did not start \(exit code 2\): [^\n]*pg_control[^\n]*postgres\.log\)$/) as string,
    });
  });

  it('whose name is a file is refused', async () => {
    const file = join(await undo.folder(), 'file');
    await writeFile(file, '');
    await expect(startEmbeddedPostgres({ dataDir: file, log: silentLog })).rejects.toMatchObject({ code: 'data-folder-not-writable' });
  });
});

// PostgreSQL refuses to run as root, so root needs somebody to run it as; everyone else runs it as they are.
describe.runIf(process.geteuid?.() === 0)('as root', () => {
  it('runs PostgreSQL as another user, below a folder that only root may enter', async () => {
    const top = await undo.folder();
    await chmod(top, 0o700);
    const { pid } = await start(join(top, 'data'));
    const account = await findPostgresAccount(join(top, 'data', 'postgres'));
    expect(account?.uid).toBeGreaterThan(0);
    expect((await stat(`/proc/${pid}`)).uid).toBe(account?.uid);
    expect((await stat(top)).uid).toBe(0);
  });

  it('takes data back that was copied as root', async () => {
    const copy = await initialisedFolder();
    expect((await stat(join(copy, 'postgres'))).uid).toBe(0);
    const { pid } = await start(copy);
    expect((await stat(`/proc/${pid}`)).uid).toBeGreaterThan(0);
  });

  it('finds a way to run a PostgreSQL that was installed where only root may go, without its links and modes', async () => {
    const account = await findPostgresAccount('/nowhere');
    if (account === undefined) throw new Error('root has to run it as somebody');
    const original = await findPostgresBinaries();
    const top = await undo.folder();
    const folder = join(top, 'package', 'native');
    await cp(original.folder, folder, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('libpq.so.5') });
    await chmod(top, 0o700);
    const moved = { ...original, folder, postgres: join(folder, 'bin', 'postgres'), initdb: join(folder, 'bin', 'initdb') };
    expect(await canReach(account, moved.postgres)).toBe(false);
    const runnable = await makeRunnable(moved, account);
    expect(dirname(runnable.folder)).not.toBe(dirname(folder));
    // initdb is the one that needs the library whose link was missing.
    const initdb = await spawnPostgresProgram({ executable: runnable.initdb, account, workingFolder: '/' }, ['--version']);
    initdb.stderr.resume();
    expect(await new Promise((resolve) => initdb.once('exit', resolve))).toBe(0);
    expect((await makeRunnable(moved, account)).folder).toBe(runnable.folder);
  });
});
