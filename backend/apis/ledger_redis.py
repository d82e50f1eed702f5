"""Counting calls for all workers together: the rules of `ledger_local`, in Lua inside Redis.

Every key expires by itself, so a Redis that was flushed or left alone holds nothing wrong. All
times are Redis's own: a worker whose clock is wrong would otherwise free other workers' slots or
make everybody wait for its future. Only simulated time is handed in, by the one who simulates it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import redis

from backend.apis.limits import (
    APP_BURST,
    BULK_DAY,
    BULK_MINUTE,
    CONCURRENT_WAIT,
    CREDITS_KEPT,
    NEW_DAY,
    STALE_FIGURE,
    BudgetKey,
    Claim,
    Grant,
    Limits,
    Today,
    next_day,
)

DAY = 86_400

_NOW = """
local function moment(given)
  if given ~= '' then return tonumber(given) end
  local t = redis.call('TIME')
  return tonumber(t[1]) + tonumber(t[2]) / 1000000
end
local now = moment(ARGV[1])
local stamp = string.format('%.6f', now)
"""

_TAKE = f"""
{_NOW}
local times, hours, slots, heavy, facts, app =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local id = ARGV[2]
local minute, day, concurrent, heavy_limit, app_minute =
  tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local click, is_heavy, cost, slot_until =
  ARGV[8] == '1', ARGV[9] == '1', tonumber(ARGV[10]), now + tonumber(ARGV[11])
local function fact(name) return tonumber(redis.call('HGET', facts, name) or '0') end
local function no(scope, wait) return {{scope, tostring(wait)}} end

local worst, worst_until = '', now
for _, scope in ipairs({{'minute', 'day', 'concurrent', 'credits'}}) do
  local till = fact('block_' .. scope)
  if till > worst_until then worst, worst_until = scope, till end
end
local app_till = tonumber(redis.call('HGET', app, 'blocked') or '0')
if app_till > worst_until then worst, worst_until = 'app', app_till end
if worst ~= '' then return no(worst, worst_until - now) end

redis.call('ZREMRANGEBYSCORE', slots, '-inf', now)
redis.call('ZREMRANGEBYSCORE', heavy, '-inf', now)
local places = concurrent
if not click then places = math.max(1, concurrent - 1) end
if redis.call('ZCARD', slots) >= places then return no('concurrent', {CONCURRENT_WAIT}) end
if is_heavy and heavy_limit >= 0 and redis.call('ZCARD', heavy) >= heavy_limit then
  return no('concurrent', {CONCURRENT_WAIT})
end

redis.call('ZREMRANGEBYSCORE', times, '-inf', now - 60)
if minute >= 0 then
  local allowed = minute
  if not click then allowed = math.floor(minute * {BULK_MINUTE} / 100) end
  local count, others, at = redis.call('ZCARD', times), fact('others'), fact('others_at')
  local used = count
  if now - at < 60 then used = used + others end
  local over = used - math.max(1, allowed)
  if over >= 0 then
    local since = at
    if over < count then
      since = tonumber(redis.call('ZRANGE', times, over, over, 'WITHSCORES')[2])
    end
    return no('minute', math.max(0, since + 60 - now))
  end
end

local limit = math.max(day, 0, fact('day_limit'))
local kept = {{day = limit - math.floor(limit * {BULK_DAY} / 100), credits = {CREDITS_KEPT}}}
local began = redis.call('HGET', facts, 'day_began')
began = began and tonumber(began)
local function day_end(at)
  return began + 86400 * (math.floor(math.max(0, at - began) / 86400) + 1)
end
local ends = nil
if began then ends = day_end(now)
elseif redis.call('HEXISTS', facts, 'day_seen') == 1 then
  ends = math.max(fact('day_seen') + 86400, now + 1)
end
local told, ever = {{}}, redis.call('HEXISTS', facts, 'day_left') == 1
for _, name in ipairs({{'day', 'credits'}}) do
  local at = fact(name .. '_at')
  local held = redis.call('HEXISTS', facts, name .. '_left') == 1 and now - at < 86400
  if held and name == 'day' and began and day_end(at) <= now then held = false end
  if held then
    told[name] = true
    local reserve = kept[name]
    if click and name == 'day' then reserve = 0 end
    local passes = fact(name .. '_left') - fact(name .. '_since') > reserve
    if not passes and not (click and name == 'credits') then
      local waited = now - math.max(at, fact(name .. '_probed'))
      if name == 'day' and ends and (began or waited < {STALE_FIGURE}) then
        return no(name, ends - now)
      end
      if waited < {STALE_FIGURE} then return no(name, {STALE_FIGURE} - waited) end
      redis.call('HSET', facts, name .. '_probed', stamp)
    end
  end
