import type { Pool } from 'pg';
import { allSignInsOf } from './principal.ts';
import { inTransaction, runQuery } from './store-query.ts';

const NAME_OF_DELETED = 'Deleted account';
/** How long the end of all sign-ins is kept for servers to hear of; each asks every second. */
const TOLD_MS = 86_400_000;

// In this order, in one transaction. The lock keeps out whoever brings the user into a room or a new conversation
// meanwhile, for they lock the row as well: they were before, and are seen, or come after, and find it deleted.
const LOCK = 'select id from users where user_no = $1 and deleted_at is null for update';
const IN_ROOMS = `
select exists (select from members m join rooms using (conversation_no) where m.user_no = $1 and m.left_seq is null) as in_rooms`;
/** Receipts are off: how far somebody read who is gone is nobody's business. */
const ERASE_PROFILE = `
update users set display_name = $2, search_name = '', password_hash = null, read_receipts = false, last_seen_at = null,
  deleted_at = now_ms()
where user_no = $1`;
const ERASE_DEVICES = 'delete from devices where user_no = $1';
const ERASE_MUTES = 'delete from room_mutes where user_no = $1';
/** The leave version tells all servers to look again who may write: here nobody. Locked in the order of all writers. */
const CLOSE_DIRECT = `
with direct as materialized (
  select c.conversation_no from conversations c join members m on m.conversation_no = c.conversation_no
  where m.user_no = $1 and not exists (select from rooms r where r.conversation_no = c.conversation_no)
  order by c.conversation_no for no key update of c
)
update conversations c set leave_version = leave_version + 1 from direct d where c.conversation_no = d.conversation_no`;
const END_SIGN_INS = `
with ended as (
  update sign_ins set ended_at = now_ms(), ended_in = pg_current_xact_id() where user_no = $1 and ended_at is null
)
insert into sign_ins (sid, user_no, expires_at, ended_at, ended_in)
values ($2, $1, now_ms() + $3::bigint, now_ms(), pg_current_xact_id())
on conflict (sid) do nothing`;

/**
 * Erases who somebody was and ends all of their sign-ins, both or neither. Whoever is still in a room is left as they
 * are. Throws ChatError `unavailable`.
 */
export function eraseAccount(pool: Pool, userNo: number): Promise<'erased' | 'in-rooms'> {
  return inTransaction(pool, async (client) => {
    const run = (text: string, ...more: unknown[]): Promise<unknown> => runQuery(client, { text, values: [userNo, ...more] });
    const [user] = (await runQuery<{ id: string }>(client, { text: LOCK, values: [userNo] })).rows;
    if (user === undefined) return 'erased'; // before, by a request of another connection
    const { rows } = await runQuery<{ in_rooms: boolean }>(client, { text: IN_ROOMS, values: [userNo] });
    if (rows[0]?.in_rooms !== false) return 'in-rooms';
    await run(ERASE_PROFILE, NAME_OF_DELETED);
    await run(ERASE_DEVICES);
    await run(ERASE_MUTES);
    await run(CLOSE_DIRECT);
    await run(END_SIGN_INS, allSignInsOf(user.id), TOLD_MS);
    return 'erased';
  });
}
