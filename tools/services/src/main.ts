import { ensureInstalled } from './install.ts';
import type { ServiceName } from './binaries.ts';

const known: readonly ServiceName[] = ['rabbitmq', 'redis', 'nginx', 'chromium', 'postgresql'];
const usage = `usage: node tools/services/src/main.ts install [${known.join('|')}]...`;

/** `install` makes sure of the named services, or of all but the distribution's PostgreSQL. */
async function main([command, ...given]: readonly string[]): Promise<number> {
  const names = known.filter((name) => given.includes(name));
  if (command !== 'install' || names.length !== new Set(given).size) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const wanted: readonly ServiceName[] = names.length > 0 ? names : ['rabbitmq', 'redis', 'nginx', 'chromium'];
  const paths = await ensureInstalled(wanted);
  for (const name of wanted) process.stdout.write(`${name} ${paths[name]}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
