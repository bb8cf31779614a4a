/** What a client may send. CONNECT and STOMP mean the same. */
export const CLIENT_COMMANDS = [
  'CONNECT', 'STOMP', 'SEND', 'SUBSCRIBE', 'UNSUBSCRIBE', 'BEGIN', 'COMMIT', 'ABORT', 'ACK', 'NACK', 'DISCONNECT',
] as const;

/** What a server may send. */
export const SERVER_COMMANDS = ['CONNECTED', 'MESSAGE', 'RECEIPT', 'ERROR'] as const;

export type ClientCommand = (typeof CLIENT_COMMANDS)[number];
export type ServerCommand = (typeof SERVER_COMMANDS)[number];
export type Command = ClientCommand | ServerCommand;

export type CommandFrom = { readonly client: ClientCommand; readonly server: ServerCommand };

/** Who sends the frames in question. */
export type Side = keyof CommandFrom;

// A map from the spelling to itself gives the decoder the one constant string instead of a slice of its input.
const byName: { readonly [S in Side]: ReadonlyMap<string, CommandFrom[S]> } = {
  client: new Map(CLIENT_COMMANDS.map((command) => [command, command])),
  server: new Map(SERVER_COMMANDS.map((command) => [command, command])),
};

/** The commands that `side` may send, by their spelling. */
export function commandsFrom<S extends Side>(side: S): ReadonlyMap<string, CommandFrom[S]> {
  return byName[side];
}

/**
 * Whether headers of the command stand on the wire as they are, in every version: these frames pass before a version
 * is agreed on.
 */
export function isUnescaped(command: Command): boolean {
  return command === 'CONNECT' || command === 'STOMP' || command === 'CONNECTED';
}
