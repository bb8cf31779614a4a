import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import { entryId } from '../conversations/log-entry.ts';
import type { LogReader } from '../conversations/log-reader.ts';
import type { ConversationPosition } from '../conversations/message-store.port.ts';
import { cursorSignal } from './cursor-book.ts';
import type { FeedSource } from './feed.ts';

/** A log in memory whose answers take as long as the test says (fake time). */
export class ScriptedLog implements LogReader {
  readonly entries = new Map<string, LogEntry[]>();
  readonly reads: string[] = [];
  /** Versions of cursors, and those that the device knows. */
  versions = new Map<string, readonly [number, number]>();
  /** Ms until a read sees the log, and until its answer arrives. */
  delays: () => readonly [number, number] = () => [1, 1];

  conversation(conversationId: string): Conversation {
    if (!this.entries.has(conversationId)) this.entries.set(conversationId, []);
    return { conversationId, conversationNo: [...this.entries.keys()].indexOf(conversationId) + 1 };
  }

  append(conversationId: string, from = 'anna'): LogEntry {
    const conversation = this.conversation(conversationId);
    const log = this.of(conversationId);
    const seq = log.length + 1;
    const id = entryId(1_000 + seq, conversation.conversationNo, seq);
    const entry: LogEntry = { ...conversation, seq, id, from, type: 'CHAT', body: Buffer.from(`${conversationId}/${seq}`) };
    log.push(entry);
    return entry;
  }

  of(conversationId: string): LogEntry[] {
    return this.entries.get(conversationId) ?? [];
  }

  lastSeq(conversationId: string): number {
    return this.of(conversationId).length;
  }

  /** Whether the next read fails. */
  failing: () => boolean = () => false;

  async read(conversation: Conversation, after: number, upTo: number): Promise<readonly LogEntry[]> {
    this.reads.push(`${conversation.conversationId} ${after}-${upTo}`);
    const [seen, answered] = this.delays();
    await sleep(seen);
    if (this.failing()) throw new Error('The log cannot be read.');
    const page = this.of(conversation.conversationId).slice(after, Math.min(upTo, after + 7));
    await sleep(answered);
    return page;
  }

  /** What a feed of this user reads when it goes live; `cursors` are those of its device. */
  source(userId: string, cursors: ReadonlyMap<string, number> = new Map()): FeedSource {
    return {
      positions: async () => {
        const [seen, answered] = this.delays();
        await sleep(seen);
        const rows = [...this.entries.keys()]
          .filter((id) => id.startsWith(`direct:${userId}:`) || id.endsWith(`:${userId}`))
          .map((conversationId): ConversationPosition => ({
            ...this.conversation(conversationId),
            lastSeq: this.lastSeq(conversationId),
            joinedSeq: 0,
            deliveredSeq: Math.min(cursors.get(conversationId) ?? 0, this.lastSeq(conversationId)),
            cursorVersion: this.versions.get(conversationId)?.[0] ?? 0,
            knownCursorVersion: this.versions.get(conversationId)?.[1] ?? 0,
          }));
        await sleep(answered);
        return rows;
      },
      cursorSignals: (conversations) =>
        Promise.resolve(conversations.map(({ conversationId }) => cursorSignal('READ', conversationId, 'peer', 1, 1))),
    };
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
