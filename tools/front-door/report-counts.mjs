import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} failures a line for each failed test
 */

/**
 * What each runner writes for us, in its project's folder; `any`, because each reader has the type of its own report.
 * @type {Readonly<Record<string, (report: any, folder: string) => Counts>>}
 */
const readers = {
  'test-results/vitest.json': countVitest,
  'test-results/node-test.json': countNodeTest,
  'test-results/playwright.json': countPlaywright,
};

/** @type {Counts} */
export const nothing = { passed: 0, failed: 0, skipped: 0, failures: [] };

/** @param {Counts} one @param {Counts} other @returns {Counts} */
export function sum(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    failures: [...one.failures, ...other.failures],
  };
}

/** Reports of an earlier run must not be counted. @param {string} folder a project's */
export function removeReports(folder) {
  for (const name of Object.keys(readers)) rmSync(join(folder, name), { force: true });
}

/**
 * Takes a project's reports: what is counted once is gone.
 * @param {string} folder a project's
 * @returns {Counts | undefined} nothing, if no runner left a report
 */
export function takeReports(folder) {
  const found = Object.entries(readers).filter(([name]) => existsSync(join(folder, name)));
  if (found.length === 0) return undefined;
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const counts = found.map(([name, count]) => count(read(name), folder)).reduce(sum, nothing);
  removeReports(folder);
  return counts;
}

/**
 * Vitest's `json` reporter. A file that could not be loaded has no tests in it and counts as one that failed.
 * @param {VitestReport} report
 * @param {string} folder
 * @returns {Counts}
 *
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} VitestTest
 * @typedef {{ name: string, status: string, message?: string, assertionResults: VitestTest[] }} VitestFile
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} VitestCounts
 * @typedef {VitestCounts & { testResults: VitestFile[] }} VitestReport
 */
function countVitest(report, folder) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  );
  const failures = report.testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map((test) => `${relative(folder, file.name)} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: [...failures, ...broken.map((file) => `${relative(folder, file.name)}: ${firstLine(file.message)}`)],
  };
}

/**
 * Our own reporter for node:test, in node-test-reporter.mjs.
 * @param {{ passed: number, failed: number, skipped: number, failures: string[] }} report
 * @returns {Counts}
 */
function countNodeTest({ passed, failed, skipped, failures }) {
  return { passed, failed, skipped, failures };
}

/**
 * Playwright's `json` reporter. A test that passed at its second try counts as failed: it is one that cannot be relied on.
 * @param {PlaywrightReport} report
 * @returns {Counts}
 *
 * @typedef {{ title: string, file: string, line: number, ok: boolean, tests: { status: string }[] }} PlaywrightSpec
 * @typedef {{ specs?: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 * @typedef {{ expected: number, unexpected: number, flaky: number, skipped: number }} PlaywrightStats
 * @typedef {{ stats: PlaywrightStats, suites: PlaywrightSuite[], errors: { message?: string }[] }} PlaywrightReport
 */
function countPlaywright({ stats, suites, errors }) {
  const failures = suites
    .flatMap(specsIn)
    .flatMap((spec) =>
      spec.tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(
          ({ status }) =>
            `${basename(spec.file)}:${spec.line} > ${spec.title}${status === 'flaky' ? ' (passed at a later try)' : ''}`,
        ),
    );
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
    failures: [...failures, ...errors.map(({ message }) => firstLine(message))],
  };
}

/** @param {PlaywrightSuite} suite @returns {PlaywrightSpec[]} */
function specsIn({ specs = [], suites = [] }) {
  return [...specs, ...suites.flatMap(specsIn)];
}

/** @param {string | undefined} text */
function firstLine(text = 'no message') {
  return text.trim().split('\n', 1)[0] ?? '';
}
