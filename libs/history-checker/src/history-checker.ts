import { ConversationLog } from './conversation-log.ts';
import { type Device, Devices, HistoryFormatError } from './device.ts';
import { EntryClaims } from './entry-claims.ts';
import type { Delivered, HistoryEvent, Resumed, SendOutcome, SendStarted, Synced, TopicEntry } from './history-event.ts';
import type { Memberships } from './memberships.ts';
import { Outsiders } from './outsiders.ts';
import { ReadCursors } from './read-cursors.ts';
import { SendLedger } from './send-ledger.ts';
import { includesSeq, rangeSize, type SeqRange } from './seq-range.ts';
import { StreamPosition } from './stream-position.ts';
import { beginAnew, beginningOf, firstPosition, unstartedPosition } from './stream-start.ts';
import { TopicStreams } from './topic-streams.ts';
import { Findings, type Offence, type VerdictCounts } from './verdict.ts';

export type HistoryCheckerOptions = {
  /**
   * How many of the latest entries, and of the latest unsettled sends, are kept with their ids and keys, about 300 bytes
   * each. Whether entries conflict, and whether a send is stored twice, is judged among these; lost, doubled, reordered
   * and foreign need no memory of entries and are exact however long a history is.
   */
  readonly rememberEntries?: number;
  /** How many offences of each verdict are named; all are counted. */
  readonly offencesEach?: number;
};

export type HistoryTotals = {
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly delivered: number;
};

export type HistoryReport = {
  readonly ok: boolean;
  readonly counts: VerdictCounts;
  readonly offences: readonly Offence[];
  readonly totals: HistoryTotals;
};

const DEFAULT_REMEMBERED = 250_000;
const DEFAULT_OFFENCES = 10;

/**
 * Judges a history while it is recorded. Does no I/O, never looks at a clock, and holds memory for what is open (sends
 * without an outcome, jumps in a stream), for each device's place in each of its conversations, and for the latest
 * entries: nothing that grows with the length of the run.
 */
export class HistoryChecker {
  readonly #logs = new Map<string, ConversationLog>();
  readonly #devices = new Devices();
  readonly #sends: SendLedger;
  readonly #findings: Findings;
  readonly #claims: EntryClaims;
  readonly #outsiders = new Outsiders();
  readonly #reads: ReadCursors;
  readonly #topics: TopicStreams;
  readonly #totals = { sent: 0, acknowledged: 0, refused: 0, delivered: 0 };
  #now = 0;

  constructor(options: HistoryCheckerOptions = {}) {
    const remember = options.rememberEntries ?? DEFAULT_REMEMBERED;
    this.#sends = new SendLedger(remember);
    this.#findings = new Findings(options.offencesEach ?? DEFAULT_OFFENCES);
    this.#claims = new EntryClaims(this.#findings, this.#sends, remember);
    this.#reads = new ReadCursors(this.#findings, () => ++this.#now);
    this.#topics = new TopicStreams(this.#findings);
  }

  /** @throws HistoryFormatError for a history that no recorder without a bug writes */
  record(event: HistoryEvent): void {
    switch (event.type) {
      case 'delivered':
        return this.#onDelivered(event);
      case 'send-started':
        return this.#onSendStarted(event);
      case 'send-outcome':
        return this.#onSendOutcome(event);
      case 'connected':
        return this.#onConnected(event.device, event.user, event.cursors);
      case 'disconnected':
        return this.#onDisconnected(event.device);
      case 'resumed':
        return this.#onResumed(event);
      case 'synced':
        return this.#onSynced(event);
      case 'joined':
        return this.#onJoined(this.#log(event.conversation), event.user, event.seq);
      case 'left':
        return this.#onLeft(this.#log(event.conversation), event.user, event.seq);
      case 'read-started':
        return this.#reads.started(this.#devices.get(event.device), event.conversation, event.seq, this.#log(event.conversation).top);
      case 'read-stored':
        return this.#reads.stored(this.#devices.get(event.device), event.conversation, event.seq);
      case 'read-seen':
        return this.#reads.seen(this.#devices.get(event.device), event.conversation, event.user, event.seq);
      case 'read-asked':
        return this.#reads.asked(event.conversation, event.user, event.seq);
      case 'topic-opened':
        return this.#topics.opened(event, this.#devices.get(event.device), this.#log(event.conversation));
      case 'topic-entry':
        return this.#onTopicEntry(event);
      case 'topic-closed':
        return this.#topics.closed(this.#devices.get(event.device), event.topic);
    }
  }

  /** SENDs without an outcome so far. */
  get openSends(): number {
    return this.#sends.open;
  }

  /** What was found wrong so far; what only the end can tell is not in it. */
  counts(): VerdictCounts {
    return this.#findings.counts();
  }