end
local hour = math.floor(now / 3600)
if day >= 0 and not ever then
  local sum, first = 0, hour
  local all = redis.call('HGETALL', hours)
  for i = 1, #all, 2 do
    local h = tonumber(all[i])
    if h < hour - 23 then redis.call('HDEL', hours, all[i])
    else
      sum = sum + tonumber(all[i + 1])
      if h < first then first = h end
    end
  end
  local reserve = kept['day']
  if click then reserve = 0 end
  if day - sum <= reserve then return no('day', (first + 24) * 3600 - now) end
end

if app_minute >= 0 then
  local ahead = math.max(tonumber(redis.call('HGET', app, 'next') or '0'), now)
  if ahead - now > {APP_BURST} then return no('app', ahead - now - {APP_BURST}) end
  redis.call('HSET', app, 'next', string.format('%.6f', ahead + 60 / app_minute))
  redis.call('EXPIRE', app, 3600)
end

redis.call('ZADD', times, now, id)
redis.call('EXPIRE', times, 120)
redis.call('HINCRBY', hours, hour, cost)
redis.call('EXPIRE', hours, 93600)
redis.call('ZADD', slots, slot_until, id)
redis.call('EXPIRE', slots, 600)
if is_heavy then
  redis.call('ZADD', heavy, slot_until, id)
  redis.call('EXPIRE', heavy, 600)
end
for name, _ in pairs(told) do redis.call('HINCRBY', facts, name .. '_since', cost) end
return {{'', '0'}}
"""

_LEARN = f"""
{_NOW}
local times, facts = KEYS[1], KEYS[2]
local minute = tonumber(ARGV[2])
local left_minute, left_day, left_credits = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if left_minute >= 0 and minute >= 0 then
  local ours = minute - redis.call('ZCOUNT', times, '(' .. string.format('%.6f', now - 60), '+inf')
  redis.call('HSET', facts, 'others', math.max(0, ours - left_minute), 'others_at', stamp)
end
local function pool(name, left)
  if left >= 0 then
    redis.call('HSET', facts, name .. '_left', left, name .. '_at', stamp,
      name .. '_since', 0, name .. '_probed', 0)
  end
end
if left_day >= 0 then
  local held = redis.call('HGET', facts, 'day_left')
  if held then
    local rest = tonumber(held) - tonumber(redis.call('HGET', facts, 'day_since') or '0')
    local at = tonumber(redis.call('HGET', facts, 'day_at') or stamp)
    local began = redis.call('HGET', facts, 'day_began')
    began = began and tonumber(began)
    local expected = began and
      began + 86400 * (math.floor(math.max(0, at - began) / 86400) + 1) <= now
    if left_day > rest + {NEW_DAY} and not expected then
      redis.call('HSET', facts, 'day_began', stamp)
    end
  end
  local seen = tonumber(redis.call('HGET', facts, 'day_seen') or '-1')
  if seen < 0 or now - seen > 86400 then redis.call('HSET', facts, 'day_seen', stamp) end
end
pool('day', left_day)
pool('credits', left_credits)
if left_day > tonumber(redis.call('HGET', facts, 'day_limit') or '0') then
  redis.call('HSET', facts, 'day_limit', left_day)
