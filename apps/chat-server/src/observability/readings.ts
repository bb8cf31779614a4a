import type { BusCounts } from '../bus/bus.rabbitmq.ts';
import type { PublisherCounts } from '../bus/publisher.ts';
import type { DeliveryCounts } from '../delivery/delivery-counts.ts';
import type { Reading } from './metrics.ts';

/** What of a server is measured. */
export type MeasuredParts = {
  readonly sessions: { readonly size: number };
  readonly sockJs: { readonly size: number; readonly refused: number };
  readonly outbound: { readonly bytes: number; readonly ended: number };
  readonly load: { readonly overloaded: boolean; readonly last: { readonly lagMs: number; readonly memoryPart: number } };
  readonly admission: { readonly connecting: number; readonly waiting: number; readonly refused: number };
  readonly gates: { readonly size: number };
  readonly appender: { readonly queued: number; readonly queuedCharacters: number };
  readonly reads: { readonly inFlight: number; readonly waiting: number; readonly refused: number };
  readonly missed: { readonly waiting: number };
  readonly cursorCatchUp: { readonly found: number };
  readonly cursors: { readonly waiting: number };
  readonly redeliveries: { readonly givenUp: number };
  readonly presence: { readonly watched: number };
  readonly searchIndexer: { readonly waiting: number };
  readonly retention: { readonly deleted: number };
  /** The one in the process counts nothing. */
  readonly bus: { readonly counts?: BusCounts };
  readonly publisher: { readonly counts: PublisherCounts };
  readonly counts: DeliveryCounts;
};

/** Every metric of a server, one line each. */
export function readings(parts: MeasuredParts, pool: { readonly waitingCount: number }): readonly Reading[] {
  const { sessions, sockJs, gates, appender, reads, missed, cursorCatchUp, cursors, redeliveries, presence, searchIndexer, retention, bus, publisher, counts } = parts;
  const published = publisher.counts;
  return [
    gauge('chat_sessions', 'Open STOMP sessions', () => sessions.size),
    gauge('chat_sockjs_sessions', 'Of these over SockJS', () => sockJs.size),
    counter('chat_sockjs_refused_total', 'SockJS sessions refused because too many others had not said CONNECT yet', () => sockJs.refused),
    ...outboundReadings(parts),
    gauge('chat_gates', 'Conversations that are live here', () => gates.size),
    gauge('chat_append_queue', 'Entries that wait to be stored', () => appender.queued),
    gauge('chat_append_queue_characters', 'Characters of the texts that wait to be stored', () => appender.queuedCharacters),
    gauge('chat_cursor_queue', 'Cursors that wait to be stored', () => cursors.waiting),
    counter('chat_redeliveries_given_up_total', 'Conversations of devices in which what was never acknowledged counted as delivered in the end', () => redeliveries.givenUp),
    gauge('chat_presence_watched', 'Users whose presence is followed here', () => presence.watched),
    counter('chat_retention_deleted_total', 'Entries that retention deleted', () => retention.deleted),
    gauge('chat_search_waiting', 'Conversations whose newest messages are not searched yet', () => searchIndexer.waiting),
    gauge('chat_database_waiting', 'Queries that wait for a connection to PostgreSQL', () => pool.waitingCount),
    counter('chat_bus_received_total', 'Envelopes received', () => bus.counts?.received ?? 0),
    counter('chat_bus_unreadable_total', 'Envelopes that could not be read', () => bus.counts?.unreadable ?? 0),
    counter('chat_bus_dead_letters_lost_total', 'Unreadable envelopes that could not be kept', () => bus.counts?.deadLettersLost ?? 0),
    counter('chat_bus_rebuilt_total', 'Times that the consumer had to be made anew', () => bus.counts?.rebuilt ?? 0),
    gauge('chat_opening_reads_waiting', 'Reads of opening sessions that wait for their turn', () => reads.waiting),
    counter('chat_opening_reads_refused_total', 'Reads of opening sessions refused because too many waited', () => reads.refused),
    gauge('chat_replay_waiting', 'Sessions whose long gaps wait for their next page', () => missed.waiting),
    counter('chat_cursors_told_again_total', 'Conversations whose cursors were told again because news may have been lost', () => cursorCatchUp.found),
    counter('chat_bus_envelopes_total', 'Envelopes published', () => published.envelopes),
    counter('chat_bus_records_total', 'Records published in them', () => published.records),
    counter('chat_bus_failed_total', 'Envelopes that were not confirmed', () => published.failed),
    counter('chat_bus_reached_total', "Times that 'conversation C reached N' was told instead", () => published.reachedAnnounced),
    counter('chat_gate_repeats_total', 'Entries that came twice and were dropped', () => counts.repeats),
    counter('chat_gate_log_reads_total', 'Gaps read from the log', () => counts.logReads),
    counter('chat_gate_announced_too_far_total', 'Announced entries that the log does not have: a defect', () => counts.announcedTooFar),
    counter('chat_gate_forgotten_total', 'Entries that retention took before they passed this server', () => counts.forgotten),
    counter('chat_live_holes_total', 'Holes found when going live: a defect', () => counts.holesAtGoLive),
    counter('chat_live_overflows_total', 'Sessions that had too much held while going live', () => counts.heldOverflows),
    counter('chat_slow_readers_total', 'Sessions ended because they did not read', () => counts.slowReaders),
    counter('chat_found_by_sweep_total', 'Entries that only the periodic catch-up found: a defect', () => counts.foundBySweep),
  ];
}

function outboundReadings({ outbound, load, admission }: MeasuredParts): readonly Reading[] {
  return [
    gauge('chat_outbound_bytes', 'Bytes that wait for sessions to read them', () => outbound.bytes),
    counter('chat_outbound_full_total', 'Sessions ended because too much waited for all together', () => outbound.ended),
    gauge('chat_overloaded', '1 while nobody new is let in', () => (load.overloaded ? 1 : 0)),
    gauge('chat_event_loop_lag_ms', 'Mean delay of the event loop in the last second', () => load.last.lagMs),
    gauge('chat_memory_part', 'Used part of the memory or heap limit, 0 to 1', () => load.last.memoryPart),
    gauge('chat_connects', 'CONNECTs that are looked into', () => admission.connecting),
    gauge('chat_connects_waiting', 'CONNECTs that wait for their turn', () => admission.waiting),
    counter('chat_refused_total', 'Openings and CONNECTs refused because there was too much to do', () => admission.refused),
  ];
}

function counter(name: string, help: string, read: () => number): Reading {
  return { name, help, read, kind: 'counter' };
}

function gauge(name: string, help: string, read: () => number): Reading {
  return { name, help, read, kind: 'gauge' };
}