  totals(): HistoryTotals {
    return { ...this.#totals };
  }

  /**
   * How many deliveries connected devices still wait for: entries acknowledged or seen by anyone, once for each device
   * that has not seen them. Zero together with `openSends` zero is the moment at which a history may end.
   */
  outstanding(): number {
    let outstanding = 0;
    for (const { missing } of this.#outstanding()) {
      for (const range of missing) outstanding += rangeSize(range);
    }
    return outstanding;
  }

  /** How many READs connected devices still wait for, by what was asked last (`read-asked`). */
  outstandingReads(): number {
    return this.#reads.outstanding(this.#present(), this.#membershipsOf);
  }

  /** The last word: what is outstanding now is lost. Nothing may be recorded afterwards. */
  finish(): HistoryReport {
    for (const { device, log, missing } of this.#outstanding()) {
      for (const range of missing) this.#addMissing('lost', device, log, range, 'never came to this device, which was there at the end');
    }
    for (const device of this.#devices.all()) if (!device.connected) this.#judgeGaps(device);
    this.#claims.judge();
    this.#outsiders.judge(this.#findings);
    this.#topics.judge();
    this.#reads.judge(this.#present(), this.#membershipsOf);
    for (const send of this.#sends.pending()) {
      const { conversation, key } = send;
      for (const device of send.waiting.map((each) => each.device)) {
        this.#findings.add({ verdict: 'unanswered', conversation, key, device, detail: 'sent, and no RECEIPT, echo or error came' });
      }
      if (send.unseen) this.#findings.add({ verdict: 'lost', conversation, key, detail: 'acknowledged, and nobody ever saw it' });
    }
    const counts = this.counts();
    const ok = Object.values(counts).every((count) => count === 0);
    return { ok, counts, offences: this.#findings.offences(), totals: this.totals() };
  }

  #onConnected(name: string, user: string, cursors: Device['cursors']): void {
    const device = this.#devices.connected(name, user, cursors, ++this.#now);
    device.syncedAt = Infinity;
    if (cursors !== 'server') return;
    for (const position of device.positions.values()) position.allowReplay();
  }

  #onDisconnected(name: string): void {
    const device = this.#devices.get(name);
    device.connected = false;
    this.#sends.ended(name);
    this.#topics.disconnected(device);
  }

  #onResumed({ device: name, cursors }: Resumed): void {
    const device = this.#devices.get(name);
    for (const [conversation, cursor] of Object.entries(cursors)) {
      if (device.positions.has(conversation)) continue;
      // Cursors of a device that was here before the recording began are taken on trust; later ones have to be earned.
      const memberships = this.#log(conversation).memberships.of(device.user);
      device.positions.set(conversation, new StreamPosition(device.connections === 1 ? cursor : beginningOf(memberships)));
    }
    for (const [conversation, position] of device.positions) {
      const log = this.#log(conversation);
      const memberships = log.memberships.of(device.user);
      for (const range of position.resumeAfter(cursors[conversation] ?? beginningOf(memberships), memberships)) {
        this.#addMissing('gap', device, log, range, 'was jumped over in a connection that ended before it came');
      }
    }
  }

  #onSynced({ device: name, cursors, truncated }: Synced): void {
    const device = this.#devices.get(name);
    device.syncedAt = ++this.#now;
    if (device.cursors === 'fresh') beginAnew(device, cursors, this.#logs, ++this.#now);
    for (const { conversation, from, to } of truncated ?? []) device.positions.get(conversation)?.excuse({ from, to });
  }

