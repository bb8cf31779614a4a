import { Admission } from './admission/admission.ts';
import { LoadMonitor } from './admission/load-monitor.ts';
import type { FastifyInstance } from 'fastify';
import { MemoryBus } from './bus/bus.memory.ts';
import type { Bus } from './bus/bus.port.ts';
import { RabbitMqBus, type BusCounts } from './bus/bus.rabbitmq.ts';
import { Publisher } from './bus/publisher.ts';
import { AuthRefresh } from './commands/auth-refresh.ts';
import { ChatDelete } from './commands/chat-delete.ts';
import { ChatEdit } from './commands/chat-edit.ts';
import { ChatReact } from './commands/chat-react.ts';
import { ChatJoin } from './commands/chat-join.ts';
import { ChatLeave } from './commands/chat-leave.ts';
import { ChatRead } from './commands/chat-read.ts';
import { ChatSend } from './commands/chat-send.ts';
import { ChatSync } from './commands/chat-sync.ts';
import { ChatTyping } from './commands/chat-typing.ts';
import { CommandTable } from './commands/command-table.ts';
import { EntrySubmission } from './commands/entry-submission.ts';
import { SendRates } from './commands/send-rates.ts';
import { Appender } from './conversations/appender.ts';
import { ConversationBook } from './conversations/conversation-book.ts';
import { PostgresCursorStore } from './conversations/cursor-store.postgres.ts';
import type { LogEntry } from './conversations/log-entry.ts';
import { BatchingLogReader } from './conversations/log-reader.ts';
import { PostgresMembershipStore } from './conversations/membership-store.postgres.ts';
import { PostgresMessageStore } from './conversations/message-store.postgres.ts';
import { CatchUp } from './delivery/catch-up.ts';
import { CursorBook } from './delivery/cursor-book.ts';
import { newDeliveryCounts } from './delivery/delivery-counts.ts';
import { FeedReads } from './delivery/feed-reads.ts';
import { Gates } from './delivery/gates.ts';
import { PacedLogReader } from './delivery/paced-log-reader.ts';
import { Redeliveries } from './delivery/redeliveries.ts';
import { RoomFeeds } from './delivery/room-feed.ts';
import { RoomReads } from './delivery/room-reads.ts';
import { RoomRegistry } from './delivery/room-registry.ts';
import { MemoryDirectory } from './directory/directory.memory.ts';
import type { Directory } from './directory/directory.port.ts';
import { RedisDirectory } from './directory/directory.redis.ts';
import { FailedConnects } from './gateway/failed-connects.ts';
import { buildHttp } from './gateway/http.ts';
import { registerAccountDeletion } from './gateway/http-account-deletion.ts';
import { registerConversations } from './gateway/http-conversations.ts';
import { registerExports } from './gateway/http-exports.ts';
import { registerPins } from './gateway/http-pins.ts';
import { registerReadState } from './gateway/http-read-state.ts';
import { registerSearch } from './gateway/http-search.ts';
import { registerRooms } from './gateway/http-rooms.ts';
import { registerSockJs } from './gateway/sockjs/sockjs.ts';
import { SockJsSessions } from './gateway/sockjs/sockjs-sessions.ts';
import { registerWebSocket } from './gateway/websocket.ts';
import { ChangeTargets } from './history/change-targets.ts';
import { Exports } from './history/export.ts';
import { ForwardSources } from './history/forward-sources.ts';
import { History } from './history/history.ts';
import { Pins } from './history/pins.ts';
import { ReadableConversations } from './history/readable-conversations.ts';
import type { Ground } from './lifecycle/ground.ts';
import { LocalArrivals } from './lifecycle/local-arrivals.ts';
import { Reachability } from './lifecycle/reachability.ts';
import { PostgresContactStore } from './presence/contact-store.ts';
import { Presence } from './presence/presence.ts';
import { CursorCatchUp } from './read-state/cursor-catch-up.ts';
import { NotReadNews } from './read-state/not-read-news.ts';
import { ReadStateUpkeep } from './read-state/read-state-upkeep.ts';
import { Retention } from './retention/retention.ts';
import { AccountDeletion } from './rooms/account-deletion.ts';
import { Memberships, membershipKeys } from './rooms/memberships.ts';
import { RoomInvites } from './rooms/room-invites.ts';
import { RoomMembers } from './rooms/room-members.ts';
import { PostgresRoomStore } from './rooms/room-store.postgres.ts';
import { Rooms } from './rooms/rooms.ts';
import { Router } from './routing/router.ts';
import { SearchIndexer } from './search/search-indexer.ts';
import { SearchStore } from './search/search-store.ts';
import { MessageFrames } from './stomp/message-frames.ts';
import { OutboundBudget } from './stomp/outbound-budget.ts';
import { Sessions } from './stomp/sessions.ts';

/** A WebSocket message may hold this many frames of the largest size. One frame that is too large is then told so by ERROR. */
const MESSAGE_FRAMES = 4;
/** SockJS sessions over HTTP before CONNECT: they live for seconds, and cost whoever makes them no socket. */
const SOCKJS_STRANGERS = 1_000;
const SOCKJS_STRANGERS_OF_ADDRESS = 100;

