/**
 * A reporter for `node --test`: one JSON document with the counts and the failed tests.
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} events
 */
export default async function* report(events) {
  const failures = [];
  let counts;
  for await (const { type, data } of events) {
    if (type === 'test:fail' && isTest(data)) failures.push(`${data.name}: ${firstLine(data.details.error)}`);
    // One summary comes for each file, with its name, and one for all of them, without.
    if (type === 'test:summary' && data.file === undefined) counts = data.counts;
  }
  if (counts === undefined) return;
  const { tests, passed, skipped, todo } = counts;
  yield JSON.stringify({ passed, failed: tests - passed - skipped - todo, skipped: skipped + todo, failures });
}

/**
 * A suite fails with each test in it, and only the tests are counted.
 * @param {{ details: { type?: string, error: Error } }} failure
 */
function isTest({ details: { type, error } }) {
  return type !== 'suite' && !('failureType' in error && error.failureType === 'subtestsFailed');
}

/** @param {Error} error as node:test wraps it: the test's own is its cause */
function firstLine(error) {
  return String(error.cause ?? error).split('\n', 1)[0];
}
