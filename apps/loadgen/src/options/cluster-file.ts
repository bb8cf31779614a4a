import { readFileSync } from 'node:fs';
import { type NamedProcess, UsageError } from './options.ts';

export type Cluster = {
  readonly urls: readonly string[];
  readonly processes: readonly NamedProcess[];
  readonly jwtSecret: string | undefined;
};

/** Reads the line that `npm run cluster -- --json` writes, from a file or, for `-`, from stdin. */
export function readClusterFile(file: string): Cluster {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`--cluster ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseClusterLine(text);
}

/** The first line that is JSON counts, so that a log with the line in it will do. */
export function parseClusterLine(text: string): Cluster {
  const line = text.split('\n').find((each) => each.trimStart().startsWith('{'));
  const cluster = line === undefined ? undefined : parseJson(line);
  const servers = Array.isArray(cluster?.['servers']) ? cluster['servers'].map(asRecord) : [];
  const urls = servers.map((server) => server['url']).filter((url) => typeof url === 'string');
  if (!cluster || urls.length === 0) {
    throw new UsageError('--cluster: there is no line of JSON with servers in it; `npm run --silent cluster -- --json` writes one');
  }
  const processes = servers.flatMap((server) => namedProcess(String(server['id']), server));
  for (const [name, service] of Object.entries(asRecord(cluster['services']))) processes.push(...namedProcess(name, asRecord(service)));
  const secret = cluster['jwtSecret'];
  return { urls, processes, jwtSecret: typeof secret === 'string' ? secret : undefined };
}

function namedProcess(name: string, described: Readonly<Record<string, unknown>>): NamedProcess[] {
  const { pid } = described;
  return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? [{ name, pid }] : [];
}

function parseJson(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asRecord(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  // Any object may be read by name; what stands there is checked where it is used.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
