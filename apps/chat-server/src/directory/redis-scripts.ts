import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';

/*
 * What Redis holds. All keys carry one hash tag, so that a script may touch all of them on Redis Cluster too.
 *
 *   {chat}:leases   hash   server id → "epoch expiresAt"
 *   {chat}:users    hash   user id → "server1:epoch server2:epoch", and "#server id" → "epoch count"
 *   {chat}:rooms    hash   the same for room ids
 *
 * The count is raised by every write of a server's entries and stands in both hashes. A renewal that finds another
 * epoch or count than the server knows of tells that Redis has lost something: all, one of the keys, or what came after
 * an older copy. Expiry is compared within Redis, by its own clock alone.
 */
const KEYS = ['{chat}:leases', '{chat}:users', '{chat}:rooms'] as const;

export const ENTRY_KEYS = { user: KEYS[1], room: KEYS[2] } as const;

/** ARGV: server id, then as each script says. All numbers are integers below 2^53, so "%.0f" writes them in full. */
const COMMON = `
local leases, users, rooms = KEYS[1], KEYS[2], KEYS[3]
local server = ARGV[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function read_lease(text)
  if not text then return nil end
  local epoch, expires = string.match(text, '^(%d+) (%d+)$')
  return tonumber(epoch), tonumber(expires)
end

local function write_lease(epoch, lease_ms)
  redis.call('HSET', leases, server, string.format('%.0f %.0f', epoch, now + lease_ms))
end

local function write_count(epoch, count)
  local text = string.format('%.0f %.0f', epoch, count)
  redis.call('HSET', users, '#' .. server, text)
  redis.call('HSET', rooms, '#' .. server, text)
end

-- 'ok', or why not: this epoch's lease and count, between min and max, must be there.
local function check(epoch, min, max)
  local found, expires = read_lease(redis.call('HGET', leases, server))
  if found and found > epoch then return 'superseded' end
  if not found then return 'lease gone' end
  if found < epoch then return 'older lease found' end
  if expires <= now then return 'lease ran out' end
  local text = redis.call('HGET', users, '#' .. server)
  if not text or text ~= redis.call('HGET', rooms, '#' .. server) then return 'entries lost' end
  local of, count = string.match(text, '^(%d+) (%d+)$')
  if tonumber(of) ~= epoch then return 'entries lost' end
  if tonumber(count) < min or tonumber(count) > max then return 'entries lost' end
  return 'ok'
end

-- Epochs by server, of the leases that live.
local function living()
  local all, live = redis.call('HGETALL', leases), {}
  for i = 1, #all, 2 do
    local epoch, expires = read_lease(all[i + 1])
    if expires > now then live[all[i]] = epoch end
  end
  return live
end

local function answer_with_living()
  local answer = { 'ok' }
  for id, epoch in pairs(living()) do
    answer[#answer + 1] = id
    answer[#answer + 1] = string.format('%.0f', epoch)
  end
  return answer
end

-- An epoch without a lease is over for good, since whoever regains a lease takes a new one. So what is left out here
-- cannot come back, whoever does it and when.
local function without_dead(text, live, except)
  local kept = {}
  for part in string.gmatch(text, '%S+') do
    local id, epoch = string.match(part, '^(.*):(%d+)$')
    if id ~= except and live[id] and live[id] <= tonumber(epoch) then kept[#kept + 1] = part end
  end
  return kept
end

local function store(key, field, old, kept)
  local text = table.concat(kept, ' ')
  if text == old then return end
  if text == '' then redis.call('HDEL', key, field) else redis.call('HSET', key, field, text) end
end
`;

/**
 * ARGV: server id, new epoch, previous epoch (the newest this process has tried, 0 for none), lease ms, 'start' or
 * 'again'. A start waits for a living lease of another; a process that has had a lease yields to any newer epoch.
 */