/** The parts of a server that others than their makers need: what starts, ends and measures it. */
export type ServerParts = ReturnType<typeof compose>;

/** Wires a server by hand, and waits for nothing. This file is the only place that names adapters. */
export function compose(ground: Ground) {
  const { settings, log, readiness, database, identity, onDefect } = ground;
  const { serverId } = settings;

  // The log
  const store = new PostgresMessageStore(database, settings.readReceiptMembers);
  const cursorStore = new PostgresCursorStore(database.pool, settings.readReceiptMembers);
  const logReader = new BatchingLogReader(store, onDefect);
  const missed = new PacedLogReader(logReader, settings.replayEntriesPerSecond);
  const conversations = new ConversationBook(store);
  const memberships = new PostgresMembershipStore(database.pool);

  // What people read of it, and change
  const history = new History(database.pool);
  const targets = new ChangeTargets(database.pool);
  const pins = new Pins(database.pool, history);
  const readable = new ReadableConversations(store, memberships);

  const exports = new Exports({ history, readable, store });
  const search = new SearchStore(database.pool);
  const searchIndexer = new SearchIndexer({ pool: database.pool, onDefect });
  const retention = new Retention({ pool: database.pool, keep: settings.retention, onDefect });

  // Other servers
  const directory = makeDirectory(ground);
  const bus = makeBus(ground, directory);
  const publisher = new Publisher(bus, (target) => directory.liveServers.includes(target));

  // From the log to the sessions
  const counts = newDeliveryCounts();
  const roomReads = new RoomReads(memberships, onDefect);
  const registry = new RoomRegistry(directory, () => reachability.catchUpSoon(0));
  const gates = new Gates({
    log: logReader, counts, reads: roomReads, registry, onLive: (conversationId) => presence.onConversation(conversationId),
  });
  const cursorCatchUp = new CursorCatchUp({ store: cursorStore, tellHere: (signal) => gates.signal(signal) });
  const local = new LocalArrivals(
    gates,
    (entry) => {
      presence.onEntry(entry);
      notRead.onEntry(entry);
    },
    (signal) => {
      cursorCatchUp.onSignal(signal);
      notRead.onSignal(signal);
    },
  );
  const router = new Router({ serverId, directory, publisher, local });
  const contacts = new PostgresContactStore(database.pool, settings.presenceRoomMembers);
  const presence: Presence = new Presence({ serverId, directory, publisher, store, contacts, onDefect });
  const roomFeeds = new RoomFeeds({ gates, reads: roomReads, log: missed, counts });
  const notRead: NotReadNews = new NotReadNews({
    store: cursorStore, viewers: roomFeeds, largestTold: settings.readReceiptMembers, onDefect,
    tellServers: (signal) => router.onSignals([signal]),
  });
  const catchUp = new CatchUp({ gates, store, counts, rooms: roomReads, cursors: cursorCatchUp, onDefect });
  const reads = new FeedReads(store, cursorStore, (positions) => cursorCatchUp.onPositions(positions));
  const upkeep = new ReadStateUpkeep(cursorStore, onDefect);
  const sessions = new Sessions(settings.limits.sessionsPerUser);
  const outbound = new OutboundBudget(settings.outboundBytesInAll);
  const load = new LoadMonitor({ lagMs: settings.admission.overloadLagMs, memoryPart: settings.admission.overloadMemoryPart });
  const admission = new Admission({ ...settings.admission, load });
  const sockJs = new SockJsSessions({
    strangers: SOCKJS_STRANGERS,
    strangersOfAddress: settings.rates.enabled ? SOCKJS_STRANGERS_OF_ADDRESS : undefined,
    maxBodyBytes: MESSAGE_FRAMES * settings.limits.frameBytes,
    strangerBytes: MESSAGE_FRAMES * settings.limits.frameBytesBeforeConnected,
    // A ping has to be answered within silentMs.
    streamEndsMs: Math.min(9_000, 0.45 * settings.limits.silentMs),
  });

  // From the sessions to the log
  const onCommitted = (entries: readonly LogEntry[]): void => {
    router.onCommitted(entries);
    upkeep.onCommitted(entries);
    searchIndexer.note(entries);
  };
  const appender = new Appender(store, {
    onWriter: (entry, leaveVersion) => conversations.onWriter(entry, leaveVersion),
    onCommitted,
    onAvailability: (available) => reachability.onStoreAvailability(available),
    onDefect,
  });
  const cursors = new CursorBook({
    store: cursorStore, onMoved: (signals) => router.onSignals(signals), onMovedInLarge: (room) => notRead.onMovedHere(room), onDefect,
  });

  const redeliveries = new Redeliveries({ store: cursorStore, cursors, onDefect });

  const { rates } = settings;
  const sendRates = new SendRates(rates.enabled ? { burst: rates.sendBurst, perMinute: rates.sendsPerMinute } : undefined);
  const roomParts = {
    store: new PostgresRoomStore(database.pool),
    memberships: new Memberships({ store: memberships, onCommitted, newKey: membershipKeys(ground.epoch) }),
    rates: sendRates,
  };

  const reachability = new Reachability({ readiness, catchUp, log, onDirectoryBack: () => router.onDirectoryBack() });

  return {
    store, cursorStore, logReader, missed, conversations, directory, bus, publisher, counts, gates, local, router, presence, catchUp, sessions, sockJs, outbound, load, admission,
    appender, cursors, redeliveries, reachability, identity, history, targets, pins, readable, memberships, roomFeeds,
    reads, notRead, upkeep, cursorCatchUp,
    search, searchIndexer, retention, exports, sendRates, roomParts,
  };
}

