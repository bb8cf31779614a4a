import { isPortFree } from '@chat/services';
import { startCluster, type Cluster } from './cluster.ts';
import { HELP, parseCommandLine, type CommandLine } from './command-line.ts';
import { clusterJson, clusterTable } from './report.ts';

const USUAL_PORT = 8080;

/** Two signals within this time are one Ctrl-C that reached us twice: from the terminal, and passed on by npm. */
const ONE_CTRL_C_MS = 1_000;

// Only the line of --json goes to stdout.
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(args: readonly string[]): Promise<void> {
  const commandLine = parseCommandLine(args);
  if (commandLine.kind === 'start') return runCluster(commandLine);
  if (commandLine.kind === 'help') {
    process.stdout.write(HELP);
    return;
  }
  say(`cluster: ${commandLine.reason}; --help tells what there is`);
  process.exitCode = 2;
}

async function runCluster({ servers, port, json }: Extract<CommandLine, { kind: 'start' }>): Promise<void> {
  const running: { cluster?: Cluster } = {};
  onStopSignal(async () => {
    say('stopping');
    await running.cluster?.stop();
  });
  const began = performance.now();
  const cluster = await startCluster({ servers, port: await portForNginx(port), log: say });
  running.cluster = cluster;
  say(`ready after ${((performance.now() - began) / 1_000).toFixed(1)} s\n${clusterTable(cluster)}\nCtrl-C stops everything.`);
  if (json) process.stdout.write(`${clusterJson(cluster)}\n`);
}

async function portForNginx(wanted: number | undefined): Promise<number | undefined> {
  if (wanted === undefined) return (await isPortFree(USUAL_PORT)) ? USUAL_PORT : undefined;
  if (await isPortFree(wanted)) return wanted;
  throw new Error(`port ${wanted} is taken`);
}

/**
 * Stops in order at the first signal and exits. At a second one, or where not everything is started yet, it just exits:
 * what is left is ended and removed by the watchdog, at once.
 */
function onStopSignal(stop: () => Promise<void>): void {
  let firstAt: number | undefined;
  const onSignal = (): void => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > ONE_CTRL_C_MS) process.exit(1);
      return;
    }
    firstAt = performance.now();
    stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

function fail(error: unknown): never {
  say(`cluster: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

await main(process.argv.slice(2)).catch(fail);
