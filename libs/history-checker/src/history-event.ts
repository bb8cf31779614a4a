// What every client sent and saw: the one format that load generator, property tests and fault tests write, and that
// `HistoryChecker` judges. Events of one device are recorded in the order in which they happened to it; how the events
// of different devices interleave need only be what one observer could have seen (one process that records what comes
// in when it comes in does that by itself).
//
// A device is whoever keeps cursors for itself: in most tests one connection at a time of one user. Only the stream of
// `/user/queue/messages` is recorded as `delivered`, because it alone proves delivery; what a room's topic brings has
// events of its own.

/** Whose cursors decide where the stream of a connection begins. */
export type CursorKeeper =
  /** The device's: it resumes with `chat.sync`, and a `resumed` event says with which cursors. */
  | 'device'
  /** The server's: a client that never syncs. What was in flight when its last connection broke may come again. */
  | 'server'
  /** Nobody's yet: a new device, owed only what comes after the cursors of its first SYNCED. */
  | 'fresh';

export type Cursors = Readonly<Record<string, number>>;

export type Connected = {
  readonly type: 'connected';
  readonly device: string;
  readonly user: string;
  readonly cursors: CursorKeeper;
};

/** The device asks for everything after these cursors; conversations that it does not name start at their beginning. */
export type Resumed = { readonly type: 'resumed'; readonly device: string; readonly cursors: Cursors };

/** SYNCED came. `truncated` names what a sync with a limit left out, to be read as history. */
export type Synced = {
  readonly type: 'synced';
  readonly device: string;
  readonly cursors: Cursors;
  readonly truncated?: readonly { readonly conversation: string; readonly from: number; readonly to: number }[];
};

/** However it ended. It is the outcome of every send of this device that has none yet. */
export type Disconnected = { readonly type: 'disconnected'; readonly device: string };

/**
 * Membership of a room that no recorded JOIN or LEAVE tells of. Entries from `seq` on are for this user. Members of
 * direct conversations are known by the conversation's id.
 */
export type Joined = { readonly type: 'joined'; readonly conversation: string; readonly user: string; readonly seq: number };

/** Nothing above `seq` is for this user any longer, until the next JOIN. */
export type Left = { readonly type: 'left'; readonly conversation: string; readonly user: string; readonly seq: number };

/**
 * A SEND went out. `key` names the send among all of this user in this conversation: the `clientId` where there is one
 * (a repeat carries the same), else anything that the recorder can find its RECEIPT by.
 */
export type SendStarted = {
  readonly type: 'send-started';
  readonly device: string;
  readonly conversation: string;
  readonly key: string;
  /** What it says, or a digest of it: the log must hold that and nothing else under this key. */
  readonly content?: string;
};

/** `seq` and `id` as the acknowledgement names them, where it does. */
export type Outcome =
  | { readonly kind: 'receipt' | 'echo'; readonly seq?: number; readonly id?: string }
  | { readonly kind: 'error'; readonly code: string };

/**
 * What became of a SEND: the RECEIPT, or where none was asked for the echo, or an error. That the connection ended is
 * said by `disconnected` alone.
 */
export type SendOutcome = {
  readonly type: 'send-outcome';
  readonly device: string;
  readonly conversation: string;
  readonly key: string;
  readonly outcome: Outcome;
};

/** An entry arrived. `key` is its `clientId`; `entry` its type, where it is not CHAT. */
export type Delivered = {
  readonly type: 'delivered';
  readonly device: string;
  readonly conversation: string;
  readonly seq: number;
  readonly id: string;
  readonly from: string;
  readonly key?: string;
  readonly entry?: 'JOIN' | 'LEAVE' | 'EDIT' | 'DELETE' | 'REACTION';
  /** What it says, in the words of `send-started`. */
  readonly content?: string;
  /** DELETE: the `seq` of the entry whose content is gone, so that a repeat of it cannot be compared any more. */
  readonly erases?: number;
};

/** A `chat.read` went out. */
export type ReadStarted = { readonly type: 'read-started'; readonly device: string; readonly conversation: string; readonly seq: number };

/** Its RECEIPT came: the cursor is stored, there or further on. */
export type ReadStored = { readonly type: 'read-stored'; readonly device: string; readonly conversation: string; readonly seq: number };

/** A READ of `user` came. They may overtake each other: the highest one counts. */
export type ReadSeen = {
  readonly type: 'read-seen';
  readonly device: string;
  readonly conversation: string;
  readonly user: string;
  readonly seq: number;
};

/**
 * The read cursor of `user` as the service tells it when asked (`readSeq` over HTTP). May be recorded at any time; once
 * all is quiet, every device that is there must know it.
 */
export type ReadAsked = { readonly type: 'read-asked'; readonly conversation: string; readonly user: string; readonly seq: number };

/** The RECEIPT of a subscription to `/topic/rooms.{roomId}` came. */
export type TopicOpened = {
  readonly type: 'topic-opened';
  readonly device: string;
  /** Names the subscription among all of this device. */
  readonly topic: string;
  readonly conversation: string;
  /** Its `after` header. Without one, the stream begins where the room happens to be. */
  readonly after?: number;
  /** A public room: whoever is signed in may look on, and a LEAVE ends nothing. */
  readonly public: boolean;
  /** The room's `history`: how far back `after` may reach. */
  readonly history: 'all' | 'joined';
};

export type TopicEntry = Omit<Delivered, 'type'> & { readonly type: 'topic-entry'; readonly topic: string };

/** The device ended the subscription. That the connection ended is said by `disconnected` alone. */
export type TopicClosed = { readonly type: 'topic-closed'; readonly device: string; readonly topic: string };

export type HistoryEvent =
  | Connected
  | Resumed
  | Synced
  | Disconnected
  | Joined
  | Left
  | SendStarted
  | SendOutcome
  | Delivered
  | ReadStarted
  | ReadStored
  | ReadSeen
  | ReadAsked
  | TopicOpened
  | TopicEntry
  | TopicClosed;