  #onJoined(log: ConversationLog, user: string, seq: number): void {
    if (log.memberships.joined(user, seq)) this.#reads.joined(log.conversation, user);
  }

  #onLeft(log: ConversationLog, user: string, seq: number): void {
    if (log.memberships.left(user, seq)) this.#outsiders.onLeft(log, seq, this.#devices.ofUser(user));
  }

  #onSendStarted({ device: name, conversation, key, content }: SendStarted): void {
    const device = this.#devices.get(name);
    this.#totals.sent++;
    this.#sends.started(conversation, device.user, key, { device: name, content });
  }

  #onSendOutcome({ device: name, conversation, key, outcome }: SendOutcome): void {
    const { user } = this.#devices.get(name);
    const log = this.#log(conversation);
    const refused = outcome.kind === 'error';
    const placed = !refused && (outcome.seq !== undefined || log.sentBy(user, key) !== undefined);
    const answer = refused ? { kind: 'refused', code: outcome.code } as const : { kind: 'acknowledged', placed } as const;
    if (refused) this.#totals.refused++;
    else this.#totals.acknowledged++;
    const { isDue, content } = this.#sends.answered(conversation, user, name, key, answer);
    if (!isDue) {
      const detail = refused ? `answered '${outcome.code}' though nothing was asked or the log has it` : `a ${outcome.kind} to nothing that was open`;
      this.#findings.add({ verdict: 'contradicted', conversation, key, device: name, detail });
    }
    if (!refused && outcome.seq !== undefined) {
      this.#claims.claim(log, name, { seq: outcome.seq, from: user, id: outcome.id, key });
    }
    const entry = refused ? undefined : log.sentBy(user, key);
    if (entry && content !== undefined) this.#claims.written(entry, name, content);
  }

  #onDelivered(event: Delivered): void {
    const device = this.#devices.get(event.device);
    if (!device.connected) throw new HistoryFormatError(`delivered to ${event.device} while it was not connected`);
    this.#totals.delivered++;
    const log = this.#log(event.conversation);
    const { seq } = event;
    if (event.entry === 'JOIN') this.#onJoined(log, event.from, seq);
    const memberships = log.memberships.of(device.user);
    const isMember = includesSeq(memberships, seq);
    if (isMember) this.#claims.claim(log, device.name, event);
    else this.#outsiders.suspect({ device, log, seq, id: event.id, key: event.key });
    this.#advance(device, log, event, isMember ? memberships : undefined);
    if (event.entry === 'LEAVE') this.#onLeft(log, event.from, seq);
  }

  #onTopicEntry(event: TopicEntry): void {
    const device = this.#devices.get(event.device);
    if (!device.connected) throw new HistoryFormatError(`a topic's entry for ${event.device} while it was not connected`);
    const log = this.#log(event.conversation);
    this.#topics.entry(event, device);
    this.#claims.claim(log, device.name, event);
    if (event.entry === 'JOIN') this.#onJoined(log, event.from, event.seq);
    if (event.entry === 'LEAVE') this.#onLeft(log, event.from, event.seq);
  }

  /** @param memberships undefined where the entry is not, as far as is known, for this device: it moves, and no more */
  #advance(device: Device, log: ConversationLog, event: Delivered, memberships: readonly SeqRange[] | undefined): void {
    let position = device.positions.get(log.conversation);
    if (!position) {
      position = firstPosition(device, this.#devices, log, event.seq);
      device.positions.set(log.conversation, position);
    }
    const arrival = position.take(event.seq, memberships ?? []);
    if (memberships === undefined || arrival === 'in-order') return;
    const detail = arrival === 'late' ? 'came after entries with a higher seq' : `the device stood at ${position.last} already`;
    this.#findings.add({ ...named(event, arrival === 'late' ? 'reordered' : 'doubled'), detail });
  }

  #present(): readonly Device[] {
    return [...this.#devices.all()].filter((device) => device.connected && device.cursors !== 'fresh');
  }

  readonly #membershipsOf = (conversation: string): Memberships => this.#log(conversation).memberships;

  *#outstanding(): Iterable<{ device: Device; log: ConversationLog; missing: readonly SeqRange[] }> {
    for (const log of this.#logs.values()) {
      for (const user of log.memberships.users()) {
        const memberships = log.memberships.of(user);
        for (const device of this.#devices.ofUser(user)) {
          if (!device.connected || device.cursors === 'fresh') continue;
          const position = device.positions.get(log.conversation) ?? unstartedPosition(device, log);
          const missing = position?.outstanding(log.top, memberships) ?? [];
          if (missing.length > 0) yield { device, log, missing };
        }
      }
    }
  }

  #judgeGaps(device: Device): void {
    for (const [conversation, position] of device.positions) {
      const log = this.#log(conversation);
      for (const range of position.missingOf(log.memberships.of(device.user))) {
        this.#addMissing('gap', device, log, range, 'was jumped over, and the device went away');
      }
    }
  }

  #addMissing(verdict: 'lost' | 'gap', device: Device, log: ConversationLog, range: SeqRange, detail: string): void {
    this.#findings.addMany(verdict, rangeSize(range), (index) => {
      const seq = range.from + index;
      const entry = log.entryAt(seq);
      return { verdict, conversation: log.conversation, seq, id: entry?.id, key: entry?.key, device: device.name, detail };
    });
  }

  #log(conversation: string): ConversationLog {
    let log = this.#logs.get(conversation);
    if (!log) {
      log = new ConversationLog(conversation, ++this.#now);
      this.#logs.set(conversation, log);
    }
    return log;
  }
}

function named(event: Delivered, verdict: Offence['verdict']): Omit<Offence, 'detail'> {
  return { verdict, conversation: event.conversation, seq: event.seq, id: event.id, key: event.key, device: event.device };
}
