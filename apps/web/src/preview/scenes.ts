import type { ChatEntry } from '@chat/protocol';
import type { ScriptedServer } from './scripted-server.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const self = { id: 'anna', displayName: '김안나' };

const people = [
  ['ben', 'Ben Carter'],
  ['minjun', '박민준'],
  ['seo-yeon', '이서연'],
  ['dev.ops', 'Deployment notices'],
  ['longname', '아주아주아주긴이름을가진사람은이름이어디에서잘리는지보고싶어하는사람이에요'],
  ['noor', 'نور الهدى'],
  ['x1', 'X'],
] as const;

/** A morning's worth of conversations, of the kinds that screens have to stand. */
export function fill(server: ScriptedServer): void {
  for (const [id, displayName] of people) server.users.set(id, { id, displayName });
  const now = Date.now();
  talk(server, 'ben', now, [
    ['anna', now - 2 * DAY, 'Did the restore drill go through?'],
    ['ben', now - 2 * DAY + MINUTE, 'Yes. 14 minutes, start to finish.'],
    ['ben', now - 2 * DAY + 2 * MINUTE, 'The notes are at https://wiki.example.org/drills/2026-11, have a look when you can.'],
    ['anna', now - DAY, 'Read it. One question: why did the second replica need a full copy? I would have expected it to catch up from the log, since it was away for less than an hour.'],
    ['ben', now - DAY + 3 * MINUTE, 'Because I had set the retention to 30 minutes while testing and forgot to set it back. Fixed, and there is a check for it now.'],
    ['anna', now - DAY + 4 * MINUTE, 'Good.'],
    ['anna', now - DAY + 4 * MINUTE, '👍'],
    ['ben', now - 30 * MINUTE, 'I am at the office until four if you want to go through the rest together.'],
    ['anna', now - 12 * MINUTE, 'Yes please. Shall we say two?'],
    ['anna', now - 11 * MINUTE, 'I will bring the list.'],
  ], { unread: 0, read: 9, delivered: 10 });
  talk(server, 'minjun', now, [
    ['minjun', now - DAY - 5 * MINUTE, '내일 점심 같이 먹을래요?'],
    ['anna', now - DAY, '좋아요! 어디서 볼까요?'],
    ['minjun', now - 50 * MINUTE, '회사 앞 국숫집 어때요? 새로 열었는데 칼국수가 정말 맛있대요. 12시 조금 전에 가면 줄을 서지 않아도 된다고 하더라고요.'],
    ['anna', now - 49 * MINUTE, '네, 11시 50분에 1층에서 만나요'],
    ['minjun', now - 4 * MINUTE, '저 지금 내려가요'],
    ['minjun', now - 3 * MINUTE, '천천히 오세요 🙂'],
  ], { unread: 2, read: 4, delivered: 4 });
  talk(server, 'seo-yeon', now, [['anna', now - DAY, '자료 보냈어요. 확인 부탁드려요.']], { unread: 0, read: 1, delivered: 1 });
  talk(server, 'dev.ops', now, [['dev.ops', now - 5 * DAY, 'server3 drained and back, 0 entries lost.']], { unread: 12_345, read: 0, delivered: 0 });
  talk(server, 'longname', now, [['longname', now - 40 * DAY, '이름이 길면 어떻게 보이나요? 그리고 마지막 메시지도 아주 길면 한 줄에서 잘려야 해요.']], { unread: 0, read: 0, delivered: 0 });
  talk(server, 'noor', now, [['noor', now - 3 * DAY, 'مرحبا، كيف حالك؟']], { unread: 1, read: 0, delivered: 0 });
  talk(server, 'x1', now, [['x1', now - 400 * DAY, 'k']], { unread: 0, read: 0, delivered: 0 });
}

const ROOM = 'team0001';

