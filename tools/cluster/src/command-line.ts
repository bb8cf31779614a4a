import { parseArgs } from 'node:util';

export type CommandLine =
  | { readonly kind: 'start'; readonly servers: number; readonly port: number | undefined; readonly json: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly reason: string };

export const HELP = `Runs a cluster on this machine: chat servers behind nginx, with a RabbitMQ, a Redis and a PostgreSQL of its own.

  npm run cluster -- [options]

  --servers <n>   how many chat servers, 1 to 32 (3)
  --port <port>   where nginx listens (8080, or a free port where that is taken)
  --json          print one line of JSON on stdout when all is ready
  --help          print this

The environment is passed on to the chat servers, so that RATE_LIMITS=off and other settings work as usual.
Everything listens on 127.0.0.1 and works in temporary folders; Ctrl-C stops it all and leaves nothing behind.
`;

const options = {
  servers: { type: 'string' },
  port: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export function parseCommandLine(args: readonly string[]): CommandLine {
  // Not strict: its own messages go over several sentences, and ours are to be one clear line.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const given = new Map<string, string | undefined>();
  for (const token of tokens) {
    if (token.kind === 'positional') return wrong(`what is "${token.value}"?`);
    if (token.kind === 'option-terminator') continue;
    if (!Object.hasOwn(options, token.name)) return wrong(`there is no ${token.rawName}`);
    given.set(token.name, token.value);
  }
  if (given.has('help')) return { kind: 'help' };
  if (given.get('json') !== undefined) return wrong('--json takes no value');
  const servers = given.has('servers') ? wholeNumber(given.get('servers'), 1, 32) : 3;
  if (servers === undefined) return wrong('--servers takes a number from 1 to 32');
  const port = wholeNumber(given.get('port'), 1, 65_535);
  if (given.has('port') && port === undefined) return wrong('--port takes a number from 1 to 65535');
  return { kind: 'start', servers, port, json: given.has('json') };
}

function wrong(reason: string): CommandLine {
  return { kind: 'wrong', reason };
}

function wholeNumber(text: string | undefined, lowest: number, highest: number): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= lowest && value <= highest ? value : undefined;
}
