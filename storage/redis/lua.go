package redis

// The keys of a conversation, all under the hash tag of its shard:
//
//	c:CONV  hash: f fence · o owner · u leased until, ms, 0 = free · v version · s session · d last event done
//	        · k when it will be forgotten, ms · i when i:CONV was last given its time, ms
//	e:CONV  list: id, ms, body of each undone event
//	x:CONV  list: key, ms, body of each outbox row
//	i:CONV  sorted set: ids seen, by ms
//
// and of the shard: due, aside. A conversation is in due as long as it has work or a
// holder. f outlives the lease so that a repeated Settle is recognised. A
// conversation's first fence is the time in ms and each claim adds one, so that no
// old fence is given again after it was deleted. c lives as long as the session is
// kept, and longer than any lease on it.
//
// Calls within a script are what a turn costs here, PEXPIRE four times as much as
// HSET; that is why times to live are renewed seldom and lists are popped before they
// are looked at.

// claiming takes the lease if it can and answers with the work in hand. A claim that
// is repeated finds its own name in o and gets the same answer. seenF and seenV are
// turn.Seen; a session the caller has is not read and answered as 1. events are those in
// e where that is known.
const claiming = `
local function claim(fresh, c, e, x, i, due, conv, now, owner, lasts, handful, seenF, seenV, events)
  local m = redis.call('HMGET', c, 'u', 'o', 'f', 'v', 'k', 'i')
  local fence = m[3]
  if m[1] and tonumber(m[1]) > tonumber(now) and (lasts == '0' or m[1] - now <= 2 * lasts) then
    if m[2] ~= owner then return {fresh, 0} end
  else
    if lasts == '0' then
      redis.call('ZADD', due, now, conv)
      return {fresh, 0}
    end
    if fresh == 0 and redis.call('EXISTS', e, x) == 0 then
      redis.call('ZREM', due, conv)
      return {fresh, 0}
    end
    fence = (fence or now - 1) + 1
    local till = now + lasts
    local day = 86400000
    if i and (not m[6] or now - m[6] > day) then
      redis.call('HSET', c, 'f', fence, 'o', owner, 'u', till, 'i', now)
      redis.call('PEXPIRE', i, 3 * day)
      redis.call('ZREMRANGEBYSCORE', i, '-inf', now - 2 * day)
    else
      redis.call('HSET', c, 'f', fence, 'o', owner, 'u', till)
    end
    if m[5] and m[5] - till < 60000 then
      redis.call('PEXPIRE', c, lasts + 60000)
      redis.call('HSET', c, 'k', till + 60000)
    end
    redis.call('ZADD', due, till, conv)
  end
  local session = 1
  if m[4] ~= seenV or fence - 1 ~= tonumber(seenF) then session = redis.call('HGET', c, 's') end
  return {fresh, 1, tonumber(fence), m[4], session, events or redis.call('LRANGE', e, 0, handful), redis.call('LRANGE', x, 0, -1)}
end
`

// removing takes n triples, named from ARGV[from] on, out of a list; they are nearly
// always its head.
const removing = `
local function remove(list, from, n)
  if n == 0 then return end
  local head = redis.call('LPOP', list, n * 3)
  if not head then return end
  local gone, left = {}, {}
  for i = from, from + n - 1 do gone[ARGV[i]] = true end
  for i = 1, #head, 3 do
    if not gone[head[i]] then left[#left+1] = head[i]; left[#left+1] = head[i+1]; left[#left+1] = head[i+2] end
  end
  if #left == 0 then return end
  local all = redis.call('LRANGE', list, 0, -1)
  for i = 1, #all, 3 do
    if not gone[all[i]] then left[#left+1] = all[i]; left[#left+1] = all[i+1]; left[#left+1] = all[i+2] end
  end
  redis.call('DEL', list)
  for i = 1, #left, 3 do redis.call('RPUSH', list, left[i], left[i+1], left[i+2]) end
end
`

// KEYS c e x i due · ARGV conv now owner lasts handful id body seenMost maxWaiting seenF seenV.
// An event that is the only one is answered without its body, which the caller has.
var acceptScript = newScript(claiming + `
local fresh = redis.call('ZADD', KEYS[4], 'NX', ARGV[2], ARGV[6])
local only
if fresh == 1 then
  local n = redis.call('RPUSH', KEYS[2], ARGV[6], ARGV[2], ARGV[7])
  if n > ARGV[9] * 3 then
    redis.call('RPOP', KEYS[2], 3)
    redis.call('ZREM', KEYS[4], ARGV[6])
    return {-1}
  end
  if n == 3 then only = {ARGV[6], ARGV[2], ''} end
end
local work = claim(fresh, KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[10], ARGV[11], only)
if work[3] and work[3] % 16 == 0 or fresh == 1 and work[2] == 0 then
  redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -ARGV[8] - 1)
end
return work
`)

// KEYS c e x due · ARGV conv now owner lasts handful
var claimScript = newScript(claiming + `
return claim(0, KEYS[1], KEYS[2], KEYS[3], nil, KEYS[4], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], '0', '')
`)

// KEYS c due · ARGV conv fence till lasts
var renewScript = newScript(`
local m = redis.call('HMGET', KEYS[1], 'f', 'u')
if m[1] ~= ARGV[2] or m[2] == '0' then return 0 end
redis.call('HSET', KEYS[1], 'u', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4], 'GT') -- k is looked at again by the next claim
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
`)