end
redis.call('EXPIRE', facts, 172800)
return 1
"""


class RedisLedger:
    """Counts in Redis; every method may raise `redis.RedisError`. With `simulated` the times that
    are handed in count, else Redis's own."""

    def __init__(self, connection: redis.Redis, *, simulated: bool = False) -> None:
        self._redis = connection
        self._simulated = simulated
        self._take = connection.register_script(_TAKE)
        self._learn = connection.register_script(_LEARN)

    def take(self, claim: Claim) -> Grant:
        """See `Ledger`."""
        names = ("times", "hours", "slots", "heavy", "facts")
        keys = [*(_name(claim.key, name) for name in names), _app(claim.key)]
        limits = claim.limits
        answer: Any = self._take(
            keys=keys,
            args=[
                self._given(claim.now),
                claim.id,
                *(
                    _or_none(limit)
                    for limit in (
                        limits.minute,
                        limits.day,
                        limits.concurrent,
                        limits.heavy,
                        limits.app_minute,
                    )
                ),
                int(claim.click),
                int(claim.heavy),
                claim.cost,
                _exact(claim.slot_until - claim.now),
            ],
        )
        scope, wait = (_text(part) for part in answer)
        return Grant(scope=scope, wait=float(wait))

    def give_back(self, claim: Claim) -> None:
        """See `Ledger`."""
        self._redis.zrem(_name(claim.key, "slots"), claim.id)
        if claim.heavy:
            self._redis.zrem(_name(claim.key, "heavy"), claim.id)

    def block(self, key: BudgetKey, scope: str, *, now: float, wait: float) -> None:
        """See `Ledger`."""
        until = self._now(now) + wait
        if scope == "app":
            self._redis.hset(_app(key), "blocked", _exact(until))
            self._redis.expire(_app(key), 3600)
        else:
            self._redis.hset(_name(key, "facts"), f"block_{scope}", _exact(until))
            if scope == "day":
                self._redis.hset(_name(key, "facts"), "day_began", _exact(until - DAY))
            self._redis.expire(_name(key, "facts"), 172_800)

    def learn(self, claim: Claim, figures: Mapping[str, int], *, now: float) -> None:
        """See `Ledger`."""
        self._learn(
            keys=[_name(claim.key, "times"), _name(claim.key, "facts")],
            args=[
                self._given(now),
                _or_none(claim.limits.minute),
                *(figures.get(name, -1) for name in ("minute", "day", "credits")),
            ],
        )

    def strike(self, key: BudgetKey, *, now: float) -> tuple[int, float]:
        """See `Ledger`."""
        facts, now = _name(key, "facts"), self._now(now)
        count: Any = self._redis.hincrby(facts, "strikes", 1)
        if count == 1:
            self._redis.hset(facts, "struck_at", _exact(now))
        self._redis.expire(facts, 172_800)
        since: Any = self._redis.hget(facts, "struck_at")
        return int(count), now - float(_text(since)) if since else 0.0

    def forgive(self, key: BudgetKey) -> None:
        """See `Ledger`."""
        self._redis.hdel(_name(key, "facts"), "strikes", "struck_at")

    def left(self, key: BudgetKey, limits: Limits, *, now: float) -> dict[str, int | None]:
        """See `Ledger`."""
        now = self._now(now)
        used: Any = self._redis.zcount(_name(key, "times"), f"({_exact(now - 60)}", "+inf")
        busy: Any = self._redis.zcount(_name(key, "slots"), f"({_exact(now)}", "+inf")
        facts = self._facts(key)
        others = int(facts.get("others", 0)) if now - facts.get("others_at", 0.0) < 60 else 0
        day = self._left_today(key, limits, facts, now)
        return {
            "minute": None if limits.minute is None else max(0, limits.minute - used - others),
            "day": None if day is None else max(0, day),
            "concurrent": max(0, limits.concurrent - busy),
        }

    def today(self, key: BudgetKey, *, now: float) -> Today:
        """See `Ledger`."""
        facts, now = self._facts(key), self._now(now)
        limit = int(facts.get("day_limit", 0)) or None
        if "day_began" in facts:
            return Today(limit=limit, ends=next_day(facts["day_began"], now))
        seen = facts.get("day_seen")
        return Today(limit=limit, at_latest=None if seen is None else max(seen + DAY, now + 1))

    def _given(self, now: float) -> str:
        return _exact(now) if self._simulated else ""

    def _now(self, now: float) -> float:
        if self._simulated:
            return now
        told: Any = self._redis.time()
        return float(told[0] + told[1] / 1_000_000)

    def _facts(self, key: BudgetKey) -> dict[str, float]:
        raw: Any = self._redis.hgetall(_name(key, "facts"))
        return {_text(name): float(_text(value)) for name, value in raw.items()}

    def _left_today(
        self, key: BudgetKey, limits: Limits, facts: Mapping[str, float], now: float
    ) -> int | None:
        for name in ("day", "credits"):
            if f"{name}_left" in facts and now - facts[f"{name}_at"] < DAY:
                if name == "day" and _begun_anew(facts, now):
                    return int(facts.get("day_limit", 0))
                return int(facts[f"{name}_left"] - facts.get(f"{name}_since", 0))
        if limits.day is None:
            return None
        hours: Any = self._redis.hgetall(_name(key, "hours"))
        first = int(now // 3600) - 23
        return limits.day - sum(int(n) for hour, n in hours.items() if int(hour) >= first)


def _begun_anew(facts: Mapping[str, float], now: float) -> bool:
    """Whether the vendor's day has begun anew since it last said what is left."""
    return "day_began" in facts and next_day(facts["day_began"], facts["day_at"]) <= now


def _name(key: BudgetKey, part: str) -> str:
    return f"budget:{key.side.value}:{key.tenant}:{part}"


def _app(key: BudgetKey) -> str:
    return f"budget:{key.side.value}:app"


def _or_none(limit: int | None) -> int:
    return -1 if limit is None else limit


def _exact(seconds: float) -> str:
    return f"{seconds:.6f}"


def _text(part: Any) -> str:
    return part.decode() if isinstance(part, bytes) else str(part)