/** One line for each application destination. */
function composeCommands(parts: ServerParts, submission: EntrySubmission, { settings }: Ground): CommandTable {
  const { conversations, cursors, identity, router, history, targets, readable, roomParts } = parts;
  const { limits } = settings;
  const typing = new ChatTyping({ conversations, onSignals: (signals) => router.onSignals(signals) });
  const { messageCodePoints } = limits;
  const changes = { conversations, targets };
  const send = new ChatSend({
    ...changes,
    sources: new ForwardSources(readable, history),
    messageCodePoints,
    onSend: (conversationId, from) => typing.onSend(conversationId, from),
  }, submission);
  return new CommandTable([
    send,
    new ChatEdit({ ...changes, messageCodePoints }, submission),
    new ChatDelete(changes, submission),
    new ChatReact(changes, submission),
    new ChatJoin(roomParts),
    new ChatLeave(roomParts),
    typing,
    new ChatRead({ conversations, cursors }),
    new ChatSync(limits.cursorsPerSync),
    new AuthRefresh((accessToken) => identity.authenticate(accessToken)),
  ]);
}

/** The HTTP side with all its routes: one line for each group. */
export async function composeHttp(parts: ServerParts, ground: Ground): Promise<FastifyInstance> {
  const { settings, readiness, log } = ground;
  const { identity, roomParts } = parts;
  const http = await buildHttp({ identity, readiness, settings, log });
  registerConversations(http, parts);
  registerRooms(http, identity, { rooms: new Rooms(roomParts), members: new RoomMembers(roomParts), invites: new RoomInvites(roomParts) });
  const deletion = new AccountDeletion({ pool: ground.database.pool, rooms: roomParts.store, memberships: roomParts.memberships });
  registerAccountDeletion(http, { identity, deletion, rates: settings.rates });
  registerReadState(http, { ...parts, largestNamed: settings.readersByNameMembers });
  registerPins(http, parts);
  registerSearch(http, parts);
  registerExports(http, parts);
  const stomp = {
    services: sessionServices(parts, ground),
    allowedOrigins: settings.http.allowedOrigins,
    strangerBytes: MESSAGE_FRAMES * settings.limits.frameBytesBeforeConnected,
    isAdmitting: () => readiness.phase === 'ready',
  };
  await registerWebSocket(http, { ...stomp, maxMessageBytes: MESSAGE_FRAMES * settings.limits.frameBytes });
  await registerSockJs(http, { ...stomp, sessions: parts.sockJs });
  return http;
}

/** What every session works with. */
function sessionServices(parts: ServerParts, ground: Ground) {
  const { settings, log } = ground;
  const { missed, identity, reachability, sessions, presence, gates, roomFeeds, cursors, counts } = parts;
  const submission = new EntrySubmission({ appender: parts.appender, rates: parts.sendRates, epoch: ground.epoch });
  return {
    serverId: settings.serverId,
    limits: { ...settings.limits, unacknowledgedEntries: settings.unacknowledgedEntries },
    admission: parts.admission,
    outbound: parts.outbound,
    subscribeRate: settings.rates.enabled ? { burst: settings.rates.subscribeBurst, perMinute: settings.rates.subscribesPerMinute } : undefined,
    authenticator: identity,
    connects: new FailedConnects(settings.rates.enabled ? settings.rates.failedConnectsPerMinute : undefined),
    sessions,
    commands: composeCommands(parts, submission, ground),
    submission,
    presence,
    roomTopics: roomFeeds,
    gates,
    log: missed,
    reads: parts.reads,
    cursors,
    redeliveries: parts.redeliveries,
    catchUp: () => reachability.catchUpSoon(0),
    counts,
    frames: new MessageFrames(),
    logger: log,
  };
}

function makeDirectory({ settings, log, nextEpoch }: Ground): Directory {
  const { serverId } = settings;
  if (settings.mode !== 'cluster') return new MemoryDirectory({ serverId });
  const onProblem = (problem: string): void => log.warn({ problem }, 'Redis');
  return new RedisDirectory({ url: settings.redis.url, serverId, nextEpoch, onProblem });
}

function makeBus({ settings, log }: Ground, directory: Directory): Bus & { readonly counts?: BusCounts } {
  const { serverId } = settings;
  if (settings.mode !== 'cluster') return new MemoryBus({ serverId });
  const onProblem = (problem: string): void => log.warn({ problem }, 'RabbitMQ');
  return new RabbitMqBus({ url: settings.rabbitmq.urls, serverId, leaseConfirmed: () => directory.leaseConfirmed(), onProblem });
}
