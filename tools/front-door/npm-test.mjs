// `npm test`: type check, lint, build and test every project, then the end-to-end tests, and count what came out.
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { FrontDoorFailure } from './failure.mjs';
import { Nx } from './nx.mjs';
import { say } from './progress.mjs';
import { needsServices, SharedServices } from './shared-services.mjs';
import { nothing, removeReports, sum, takeReports } from './report-counts.mjs';

/** @typedef {import('./nx.mjs').GraphProject} GraphProject */
/** @typedef {import('./report-counts.mjs').Counts} Counts */
/** @typedef {{ name: string, counts: Counts }} Result */

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const nx = new Nx(root, process.execPath);
const services = new SharedServices();
/** @type {NodeJS.Signals | undefined} */
let interruptedBy;

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    interruptedBy ??= signal;
    void nx.stop();
  });
}

const results = await run(process.argv.slice(2)).catch(failureOfTheRun);
await services.stop().catch((/** @type {unknown} */ error) => results.push(failed('services', messageOf(error))));
const total = results.map(({ counts }) => counts).reduce(sum, nothing);
process.stdout.write(summary(results, total), () => process.exit(total.failed === 0 ? 0 : 1));

/** @param {readonly string[]} patterns which projects; all, if there are none @returns {Promise<Result[]>} */
async function run(patterns) {
  const option = patterns.find((pattern) => pattern.startsWith('-'));
  if (option !== undefined) throw new FrontDoorFailure('usage', `npm test takes names of projects, not ${option}`);
  say(`testing with Node ${process.version}`);
  const all = await nx.projects();
  const chosen = patterns.length === 0 ? all : await choose(all, patterns);
  const dependent = chosen.filter((project) => needsServices(project, all));
  const withBrowser = chosen.some(({ targets }) => targets.has('e2e'));
  // They start while the compilers run.
  const ready = dependent.length === 0 ? Promise.resolve() : services.start(withBrowser);
  const failure = ready.then(
    () => undefined,
    (/** @type {unknown} */ error) => error,
  );

  const results = await runTargets(['typecheck', 'lint', 'build'], chosen, { parallel: 2, style: 'static' });
  const servicesFailure = await failure;
  if (servicesFailure !== undefined) results.push(failed('services', messageOf(servicesFailure)));
  const testable = servicesFailure === undefined ? chosen : chosen.filter((project) => !dependent.includes(project));

  // One project at a time: each uses both cores itself, and tests that watch a cluster want the machine for themselves.
  const alone = /** @type {const} */ ({ parallel: 1, style: 'stream-without-prefixes', env: services.environment });
  results.push(...(await runTests('test', testable, alone)));
  const playwright = join('test-results', 'playwright.json');
  const env = { ...services.environment, PLAYWRIGHT_JSON_OUTPUT_NAME: playwright };
  results.push(...(await runTests('e2e', testable, { ...alone, env, args: ['--reporter=list,json'] })));
  if (results.every(({ counts }) => counts.passed + counts.failed === 0))
    results.push(failed('npm test', 'no test was run'));
  return results;
}

/** @param {readonly GraphProject[]} all @param {readonly string[]} patterns */
async function choose(all, patterns) {
  /** @type {Set<string>} */
  const names = new Set();
  for (const pattern of patterns) {
    const matching = await nx.matching(pattern);
    if (matching.length === 0) {
      throw new FrontDoorFailure(
        'usage',
        `no project matches ${pattern}; there are ${all.map(({ name }) => name).join(', ')}`,
      );
    }
    for (const name of matching) names.add(name);
  }
  return all.filter(({ name }) => names.has(name));
}

/**
 * Each target of each project counts as one test.
 * @param {readonly string[]} targets
 * @param {readonly GraphProject[]} projects
 * @param {import('./nx.mjs').RunOptions} options
 * @returns {Promise<Result[]>}
 */
async function runTargets(targets, projects, options) {
  const { tasks, ended } = await runMany(targets, projects, options);
  /** @type {Result[]} */
  const results = targets
    .filter((target) => projects.some((project) => project.targets.has(target)))
    .map((target) => {
      const ran = tasks.filter((task) => task.target === target);
      const bad = ran.filter(({ passed }) => !passed);
      const wanted = projects.filter((project) => project.targets.has(target));
      const left = wanted.filter(({ name }) => !ran.some(({ project }) => project === name)).length;
      const failures = bad.map(({ project }) => `${project}:${target}`);
      return { name: target, counts: { passed: ran.length - bad.length, failed: bad.length, skipped: left, failures } };
    });
  if (ended !== 0 && tasks.every(({ passed }) => passed))
    results.push(failed(targets.join(', '), `nx ended with ${ended}`));
  return results;
}

/**
 * A target whose tests are counted from the reports of its runner.
 * @param {string} target
 * @param {readonly GraphProject[]} projects
 * @param {import('./nx.mjs').RunOptions} options
 * @returns {Promise<Result[]>}
 */
async function runTests(target, projects, options) {
  const wanted = projects.filter((project) => project.targets.has(target));
  for (const { folder } of wanted) removeReports(join(root, folder));
  const { tasks, ended } = await runMany([target], wanted, options);
  const results = wanted.map(({ name, folder }) => {
    const title = `${name}:${target}`;
    const task = tasks.find((candidate) => candidate.project === name && candidate.target === target);
    const counts = takeReports(join(root, folder)) ?? nothing;
    if (task === undefined) return { name: title, counts: { ...nothing, skipped: 1 } };
    if (counts.passed + counts.failed + counts.skipped === 0) {
      return failed(title, task.passed ? 'reported no tests' : 'failed before its first test');
    }
    // The runner found fault outside of the tests: an error nobody awaited, a hook, a process that died.
    if (!task.passed && counts.failed === 0) {
      return { name: title, counts: sum(counts, failed(title, 'failed outside of its tests').counts) };
    }
    return { name: title, counts: { ...counts, failures: counts.failures.map((line) => `${title} ${line}`) } };
  });
  if (ended !== 0 && tasks.every(({ passed }) => passed)) results.push(failed(target, `nx ended with ${ended}`));
  return results;
}

/**
 * @param {readonly string[]} targets
 * @param {readonly GraphProject[]} projects
 * @param {import('./nx.mjs').RunOptions} options
 * @returns {Promise<import('./nx.mjs').NxRun>}
 */
async function runMany(targets, projects, options) {
  const names = projects
    .filter((project) => targets.some((target) => project.targets.has(target)))
    .map(({ name }) => name);
  if (names.length === 0) return { tasks: [], ended: 0 };
  say(`${targets.join(', ')} of ${names.length} projects`);
  return nx.runMany(targets, names, options);
}

/** @param {unknown} error @returns {Result[]} */
function failureOfTheRun(error) {
  if (interruptedBy !== undefined) return [failed('npm test', `interrupted by ${interruptedBy}`)];
  if (!(error instanceof FrontDoorFailure)) console.error(error);
  return [failed('npm test', messageOf(error))];
}

/** @param {string} name @param {string} why @returns {Result} */
function failed(name, why) {
  return { name, counts: { passed: 0, failed: 1, skipped: 0, failures: [`${name}: ${why}`] } };
}

/** @param {readonly Result[]} results @param {Counts} total */
function summary(results, total) {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.map(({ name, counts }) => `  ${name.padEnd(width)}  ${inWords(counts)}`);
  const failures = total.failures.map((line) => `  ✗ ${line}`);
  return ['', ...lines, ...(failures.length > 0 ? ['', 'Failed:', ...failures] : []), '', inWords(total), ''].join(
    '\n',
  );
}

/** @param {Counts} counts */
function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
