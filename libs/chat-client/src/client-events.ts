import type { Entry, ErrorBody, SyncedSignal } from '@chat/protocol';
import type { ConnectionState } from './connection/connection-state.ts';
import type { Truncated } from './delivery/entry-order.ts';

export type ClientEvents = {
  /** Each change of what can be told of the connection. */
  connection: ConnectionState;
  /** Each entry of each conversation once, by rising `seq` within its conversation. */
  entry: Entry;
  /** Entries that will not come because the gap was too long: to be read as history. */
  truncated: Truncated;
  /** Everything missed has been delivered (or was named in `truncated`); what follows is live. */
  synced: SyncedSignal;
  /** The outbox's items of this conversation have changed. */
  outbox: { readonly conversationId: string };
  /** The server asked for patience: sending goes on at this moment (epoch ms). */
  held: number;
  /** Someone's delivered or read cursor in this conversation moved, perhaps one's own on another device. */
  cursors: { readonly conversationId: string };
  typing: { readonly conversationId: string };
  presence: Presence;
  /** The server refused something that is no message of the outbox. */
  refused: ErrorBody;
};

export type Presence = { readonly userId: string; readonly online: boolean; readonly lastSeen?: number };
