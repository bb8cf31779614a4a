import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type Cluster, readClusterFile } from './cluster-file.ts';
import { parseDuration } from './duration.ts';
import { type NamedProcess, type Options, type ScenarioName, SCENARIOS, UsageError } from './options.ts';

type Flags = {
  readonly url: readonly string[];
  readonly cluster?: string;
  readonly users: number;
  readonly rate: number;
  readonly duration: number;
  readonly warmup: number;
  readonly drain: number;
  readonly arrivals: 'constant' | 'poisson';
  readonly peers: number;
  readonly members?: number;
  readonly joinRate: number;
  readonly connectRate: number;
  readonly missed: number;
  readonly syncs: number;
  readonly textLength: number;
  readonly seed: number;
  readonly pid: readonly NamedProcess[];
  readonly json?: string;
  readonly workers: number;
  readonly scenario?: ScenarioName;
};

const DEFAULT_URL = 'http://127.0.0.1:8080';

const HELP = `
Users sign in with tokens made with JWT_SECRET from the environment (or from --cluster); without it they are registered
through the API. Servers limit what one user may send: start them with RATE_LIMITS=off for loads above that.

Exit codes: 0 nothing wrong; 1 something was lost, doubled, reordered or otherwise wrong; 2 wrong usage; 3 the load could
not be run.

Scenarios:
  direct        everyone writes to a few others
  room          everyone is in one room, and now and then somebody writes there
  long-absence  a device that has missed much comes back to a server on which others write to each other

Examples:
  npm run loadgen -- --users 200 --rate 1000 --duration 60s
  npm run loadgen -- --url http://127.0.0.1:8081 --url http://127.0.0.1:8082 --users 1000 --rate 3000 --duration 2m
  npm run loadgen -- room --cluster cluster.json --members 10000 --users 3000 --rate 10
  npm run --silent cluster -- --json > cluster.json &  npm run loadgen -- --cluster cluster.json --rate 1000`;

/**
 * @returns undefined where help was asked for and has been printed
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): Options | undefined {
  const command = loadgenCommand();
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UsageError(`${error.message.replace(/^error: /, '')} (--help lists all options)`);
  }
  const flags = command.opts<Flags>();
  // Checked by its list of choices.
  const scenario = flags.scenario ?? (command.processedArgs[0] as ScenarioName);
  return toOptions({ ...flags, scenario }, flags.cluster === undefined ? undefined : readClusterFile(flags.cluster), env);
}

function loadgenCommand(): Command {
  return new Command('loadgen')
    .description('Puts chat servers under a steady load and judges what every user sent and saw.')
    .addOption(new Option('--url <url>', 'a server; may be repeated, users are spread over all').default([], DEFAULT_URL).argParser(collect(parseUrl)))
    .option('--cluster <file>', 'take urls, processes and secret from the JSON line of `npm run cluster -- --json`; - reads stdin')
    .option('--users <n>', 'users, each with one connection', integer(2), 100)
    .option('--rate <n>', 'messages a second in all', positive, 100)
    .addOption(time('--duration <time>', 'how long to send, such as 60s or 2m', '30s'))
    .addOption(time('--warmup <time>', 'what is sent in this first part counts in no latency and no CPU figure', '0s'))
    .addOption(time('--drain <time>', 'give up what has not arrived when nothing has come for this long', '30s'))
    .addOption(new Option('--arrivals <kind>', 'when messages are sent').choices(['constant', 'poisson']).default('constant'))
    .option('--peers <n>', 'direct: how many people each user writes to', integer(1), 4)
    .option('--members <n>', 'room: members in all, of whom --users are online (default: those)', integer(2))
    .option('--join-rate <n>', 'room: members that join a second before the load', positive, 300)
    .option('--missed <n>', 'long-absence: entries that the device has missed', integer(1), 100_000)
    .option('--syncs <n>', 'long-absence: how often it syncs, one sync after the other', integer(1), 5)
    .option('--connect-rate <n>', 'connections that are opened a second', positive, 500)
    .option('--text-length <n>', 'least length of a message text', integer(1), 80)
    .option('--seed <n>', 'decides who writes to whom and when', integer(0), 1)
    .addOption(new Option('--pid <name=pid>', 'measure the CPU of this process and its children; may be repeated').default([], 'none').argParser(collect(parseProcess)))
    .option('--json <file>', 'write the result as JSON, too')
    .option('--workers <n>', 'processes that share users and rate', integer(1), 1)
    .addArgument(new Argument('[scenario]', 'what the users do').choices(SCENARIOS).default('direct'))
    .addOption(new Option('--scenario <name>', 'the same as an option').choices(SCENARIOS))
    .addHelpText('after', HELP)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

function toOptions(flags: Flags & { readonly scenario: ScenarioName }, cluster: Cluster | undefined, env: NodeJS.ProcessEnv): Options {
  const urls = flags.url.length > 0 ? flags.url : (cluster?.urls.map(parseUrl) ?? [parseUrl(DEFAULT_URL)]);
  if (flags.warmup >= flags.duration) throw new UsageError('--warmup is part of --duration and must be shorter');
  if (flags.workers * 2 > flags.users) throw new UsageError('--workers: each needs two --users at least');
  const members = flags.members ?? flags.users;
  if (members < flags.users) throw new UsageError('--members are all of the room, and cannot be fewer than --users, who are online');
  const jwtSecret = env['JWT_SECRET'] || cluster?.jwtSecret;
  if (jwtSecret !== undefined && Buffer.byteLength(jwtSecret) < 32) throw new UsageError('JWT_SECRET has fewer than 32 bytes; no server takes that');
  const { scenario, users, rate, duration, warmup, drain, arrivals, peers, joinRate, connectRate, missed, syncs, textLength, seed, workers } = flags;
  return {
    scenario, urls, users, rate, duration, warmup, drain, arrivals, peers, members, joinRate, connectRate, missed, syncs, textLength, seed,
    workers, jwtSecret,
    processes: [...(cluster?.processes ?? []), ...flags.pid],
    jsonFile: flags.json,
    run: Date.now().toString(36),
  };
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' }[url?.protocol ?? ''];
  if (!url || !protocol) throw new InvalidArgumentError(`That is no address such as ${DEFAULT_URL}.`);
  const path = url.pathname === '/' ? '/ws-chat' : url.pathname;
  return `${protocol}//${url.host}${path}`;
}

function parseProcess(text: string): NamedProcess {
  const match = /^([^=]+)=(\d+)$/.exec(text);
  if (!match) throw new InvalidArgumentError('It is name=pid, such as server1=4711.');
  return { name: match[1] ?? '', pid: Number(match[2]) };
}

function collect<T>(parse: (text: string) => T): (text: string, before: readonly T[]) => readonly T[] {
  return (text, before) => [...before, parse(text)];
}

function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) throw new InvalidArgumentError(`It is a whole number from ${least} on.`);
    return value;
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It is a number above 0.');
  return value;
}

function time(flags: string, description: string, fallback: string): Option {
  return new Option(flags, description).default(parseDuration(fallback), fallback).argParser(duration);
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value === undefined) throw new InvalidArgumentError('It is a time such as 500ms, 60s or 2m.');
  return value;
}
