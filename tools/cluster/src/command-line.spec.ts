import { expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';

test('three servers without a fixed port, unless told otherwise', () => {
  expect(parseCommandLine([])).toEqual({ kind: 'start', servers: 3, port: undefined, json: false });
  expect(parseCommandLine(['--servers', '5', '--json', '--port=9000'])).toEqual({
    kind: 'start',
    servers: 5,
    port: 9000,
    json: true,
  });
});

test.each([['--help'], ['-h'], ['--servers', '2', '--help']])('%s %s asks for help', (...args) => {
  expect(parseCommandLine(args)).toEqual({ kind: 'help' });
});

test.each([
  [['--server', '3'], 'there is no --server'],
  [['-x'], 'there is no -x'],
  [['three'], 'what is "three"?'],
  [['--json=yes'], '--json takes no value'],
  [['--servers'], '--servers takes a number from 1 to 32'],
  [['--servers', '0'], '--servers takes a number from 1 to 32'],
  [['--servers', '33'], '--servers takes a number from 1 to 32'],
  [['--servers', '3.5'], '--servers takes a number from 1 to 32'],
  [['--servers', '--json'], '--servers takes a number from 1 to 32'],
  [['--port', '65536'], '--port takes a number from 1 to 65535'],
  [['--port', 'http'], '--port takes a number from 1 to 65535'],
])('%j is refused: %s', (args, reason) => {
  expect(parseCommandLine(args)).toEqual({ kind: 'wrong', reason });
});