/** A room with everything that a message can have. */
export function fillRoom(server: ScriptedServer): void {
  const now = Date.now();
  const conversationId = `room:${ROOM}`;
  const members = [
    { id: 'minjun', displayName: '박민준', role: 'owner' as const, joinedAt: 0 },
    { ...self, role: 'moderator' as const, joinedAt: 0 },
    ...people.filter(([id]) => id !== 'minjun').map(([id, displayName]) => ({ id, displayName, role: 'member' as const, joinedAt: 0 })),
  ];
  server.rooms.set(ROOM, {
    members,
    room: {
      id: ROOM, conversationId, name: '출시 준비', topic: 'What is left before Friday', visibility: 'private', history: 'joined', members: members.length,
      createdAt: 0, lastSeq: 6, me: { role: 'moderator', joinedSeq: 0 },
    },
  });
  const say = (from: string, minutes: number, message: string, more: Partial<ChatEntry> = {}): ChatEntry =>
    server.store(conversationId, from, message, { sentAt: now - minutes * MINUTE, clientId: `r-${from}-${minutes}`, ...more });
  say('minjun', 30, '금요일까지 남은 일을 정리해 볼까요?');
  say('ben', 28, 'Docs and the upgrade notes. I take both.', {
    reactions: [{ emoji: '👍', count: 3, mine: true, users: ['anna', 'minjun', 'noor'] }, { emoji: '🙏', count: 1, mine: false, users: ['seo-yeon'] }],
  });
  say('anna', 20, 'Then I look after the charts.', { replyTo: 2, editedAt: now });
  say('noor', 19, '', { deleted: true });
  say('longname', 10, '저는 오늘 오후에 부하 시험을 다시 돌려 볼게요. 결과가 나오면 여기에 올릴게요.', { replyTo: 1 });
  server.pinned.set(conversationId, [2, 1]);
  server.answers.set(`readers ${conversationId} 3`, {
    notRead: 3,
    read: [{ userId: 'minjun', displayName: '박민준' }, { userId: 'ben', displayName: 'Ben Carter' }],
    unread: [{ userId: 'noor', displayName: 'نور الهدى' }, { userId: 'x1', displayName: 'X' }],
  });
  server.answers.set(`edits ${conversationId} 3`, {
    edits: [
      { seq: 3, message: 'Then I look after the chart.', sentAt: now - 20 * MINUTE },
      { seq: 7, message: 'Then I look after the charts.', sentAt: now - 18 * MINUTE },
    ],
  });
  server.rooms.bans.push(
    { user: { id: 'spam.bot', displayName: 'Win a phone!' }, by: 'minjun', at: now - DAY, reason: '광고를 계속 올려서' },
    { user: { id: 'gone', displayName: 'Deleted account', deleted: true }, by: 'anna', at: now - 9 * DAY },
  );
  server.rooms.invites.push(
    { id: 'i1', createdBy: 'minjun', createdAt: now, expiresAt: now + 7 * DAY, usesLeft: 4, label: '디자인 팀' },
    { id: 'i2', createdBy: 'anna', createdAt: now, expiresAt: now + 30 * DAY },
  );
  const last = say('anna', 2, '고마워요! 결과를 보고 이야기해요.');
  server.summaries.set(conversationId, {
    conversationId, roomId: ROOM, name: '출시 준비', members: members.length, joinedAt: 1, lastSeq: 6, readSeq: 6, unread: 0, last, cursorVersion: 1,
    cursors: members.filter(({ id }) => id !== 'anna').map(({ id }, index) => ({ userId: id, deliveredSeq: 6, readSeq: index < 4 ? 6 : 2 })),
  });
}

/** The room as its owner sees it. */
export function becomeOwner(server: ScriptedServer): void {
  const known = server.rooms.get(ROOM);
  if (known) server.rooms.set(ROOM, { ...known, room: { ...known.room, retentionDays: 90, me: { ...known.room.me, role: 'owner' } } });
}

/** The room as a public one that one only looks at. */
export function becomeVisitor(server: ScriptedServer): void {
  const known = server.rooms.get(ROOM);
  if (known) server.rooms.set(ROOM, { ...known, room: { ...known.room, visibility: 'public', history: 'all', me: {} } });
  server.summaries.delete(`room:${ROOM}`);
}

/** Ben has deleted his account. */
export function deletePeer(server: ScriptedServer): void {
  server.users.set('ben', { id: 'ben', displayName: 'Deleted account', deleted: true });
  const conversationId = 'direct:anna:ben';
  const summary = server.summaries.get(conversationId);
  if (summary) server.summaries.set(conversationId, { ...summary, name: 'Deleted account', deleted: true });
}

type Line = readonly [from: string, at: number, text: string];

function talk(
  server: ScriptedServer,
  peer: string,
  now: number,
  lines: readonly Line[],
  { unread, read, delivered }: { readonly unread: number; readonly read: number; readonly delivered: number },
): void {
  const [a = '', b = ''] = [self.id, peer].sort();
  const conversationId = `direct:${a}:${b}`;
  for (const [from, sentAt, text] of lines) server.store(conversationId, from, text, { sentAt: Math.min(sentAt, now), clientId: `c-${peer}-${sentAt}-${text.length}` });
  const log = server.logs.get(conversationId) ?? [];
  server.summaries.set(conversationId, {
    conversationId,
    to: peer,
    name: server.users.get(peer)?.displayName,
    lastSeq: log.length,
    readSeq: log.length - Math.min(unread, log.length),
    unread,
    last: log.at(-1),
    cursors: [{ userId: peer, deliveredSeq: delivered, readSeq: read }],
    cursorVersion: 1,
  });
}