// KEYS c e x aside · ARGV conv now fence version session done dead maxDead keep nGone gone… key body …
var commitScript = newScript(removing + `
local m = redis.call('HMGET', KEYS[1], 'f', 'u', 'v', 'd', 'k')
if m[1] ~= ARGV[3] or m[2] == '0' then return 0 end
local v, read = tonumber(m[3] or '0'), tonumber(ARGV[4])
if v == read + 1 and m[4] == ARGV[6] then return 1 end
if v ~= read then return 0 end
local set = {'HSET', KEYS[1], 'v', v + 1, 'd', ARGV[6]}
if ARGV[5] ~= '' then set[7] = 's'; set[8] = ARGV[5] end
local keep, till = tonumber(ARGV[9]), ARGV[2] + ARGV[9]
if not m[5] or tonumber(m[5]) > till or till - m[5] > keep / 32 then
  redis.call('PEXPIRE', KEYS[1], keep)
  set[#set+1] = 'k'; set[#set+1] = till
end
redis.call(unpack(set))
local head = redis.call('LPOP', KEYS[2], 3)
if head and head[1] ~= ARGV[6] then redis.call('LPUSH', KEYS[2], head[3], head[2], head[1])
elseif head and ARGV[7] == '1' then
  redis.call('LPUSH', KEYS[4], head[3], ARGV[2], ARGV[6], ARGV[1])
  redis.call('LTRIM', KEYS[4], 0, ARGV[8] * 4 - 1)
end
local n = tonumber(ARGV[10])
remove(KEYS[3], 11, n)
for i = 11 + n, #ARGV, 2 do redis.call('RPUSH', KEYS[3], ARGV[i], ARGV[2], ARGV[i+1]) end
return 1
`)

// KEYS c e x due · ARGV conv now fence release retry lasts handful nDone done… key body …
var settleScript = newScript(removing + `
local c, e, x, due = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local m = redis.call('HMGET', c, 'f', 'u')
if m[1] ~= ARGV[3] then return {-1} end
if m[2] == '0' then return {0} end
local n = tonumber(ARGV[8])
remove(x, 9, n)
if #ARGV > 8 + n then
  local at = {}
  local all = redis.call('LRANGE', x, 0, -1)
  for i = 1, #all, 3 do at[all[i]] = i + 1 end
  for i = 9 + n, #ARGV, 2 do
    if at[ARGV[i]] then redis.call('LSET', x, at[ARGV[i]], ARGV[i+1]) end
  end
end
if redis.call('EXISTS', e, x) == 0 then
  redis.call('HSET', c, 'u', '0')
  redis.call('ZREM', due, ARGV[1])
  return {0}
end
local events, rows = redis.call('LLEN', e), redis.call('LLEN', x)
local now, retry = tonumber(ARGV[2]), tonumber(ARGV[5])
if ARGV[4] == '0' and (events > 0 or (rows > 0 and retry <= now)) then
  local till = now + ARGV[6]
  redis.call('HSET', c, 'u', till)
  redis.call('ZADD', due, till, ARGV[1])
  m = redis.call('HMGET', c, 'v', 's')
  return {1, m[1], m[2], redis.call('LRANGE', e, 0, ARGV[7]), redis.call('LRANGE', x, 0, -1)}
end
redis.call('HSET', c, 'u', '0')
if events > 0 then redis.call('ZADD', due, now, ARGV[1])
else redis.call('ZADD', due, math.max(now, retry), ARGV[1]) end
return {0}
`)

// KEYS i aside · ARGV conv now id body keep maxDead
var deadLetterScript = newScript(`
if redis.call('ZADD', KEYS[1], 'NX', ARGV[2], 'aside:' .. ARGV[3]) == 0 then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('LPUSH', KEYS[2], ARGV[4], ARGV[2], ARGV[3], ARGV[1])
redis.call('LTRIM', KEYS[2], 0, ARGV[6] * 4 - 1)
return 1
`)

// KEYS due aside · ARGV head soon. It looks through the work of a shard, all under one tag; the oldest is of
// what is due by soon, in ms.
var depthScript = newScript(`
local events, rows, oldest = 0, 0, 0
local due = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #due, 2 do
  local conv, soon = due[i], tonumber(due[i + 1]) <= tonumber(ARGV[2])
  for kind, list in ipairs({ARGV[1] .. 'e:' .. conv, ARGV[1] .. 'x:' .. conv}) do
    local n = redis.call('LLEN', list) / 3
    if kind == 1 then events = events + n else rows = rows + n end
    if n > 0 and soon then
      local at = tonumber(redis.call('LINDEX', list, 1))
      if oldest == 0 or at < oldest then oldest = at end
    end
  end
end
return {events, rows, oldest, redis.call('LLEN', KEYS[2]) / 4}
`)

// KEYS c e x due · ARGV conv
var deleteScript = newScript(`
local f = redis.call('HGET', KEYS[1], 'f')
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('ZREM', KEYS[4], ARGV[1])
if f then -- whoever holds it must not be mistaken for the next
  redis.call('HSET', KEYS[1], 'f', f + 1, 'u', '0')
  redis.call('PEXPIRE', KEYS[1], 86400000)
end
return 1
`)
