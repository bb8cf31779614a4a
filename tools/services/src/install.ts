import { findBinary, isExecutable, type ServiceName } from './binaries.ts';
import { runCommand } from './command.ts';
import { ServiceError } from './errors.ts';
import { withInstallLock } from './install-lock.ts';
import { withoutServiceStarts } from './service-start-policy.ts';

type AptSource = {
  readonly packages: readonly string[];
  /** Units that a boot would start; the private instances are all we want. */
  readonly units: readonly string[];
};

const aptSources: Record<ServiceName, AptSource> = {
  rabbitmq: { packages: ['rabbitmq-server'], units: ['rabbitmq-server.service', 'epmd.service', 'epmd.socket'] },
  redis: { packages: ['redis-server'], units: ['redis-server.service'] },
  nginx: { packages: ['nginx'], units: ['nginx.service'] },
  // Without a Korean font screenshots show boxes. fonts-nanum is a fifth of the size of fonts-noto-cjk.
  chromium: { packages: ['chromium', 'fonts-nanum'], units: [] },
  postgresql: { packages: ['postgresql'], units: ['postgresql.service'] },
};

export type InstallOptions = {
  /** Told of the progress, a line at a time; stderr by default. */
  readonly log?: (line: string) => void;
};

/**
 * Makes sure that the services' programs are on this machine and returns where they are. What is missing is installed
 * by apt-get where this process is root on a Debian or Ubuntu; anywhere else the error names what to install.
 */
export async function ensureInstalled<Name extends ServiceName>(
  names: readonly Name[],
  options: InstallOptions = {},
): Promise<Record<Name, string>> {
  if (missingAmong(names).length > 0) {
    const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
    if (!canInstall()) throw await notInstalled(missingAmong(names));
    await withInstallLock(log, async () => {
      const missing = missingAmong(names); // somebody else may have installed them while we waited
      if (missing.length > 0) await installByApt(missing, log);
    });
  }
  const entries = names.map((name): [Name, string] => [name, requireBinary(name)]);
  return Object.fromEntries(entries) as Record<Name, string>; // fromEntries forgets the keys' type
}

function missingAmong(names: readonly ServiceName[]): ServiceName[] {
  return names.filter((name) => findBinary(name) === undefined);
}

function requireBinary(name: ServiceName): string {
  const path = findBinary(name);
  if (path !== undefined) return path;
  throw new ServiceError(
    'SERVICE_INSTALL_FAILED',
    `apt-get installed ${packagesOf([name]).join(' ')}, but no program of ${name} is to be found afterwards.`,
  );
}

function canInstall(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get');
}

async function notInstalled(missing: readonly ServiceName[]): Promise<ServiceError> {
  const packages = packagesOf(missing).join(' ');
  const docker = await runCommand('docker', ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 5_000 });
  const remedy =
    docker.status === 0
      ? `A docker engine answers (${docker.stdout.trim()}), but services are not run by it yet: install them`
      : 'Install them';
  return new ServiceError(
    'SERVICE_NOT_INSTALLED',
    `Not installed: ${missing.join(', ')}. ${remedy} by your system's means, on Debian or Ubuntu: ` +
      `sudo apt-get install --no-install-recommends ${packages}`,
  );
}

async function installByApt(missing: readonly ServiceName[], log: (line: string) => void): Promise<void> {
  const packages = packagesOf(missing);
  log(`Installing ${packages.join(' ')} by apt-get, once; this takes about half a minute.`);
  const apt = (...args: string[]) =>
    runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      onLine: (line) => {
        if (/^(Get:|Unpacking|Setting up|E:|W:|Err:)/.test(line)) log(`  ${line}`);
      },
    });
  await withoutServiceStarts(async () => {
    const update = await apt('update');
    // An update that failed is no reason to stop: the lists of yesterday may do. It is part of the story if they don't.
    const install = await apt('install', '-y', '--no-install-recommends', ...packages);
    if (install.status !== 0) {
      const story = [update.status === 0 ? '' : update.stderr, install.stderr].join('\n').trim();
      throw new ServiceError('SERVICE_INSTALL_FAILED', `apt-get install ${packages.join(' ')} failed: ${story}`);
    }
  });
  await disableUnits(missing.flatMap((name) => aptSources[name].units));
  log(`Installed ${packages.join(' ')}.`);
}

/** The packages ask to be started at each boot; as it was we who installed them, we take that back. */
async function disableUnits(units: readonly string[]): Promise<void> {
  if (units.length === 0 || !isExecutable('/usr/bin/systemctl')) return;
  // One call each: systemctl gives up at the first unit it does not know, and not every release has every unit.
  for (const unit of units) await runCommand('systemctl', ['disable', unit]);
}

function packagesOf(names: readonly ServiceName[]): string[] {
  return names.flatMap((name) => aptSources[name].packages);
}
