import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What can be asked for. `postgresql` is the distribution's; the default PostgreSQL comes with npm. */
export type ServiceName = 'rabbitmq' | 'redis' | 'nginx' | 'chromium' | 'postgresql';

type Sought = {
  /** The first name that is found is the service's program. */
  readonly names: readonly string[];
  /** Looked into before the PATH. */
  readonly before: readonly string[];
  /** Looked into after the PATH, as it often lacks the administrator's folders. */
  readonly after: readonly string[];
};

const sought: Record<ServiceName, Sought> = {
  // /usr/sbin/rabbitmq-server is a wrapper that changes user: it cannot run a private instance.
  rabbitmq: {
    names: ['rabbitmq-server'],
    before: ['/usr/lib/rabbitmq/bin', '/opt/homebrew/opt/rabbitmq/sbin', '/usr/local/opt/rabbitmq/sbin'],
    after: [],
  },
  redis: { names: ['redis-server'], before: [], after: ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'] },
  nginx: { names: ['nginx'], before: [], after: ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'] },
  chromium: {
    names: ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'],
    before: [],
    after: ['/usr/bin'],
  },
  postgresql: { names: ['postgres'], before: distributionPostgresFolders(), after: [] },
};

/** The program of a service, as an absolute path, or undefined where it is not installed. */
export function findBinary(service: ServiceName): string | undefined {
  const { names, before, after } = sought[service];
  const folders = [...before, ...pathFolders(), ...after];
  for (const name of names) {
    for (const folder of folders) {
      const candidate = join(folder, name);
      if (isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // absent and not allowed are the same to the one who asks
  }
}

/** Folders of the PATH without `node_modules/.bin`, where npm puts programs of the same names. */
export function pathFolders(): string[] {
  const path = process.env['PATH'] ?? '';
  return path.split(delimiter).filter((folder) => folder !== '' && !folder.includes('node_modules'));
}

/** Debian keeps one folder a major version; the newest comes first. */
function distributionPostgresFolders(): string[] {
  const root = '/usr/lib/postgresql';
  try {
    return readdirSync(root)
      .filter((version) => /^\d+$/.test(version))
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(root, version, 'bin'));
  } catch {
    return []; // not a Debian, or none installed
  }
}
