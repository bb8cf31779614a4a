import { writeFileSync } from 'node:fs';
import { LoadConductor } from './conduct-load.ts';
import { LoadRunError } from './load-run-error.ts';
import { parseCommandLine } from './options/command-line.ts';
import { absenceTable } from './long-absence/absence-table.ts';
import { runAbsentDevice } from './long-absence/absent-device.ts';
import { ABSENT_DEVICE } from './long-absence/absent-messages.ts';
import { runLongAbsence } from './long-absence/long-absence.ts';
import { type Options, UsageError } from './options/options.ts';
import { reportTable } from './report-table.ts';
import { runWorker } from './worker.ts';
import { WORKER_VARIABLE } from './worker-messages.ts';

const ExitCode = { ok: 0, wrong: 1, usage: 2, notRun: 3 } as const;

async function main(): Promise<number> {
  const options = parseCommandLine(process.argv.slice(2), process.env);
  if (!options) return ExitCode.ok;
  if (options.scenario === 'long-absence') return await longAbsence(options);
  const conductor = new LoadConductor(options, process.stderr);
  stopAtSignals(conductor);
  const report = await conductor.conduct();
  process.stdout.write(reportTable(report));
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(report, undefined, 2)}\n`);
  return report.ok ? ExitCode.ok : ExitCode.wrong;
}

async function longAbsence(options: Options): Promise<number> {
  const report = await runLongAbsence(options, process.stderr);
  process.stdout.write(absenceTable(report));
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(report, undefined, 2)}\n`);
  return report.ok ? ExitCode.ok : ExitCode.wrong;
}

/** Two signals within this time are one Ctrl-C that reached us twice: from the terminal, and passed on by npm. */
const ONE_CTRL_C_MS = 1_000;

/** The first Ctrl-C ends the sending, the second the waiting for what was sent; both still report. */
function stopAtSignals(conductor: LoadConductor): void {
  let firstAt: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      process.stderr.write('\nsending no more; waiting for what was sent (again to stop waiting)\n');
      conductor.stop();
    } else if (now - firstAt > ONE_CTRL_C_MS) conductor.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
}

function explain(error: unknown): number {
  if (error instanceof UsageError || error instanceof LoadRunError) {
    process.stderr.write(`loadgen: ${error.message}\n`);
    return error instanceof UsageError ? ExitCode.usage : ExitCode.notRun;
  }
  throw error;
}

if (process.env[WORKER_VARIABLE] === ABSENT_DEVICE) runAbsentDevice();
else if (process.env[WORKER_VARIABLE]) runWorker();
else process.exitCode = await main().catch(explain);
