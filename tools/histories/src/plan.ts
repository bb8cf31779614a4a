/** How a device ends its connection: with a WebSocket close, with DISCONNECT, by a broken socket, or by reading no more. */
export type Ending = 'close' | 'disconnect' | 'cut' | 'vanish';

/** How a device comes back. `fresh`: as a new installation that knows nothing. */
export type Return = { readonly server: number; readonly limit?: number; readonly inTwoFrames?: boolean };

/**
 * One step of a history. Numbers name devices, conversations and entries round and round (see `itemAt`), so that a plan
 * still means something when other steps are taken out of it.
 */
export type Command =
  | { readonly do: 'send'; readonly device: number; readonly conversation: number; readonly receipt: boolean }
  /** An earlier send of the same user once more, with the same `clientId`. */
  | { readonly do: 'repeat'; readonly device: number; readonly send: number; readonly sameText: boolean }
  /** Several in one transaction, in turn to two conversations that may be one. */
  | { readonly do: 'together'; readonly device: number; readonly conversation: number; readonly other: number; readonly count: number }
  | { readonly do: 'edit' | 'delete' | 'react'; readonly device: number; readonly conversation: number; readonly back: number }
  | { readonly do: 'read'; readonly device: number; readonly conversation: number; readonly back: number }
  | { readonly do: 'type'; readonly device: number; readonly conversation: number }
  | { readonly do: 'join' | 'leave'; readonly device: number; readonly room: number }
  /** By the room's owner, over HTTP. */
  | { readonly do: 'invite' | 'expel'; readonly user: number; readonly room: number; readonly server: number }
  | { readonly do: 'disconnect'; readonly device: number; readonly how: Ending }
  | ({ readonly do: 'connect'; readonly device: number } & Return)
  | { readonly do: 'new-device'; readonly user: number; readonly server: number }
  | { readonly do: 'watch'; readonly device: number; readonly room: number; readonly after: number | undefined }
  | { readonly do: 'unwatch'; readonly device: number; readonly topic: number };

export type Step = Command & {
  /** Milliseconds before the next step begins; none of them waits for what it has begun. */
  readonly pause: number;
};

export type DevicePlan = {
  readonly user: number;
  readonly server: number;
  /** Whether it syncs by cursors of its own, or lets the server keep them, as a stock STOMP client does. */
  readonly keeps: 'device' | 'server';
  /** How it acknowledges what comes: nothing, in runs, or one by one and not in order. */
  readonly ack: AckMode;
};

export type AckMode = 'auto' | 'client' | 'client-individual';

export type RoomPlan = {
  readonly owner: number;
  readonly visibility: 'public' | 'private';
  readonly history: 'all' | 'joined';
  /** Brought in by the owner before the first step. */
  readonly members: readonly number[];
};

/** All that is decided before a history runs. What it cannot decide is how the servers' work interleaves. */
export type Plan = {
  readonly seed: number;
  readonly users: number;
  readonly devices: readonly DevicePlan[];
  readonly rooms: readonly RoomPlan[];
  readonly directs: readonly (readonly [number, number])[];
  readonly steps: readonly Step[];
};
