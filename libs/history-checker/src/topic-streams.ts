import type { ConversationLog } from './conversation-log.ts';
import type { Device } from './device.ts';
import type { TopicEntry, TopicOpened } from './history-event.ts';
import { includesSeq, type SeqRange } from './seq-range.ts';
import type { Findings, Offence } from './verdict.ts';

type Stream = {
  readonly opened: TopicOpened;
  readonly device: Device;
  readonly log: ConversationLog;
  /** The last entry that came, or what the stream was to begin after; undefined where that is the server's choice. */
  last: number | undefined;
  /** The JOIN of the membership under which it was opened, as far as was known. */
  readonly joined: number | undefined;
  /** One's own LEAVE has come, after which a private room sends nothing. */
  ended: boolean;
};

/** Subscriptions to rooms: from where they begin without a gap, to the LEAVE in a private room, else for ever. */
export class TopicStreams {
  readonly #findings: Findings;
  readonly #streams = new Map<Device, Map<string, Stream>>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  opened(opened: TopicOpened, device: Device, log: ConversationLog): void {
    let streams = this.#streams.get(device);
    if (!streams) this.#streams.set(device, (streams = new Map<string, Stream>()));
    const memberships = log.memberships.of(device.user);
    const joined = memberships.at(-1)?.from;
    streams.set(opened.topic, { opened, device, log, last: beginning(opened, memberships, log.top), joined, ended: false });
  }

  closed(device: Device, topic: string): void {
    this.#streams.get(device)?.delete(topic);
  }

  disconnected(device: Device): void {
    this.#streams.delete(device);
  }

  entry(event: TopicEntry, device: Device): void {
    const stream = this.#streams.get(device)?.get(event.topic);
    // What was on its way when the device unsubscribed is nobody's stream any more.
    if (!stream) return;
    const { seq, id, key, conversation } = event;
    const offence = (verdict: Offence['verdict'], detail: string): void =>
      this.#findings.add({ verdict, conversation, seq, id, key, device: device.name, detail: `topic ${event.topic}: ${detail}` });
    this.#judgeRight(stream, seq, offence);
    if (stream.last !== undefined && seq <= stream.last) return offence('doubled', `the stream stood at ${stream.last} already`);
    if (stream.last !== undefined && seq > stream.last + 1) offence('gap', `came after ${stream.last}`);
    stream.last = seq;
    if (event.entry === 'LEAVE' && event.from === device.user && !stream.opened.public) stream.ended = true;
  }

  /** What is owed to a subscription that was there to the end. */
  judge(): void {
    for (const { opened, device, log, last, joined, ended } of [...this.#streams.values()].flatMap((streams) => [...streams.values()])) {
      if (last === undefined || ended) continue;
      const memberships = log.memberships.of(device.user);
      const membership = memberships.find((range) => range.from === joined) ?? memberships.at(-1);
      const end = opened.public ? log.top : Math.min(log.top, membership?.to ?? 0);
      this.#findings.addMany('lost', Math.max(0, end - last), (index) => {
        const detail = `topic ${opened.topic}: never came to this subscription, which was there at the end`;
        return { verdict: 'lost', conversation: log.conversation, seq: last + 1 + index, device: device.name, detail };
      });
    }
  }

  #judgeRight({ opened, device, log }: Stream, seq: number, offence: (verdict: Offence['verdict'], detail: string) => void): void {
    if (opened.public) return;
    const memberships = log.memberships.of(device.user);
    if (includesSeq(memberships, seq)) return;
    const left = memberships.findLast((range) => range.to < seq)?.to;
    if (left !== undefined) offence('leaked', `${device.user} had left at ${left}`);
    else if (opened.history === 'joined' || memberships.length === 0) offence('foreign', `${device.user} is no member there`);
  }
}

function beginning({ after, history }: TopicOpened, memberships: readonly SeqRange[], top: number): number | undefined {
  // More than there is counts as the end, wherever that is by then.
  if (after === undefined || after > top) return undefined;
  if (history === 'all') return after;
  // Who is no member, or whose JOIN nobody has been given yet, may begin where a member would who joins then.
  const present = memberships.at(-1);
  return present?.to === Infinity ? Math.max(after, present.from - 1) : undefined;
}
