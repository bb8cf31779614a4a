import process from 'node:process';

/** What the front door says itself goes to stderr: stdout belongs to the command that runs behind it. */
export function say(/** @type {string} */ line) {
  process.stderr.write(`front-door: ${line}\n`);
}