const TAKE = `
local epoch, previous, lease_ms = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local found, expires = read_lease(redis.call('HGET', leases, server))
if found and ARGV[5] == 'again' and found > previous then return { 'superseded' } end
if found and ARGV[5] == 'start' and expires > now and found ~= previous then
  return { 'held', string.format('%.0f %.0f', found, expires), string.format('%.0f', expires - now) }
end
if found and found >= epoch then return { 'newer' } end
write_lease(epoch, lease_ms)
write_count(epoch, 0)
return answer_with_living()
`;

/** ARGV: server id, epoch, least count, greatest count, lease ms. Prolongs only; it never makes a lease anew. */
const RENEW = `
local status = check(tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]))
if status ~= 'ok' then return { status } end
write_lease(tonumber(ARGV[2]), tonumber(ARGV[5]))
return answer_with_living()
`;

/** ARGV: server id, epoch, least count, greatest count, new count, then pairs of ±user or ±room and an id. */
const WRITE = `
local status = check(tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]))
if status ~= 'ok' then return { status } end
local live, own = living(), server .. ':' .. ARGV[2]
for i = 6, #ARGV, 2 do
  local key = string.sub(ARGV[i], 2) == 'user' and users or rooms
  local old = redis.call('HGET', key, ARGV[i + 1]) or ''
  local kept = without_dead(old, live, server)
  if string.sub(ARGV[i], 1, 1) == '+' then kept[#kept + 1] = own end
  store(key, ARGV[i + 1], old, kept)
end
write_count(tonumber(ARGV[2]), tonumber(ARGV[5]))
return { 'ok' }
`;

/** ARGV: server id, epoch. Gives the lease up, if it is still this epoch's. */
const RELEASE = `
local found = read_lease(redis.call('HGET', leases, server))
if found ~= tonumber(ARGV[2]) then return { 'lease gone' } end
redis.call('HDEL', leases, server)
redis.call('HDEL', users, '#' .. server)
redis.call('HDEL', rooms, '#' .. server)
return { 'ok' }
`;

/** ARGV: server id, 'user' or 'room', ms to keep ended leases for, then fields to look at. */
const SWEEP = `
local live, key = living(), ARGV[2] == 'user' and users or rooms
for i = 4, #ARGV do
  local field = ARGV[i]
  local old = redis.call('HGET', key, field)
  if old and string.sub(field, 1, 1) == '#' then
    if not live[string.sub(field, 2)] then redis.call('HDEL', key, field) end
  elseif old then
    store(key, field, old, without_dead(old, live, nil))
  end
end
local all = redis.call('HGETALL', leases)
for i = 1, #all, 2 do
  local _, expires = read_lease(all[i + 1])
  if expires + tonumber(ARGV[3]) < now then redis.call('HDEL', leases, all[i]) end
end
return { 'ok' }
`;

export class Script {
  readonly #source: string;
  readonly #sha: string;

  constructor(body: string) {
    this.#source = COMMON + body;
    this.#sha = createHash('sha1').update(this.#source).digest('hex');
  }

  /** The first word of the answer, and the rest of it. */
  async run(redis: Redis | Cluster, args: readonly (string | number)[]): Promise<readonly [string, ...string[]]> {
    const answer = await redis.evalsha(this.#sha, KEYS.length, ...KEYS, ...args).catch((error: Error) => {
      // Scripts are gone after a restart of Redis.
      if (!error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(this.#source, KEYS.length, ...KEYS, ...args);
    });
    const [first, ...rest] = Array.isArray(answer) ? answer.map(String) : [];
    if (first === undefined) throw new Error('a script did not answer with a list');
    return [first, ...rest];
  }
}

export const SCRIPTS = {
  take: new Script(TAKE),
  renew: new Script(RENEW),
  write: new Script(WRITE),
  release: new Script(RELEASE),
  sweep: new Script(SWEEP),
} as const;

/** The list of living leases in the answer of `take` and `renew`, as epochs by server. */
export function leasesIn(rest: readonly string[]): ReadonlyMap<string, number> {
  const leases = new Map<string, number>();
  for (let i = 0; i + 1 < rest.length; i += 2) leases.set(rest[i] ?? '', Number(rest[i + 1]));
  return leases;
}
