import type { ChatError } from '@chat/protocol';
import type { LogEntry } from '../conversations/log-entry.ts';
import type { Signal } from '../delivery/signal.ts';
import type { UserRef } from '../conversations/message-store.port.ts';

/** Where the entries of one `/topic/rooms.<roomId>` subscription go. Nothing comes after `close`, `onRefused` or `onEnded`. */
export interface RoomTopicSink {
  /** Entries that may be handed over now: not endless where each has to be acknowledged. */
  readonly room: number;
  /** Calls back once there is room again. The last call counts. */
  whenRoom(callback: () => void): void;
  /** Entries by rising `seq`, without a gap from `after` (or from going live) on. */
  onEntry(entry: LogEntry): void;
  /** What is told to those who look at the room and is no entry, such as how many have not read. Only once live. */
  onSignal(signal: Signal): void;
  /** From now on everything comes as it happens. Called once. */
  onLive(): void;
  /** There is no such room, or it may not be read, or the time is wrong. Instead of `onLive`, and nothing comes before it. */
  onRefused(error: ChatError): void;
  /** The reader may read no further: its own LEAVE was the last entry. */
  onEnded(): void;
  /** Resolves when what was handed over has mostly left; at once if little waits. */
  drained(): Promise<void>;
  /** It cannot go on, for a reason that waiting does not mend. Ends the session. */
  onFailed(error: unknown): void;
}

/** One open subscription to a room. */
export interface RoomTopic {
  /** Ends it, at whatever stage. Nothing comes to the sink any more, not even of what is being read. Again does nothing. */
  close(): void;
}

/** What sessions ask of the rooms of this server. */
export interface RoomTopics {
  /**
   * Shows the room to this reader from now on, or with `after` from the entry behind that `seq` on; one beyond the end
   * is the end. Answers at once; whether the room may be read is told to the sink, later than this call.
   */
  open(reader: UserRef, roomId: string, after: number | undefined, sink: RoomTopicSink): RoomTopic;
}
