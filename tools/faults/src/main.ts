import { Command, InvalidArgumentError } from 'commander';
import { faults, type Fault } from './fault.ts';
import { runFaults } from './fault-run.ts';

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It has to be a whole number above 0.');
  return value;
}

function chosen(names: readonly string[]): readonly Fault[] {
  if (names.length === 0) return faults;
  return names.map((name) => {
    const fault = faults.find((one) => one.name === name);
    if (fault === undefined) throw new InvalidArgumentError(`There is no fault ${name}. Faults: ${faults.map((one) => one.name).join(', ')}`);
    return fault;
  });
}

type Options = { readonly servers: number; readonly users: number; readonly rate: number; readonly pause: number; readonly rounds: number };

const program = new Command('faults')
  .description('Breaks a real cluster in the middle of a load, and judges that nothing was lost, doubled or reordered.')
  .argument('[fault...]', `which, in this order; all by default: ${faults.map((fault) => fault.name).join(', ')}`)
  .option('--servers <n>', 'chat servers', wholeNumber, 3)
  .option('--users <n>', 'users', wholeNumber, 300)
  .option('--rate <n>', 'messages a second', wholeNumber, 500)
  .option('--pause <seconds>', 'load before, between and behind the faults', wholeNumber, 5)
  .option('--rounds <n>', 'how often all of it', wholeNumber, 1)
  .action(async (names: string[], options: Options) => {
    const once = chosen(names);
    const { exitCode, report, defects } = await runFaults({
      ...options,
      faults: Array.from({ length: options.rounds }, () => once).flat(),
      pauseMs: options.pause * 1_000,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    process.stdout.write(report);
    for (const [name, value] of defects) process.stdout.write(`defect: ${name} is ${value}\n`);
    process.exitCode = exitCode === 0 && defects.size === 0 ? 0 : 1;
  });

await program.parseAsync();
