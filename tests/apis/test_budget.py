"""Call budgets: the same rules in Redis and, while Redis is away, in the process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest
import redis

from backend.apis.budget import Budget, BudgetKey, refusal
from backend.apis.http import headers_of
from backend.apis.limits import Limits, xero_limits, zoho_limits
from backend.core.errors import RateLimited
from backend.core.spec import Side

XERO = BudgetKey(side=Side.XERO, tenant="t1")
OTHER = BudgetKey(side=Side.XERO, tenant="t2")
ZOHO = BudgetKey(side=Side.ZOHO, tenant="o1")
NOTHING = headers_of({})


class Time:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """Epoch seconds."""
        return self.now


class Kit:
    """A budget with its clock; `again` is what another worker would have."""

    def __init__(self, connection: redis.Redis | None) -> None:
        self.time, self.connection = Time(), connection
        self.budget = self.new(XERO.side, xero_limits())

    def new(self, side: Side, limits: Limits) -> Budget:
        """A budget with these limits."""
        every = {Side.XERO: xero_limits(), Side.ZOHO: zoho_limits(), side: limits}
        return Budget(
            self.connection,
            limits=every,
            clock=self.time,
            alone=self.connection is None,
            simulated=True,
        )

    def spend(
        self, count: int, key: BudgetKey = XERO, *, priority: str = "bulk", **headers: str
    ) -> int:
        """Make calls one after the other until refused; how many were made."""
        named = headers_of({name.replace("_", "-"): value for name, value in headers.items()})
        for made in range(count):
            try:
                self.budget.take(key, priority=priority).done(named, 200)
            except RateLimited:
                return made
        return count

    def refused(
        self, key: BudgetKey = XERO, *, priority: str = "bulk", heavy: bool = False
    ) -> RateLimited:
        """The refusal of one more call."""
        with pytest.raises(RateLimited) as caught:
            self.budget.take(key, priority=priority, heavy=heavy)
        return caught.value


@pytest.fixture(params=["redis", "local"])
def kit(request: pytest.FixtureRequest) -> Iterator[Kit]:
    """Both places of counting."""
    if request.param == "local":
        yield Kit(None)
        return
    with contextlib.closing(
        redis.Redis.from_url(request.getfixturevalue("redis_url"))
    ) as connection:
        yield Kit(connection)


def test_bulk_leaves_a_fifth_of_the_minute_to_clicks(kit: Kit) -> None:
    assert kit.spend(100) == 48
    refused = kit.refused()
    assert (refused.scope, refused.side) == ("minute", "xero")
    assert 0 < refused.wait_seconds <= 60
    assert kit.spend(100, priority="click") == 12
    assert kit.refused(priority="click").scope == "minute"


def test_after_the_told_wait_a_call_goes_through(kit: Kit) -> None:
    for _ in range(48):
        kit.budget.take(XERO).done(NOTHING, 200)
        kit.time.now += 0.5
    wait = kit.refused().wait_seconds
    assert wait == pytest.approx(36, abs=0.01)
    kit.time.now += wait - 0.1
    assert kit.refused().scope == "minute"
    kit.time.now += 0.2
    kit.budget.take(XERO).done(NOTHING, 200)


def test_no_sixty_seconds_ever_hold_more_than_sixty_calls(kit: Kit) -> None:
    made = []
    for _ in range(900):
        with contextlib.suppress(RateLimited):
            kit.budget.take(XERO, priority="click").done(NOTHING, 200)
            made.append(kit.time.now)
        kit.time.now += 0.37
    assert len(made) > 200
    assert max(sum(start <= at < start + 60 for at in made) for start in made) <= 60


def test_organisations_do_not_share_a_minute(kit: Kit) -> None:
    kit.spend(100)
    assert kit.spend(1, OTHER) == 1


def test_calls_in_progress_are_counted_until_they_are_done(kit: Kit) -> None:
    tickets = [kit.budget.take(XERO) for _ in range(4)]
    refused = kit.refused()
    assert (refused.scope, refused.wait_seconds < 1.5) == ("concurrent", True)
    tickets.append(kit.budget.take(XERO, priority="click"))
    assert kit.refused(priority="click").scope == "concurrent"
    assert kit.budget.left(XERO)["concurrent"] == 0
    for ticket in tickets:
        ticket.done(NOTHING, None)
    assert kit.budget.left(XERO)["concurrent"] == 5


def test_slots_of_a_dead_worker_come_back(kit: Kit) -> None:
    for _ in range(4):
        kit.budget.take(XERO)
    kit.time.now += 151
    kit.budget.take(XERO)
    assert kit.budget.left(XERO)["concurrent"] == 4


def test_heavy_calls_have_a_lane_of_their_own(kit: Kit) -> None:
    for _ in range(4):
        kit.budget.take(ZOHO, heavy=True)
    assert kit.refused(ZOHO, heavy=True).scope == "concurrent"
    kit.budget.take(ZOHO)


def test_the_day_runs_out_and_bulk_leaves_a_tenth(kit: Kit) -> None:
    kit.budget = kit.new(Side.XERO, Limits(minute=None, day=100, concurrent=5))
    assert kit.spend(200) == 90
    assert kit.refused().scope == "day"
    assert kit.spend(200, priority="click") == 10
    refused = kit.refused(priority="click")
    assert refused.scope == "day"
    kit.time.now += refused.wait_seconds + 1
    kit.budget.take(XERO).done(NOTHING, 200)


def test_what_the_vendor_says_is_left_of_the_day_beats_our_count(kit: Kit) -> None:
    kit.spend(1, X_DayLimit_Remaining="4999")
    assert kit.budget.left(XERO)["day"] == 4999
    kit.spend(1, X_DayLimit_Remaining="400")
    assert kit.refused().scope == "day"
    assert kit.spend(1, priority="click") == 1


def test_a_bulk_call_an_hour_learns_whether_a_new_day_has_begun(kit: Kit) -> None:
    kit.spend(1, X_DayLimit_Remaining="50")
    refused = kit.refused()
    assert refused.wait_seconds == pytest.approx(86_400)  # at the latest: nobody told when
    kit.time.now += 3601
    probe = kit.budget.take(XERO)
    assert kit.refused().scope == "day"
    probe.done(headers_of({"X-DayLimit-Remaining": "1000"}), 200)
    kit.budget.take(XERO)


def test_when_the_day_begins_anew_is_learnt_and_told_from_then_on(kit: Kit) -> None:
    kit.spend(1, X_DayLimit_Remaining="300")
    assert kit.budget.today(XERO).ends is None
    assert kit.budget.today(XERO).at_latest == kit.time.now + 86_400
    kit.time.now += 600
    kit.spend(1, X_DayLimit_Remaining="999")
    began = kit.time.now
    assert kit.budget.today(XERO).ends == began + 86_400
    kit.time.now += 40_000
    kit.spend(1, X_DayLimit_Remaining="60")
    refused = kit.refused()
    assert refused.wait_seconds == pytest.approx(46_400)
    kit.time.now += 7200  # knowing the end, nobody probes before
    assert kit.refused().wait_seconds == pytest.approx(39_200)
    kit.time.now += 39_201
    assert kit.budget.left(XERO)["day"] == 999
    assert kit.spend(1, X_DayLimit_Remaining="998") == 1
    assert kit.budget.today(XERO).ends == began + 2 * 86_400


def test_answers_that_overtake_each_other_begin_no_day(kit: Kit) -> None:
    kit.spend(1, X_DayLimit_Remaining="700")
    kit.spend(1, X_DayLimit_Remaining="704")
    assert kit.budget.today(XERO).ends is None


def test_a_refusal_that_names_its_end_tells_when_the_day_begins(kit: Kit) -> None:
    ticket = kit.budget.take(XERO)
    ticket.done(headers_of({"X-Rate-Limit-Problem": "day", "Retry-After": "7000"}), 429)
    assert kit.budget.today(XERO).ends == pytest.approx(kit.time.now + 7000)


def test_a_click_does_not_run_into_a_day_that_is_known_to_be_spent(kit: Kit) -> None:
    kit.spend(1, X_DayLimit_Remaining="2")
    assert kit.spend(5, priority="click") == 2
    refused = kit.refused(priority="click")
    assert (refused.scope, refused.everybody) == ("day", True)
    assert kit.refused().everybody is False


def test_a_call_that_is_not_counted_tells_what_is_left_all_the_same(kit: Kit) -> None:
    kit.spend(1, X_DayLimit_Remaining="3")
    kit.time.now += 600
    kit.budget.learn(XERO, headers_of({"X-DayLimit-Remaining": "1000"}))
    assert kit.budget.left(XERO)["day"] == 1000
    assert kit.spend(1) == 1


def test_limits_of_one_connection_may_be_its_own(kit: Kit) -> None:
    kit.budget.fit(ZOHO, zoho_limits(concurrent=4, heavy=2))
    assert kit.budget.left(ZOHO)["concurrent"] == 4
    assert kit.budget.limits(ZOHO).heavy == 2
    assert kit.budget.limits(XERO).day == 1000
    kit.spend(1, X_DayLimit_Remaining="4999")
    assert kit.budget.limits(XERO).day == 4999


def test_calls_of_somebody_else_are_seen_in_the_headers(kit: Kit) -> None:
    kit.spend(1, X_MinLimit_Remaining="20")
    assert kit.budget.left(XERO)["minute"] == 20
    assert kit.spend(100) == 8
    kit.time.now += 61
    assert kit.spend(5) == 5


def test_absent_and_absurd_headers_change_nothing(kit: Kit) -> None:
    kit.spend(
        1, X_MinLimit_Remaining="many", X_DayLimit_Remaining="-1", X_API_CREDITS_REMAINING="9" * 40
    )
    assert kit.budget.left(XERO)["minute"] == 59


def test_a_refusal_blocks_every_worker_until_it_ends(kit: Kit) -> None:
    ticket = kit.budget.take(XERO)
    refused = ticket.done(headers_of({"X-Rate-Limit-Problem": "day", "Retry-After": "77000"}), 429)
    assert refused is not None
    assert (refused.scope, refused.wait_seconds) == ("day", 77000)
    assert kit.refused(priority="click").wait_seconds == pytest.approx(77000)
    assert kit.spend(1, OTHER) == 1
    kit.time.now += 77001
    assert kit.spend(1) == 1


def test_a_refusal_of_the_whole_app_blocks_every_organisation(kit: Kit) -> None:
    kit.budget.take(XERO).done(headers_of({"X-Rate-Limit-Problem": "appminute"}), 429)
    assert kit.refused(OTHER).scope == "app"
    assert kit.spend(1, ZOHO) == 1


def test_the_app_stays_below_its_ten_thousand_a_minute(kit: Kit) -> None:
    kit.budget = kit.new(Side.XERO, Limits(concurrent=5, app_minute=60))
    made = sum(kit.spend(1, BudgetKey(side=Side.XERO, tenant=f"t{n}")) for n in range(50))
    assert made == 7
    assert kit.refused().scope == "app"


def test_zoho_credits_keep_a_reserve_for_clicks(kit: Kit) -> None:
    kit.spend(1, ZOHO, X_API_CREDITS_REMAINING="150")
    assert kit.refused(ZOHO).scope == "credits"
    assert kit.spend(1, ZOHO, priority="click") == 1
    assert kit.budget.left(ZOHO) == {"minute": None, "day": 149, "concurrent": 8}


def test_one_good_answer_ends_a_row_of_zoho_refusals(kit: Kit) -> None:
    first = kit.budget.take(ZOHO).done(NOTHING, 429)
    kit.time.now += 60
    second = kit.budget.take(ZOHO).done(NOTHING, 429)
    kit.time.now += 60
    kit.budget.take(ZOHO).done(NOTHING, 200)
    third = kit.budget.take(ZOHO).done(NOTHING, 429)
    waits = [one.wait_seconds for one in (first, second, third) if one]
    assert waits == [2, 4, 2]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Rate-Limit-Problem": "minute", "Retry-After": "12"}, ("minute", 12.0)),
        ({"X-Rate-Limit-Problem": "Minute"}, ("minute", 60.0)),
        ({"X-Rate-Limit-Problem": "concurrent"}, ("concurrent", 1.0)),
        ({"X-Rate-Limit-Problem": "app-minute"}, ("app", 10.0)),
        ({"X-Rate-Limit-Problem": "daily", "Retry-After": "5000"}, ("day", 5000.0)),
        ({"Retry-After": "30"}, ("minute", 30.0)),
        ({"Retry-After": "4000"}, ("day", 4000.0)),
        ({"Retry-After": "0"}, ("minute", 0.5)),
        ({}, ("concurrent", 1.0)),
    ],
)
def test_every_kind_of_xero_refusal_is_told_apart(
    headers: dict[str, str], expected: tuple[str, float]
) -> None:
    assert refusal(Side.XERO, headers_of(headers), now=0.0) == expected


def test_workers_share_one_count(redis_connection: redis.Redis) -> None:
    time = Time()
    budgets = [Budget(redis_connection, clock=time, simulated=True) for _ in range(4)]
    made, lock = [0], threading.Lock()

    def work(budget: Budget) -> None:
        for _ in range(40):
            with contextlib.suppress(RateLimited):
                budget.take(XERO, priority="click").done(NOTHING, 200)
                with lock:
                    made[0] += 1

    threads = [threading.Thread(target=work, args=[one]) for one in budgets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made[0] == 60


def workers_apart(connection: redis.Redis) -> tuple[Budget, Budget]:
    """Two workers; the clock of the second is five minutes ahead."""
    right, ahead = Time(), Time()
    ahead.now += 300
    return Budget(connection, clock=right), Budget(connection, clock=ahead)


def test_a_worker_with_a_wrong_clock_holds_nobody_up(redis_connection: redis.Redis) -> None:
    right, ahead = workers_apart(redis_connection)
    ahead.take(XERO, priority="click").done(NOTHING, 200)
    right.take(OTHER, priority="click").done(NOTHING, 200)
    assert [right.left(key)["minute"] for key in (XERO, OTHER)] == [59, 59]


def test_a_worker_with_a_wrong_clock_keeps_to_the_common_minute_and_lanes(
    redis_connection: redis.Redis,
) -> None:
    right, ahead = workers_apart(redis_connection)
    made = 0
    for budget in (right, ahead, right):
        with contextlib.suppress(RateLimited):
            for _ in range(80):
                budget.take(XERO, priority="click").done(NOTHING, 200)
                made += 1
    assert made == 60
    for _ in range(5):
        right.take(OTHER, priority="click")
    with pytest.raises(RateLimited) as caught:
        ahead.take(OTHER, priority="click")
    assert caught.value.scope == "concurrent"


def test_what_a_wrong_clock_learns_and_blocks_is_right_for_all(
    redis_connection: redis.Redis,
) -> None:
    right, ahead = workers_apart(redis_connection)
    ahead.take(XERO).done(headers_of({"X-MinLimit-Remaining": "10"}), 200)
    assert right.left(XERO)["minute"] == 10
    day = headers_of({"X-Rate-Limit-Problem": "day", "Retry-After": "500"})
    ahead.take(XERO, priority="click").done(day, 429)
    with pytest.raises(RateLimited) as caught:
        right.take(XERO)
    assert 499 < caught.value.wait_seconds <= 500
    seconds, micros = redis_connection.time()
    ends = right.today(XERO).ends
    assert ends is not None
    assert abs(ends - seconds - micros / 1e6 - 500) < 5


def test_refusals_without_a_time_are_counted_by_one_clock(redis_connection: redis.Redis) -> None:
    right, ahead = workers_apart(redis_connection)
    for budget in (right, right, right, right, right, ahead):
        refused = budget.take(ZOHO, priority="click").done(NOTHING, 429)
        redis_connection.hdel("budget:zoho:o1:facts", "block_concurrent")
        assert refused is not None
        assert refused.scope == "concurrent"


def test_without_redis_half_of_every_limit_is_left_and_counted() -> None:
    time = Time()
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2, retry=None)
    kit = Kit(None)
    kit.time = time
    kit.budget = Budget(nowhere, clock=time, simulated=True)
    assert kit.spend(100, priority="click") == 30
    assert kit.budget.lost == 1
    time.now += 5
    kit.refused(priority="click")
    assert kit.budget.lost == 2
    assert kit.budget.left(XERO)["minute"] == 0
    nowhere.close()


def test_a_block_is_known_when_redis_goes_away(redis_connection: redis.Redis) -> None:
    time = Time()
    budget = Budget(redis_connection, clock=time, simulated=True)
    budget.take(XERO).done(headers_of({"X-Rate-Limit-Problem": "day", "Retry-After": "500"}), 429)
    redis_connection.flushall()
    budget._shared = None
    with pytest.raises(RateLimited) as caught:
        budget.take(XERO)
    assert caught.value.scope == "day"


def test_a_flushed_redis_only_forgets(redis_connection: redis.Redis) -> None:
    budget = Budget(redis_connection, clock=Time(), simulated=True)
    ticket = budget.take(XERO)
    redis_connection.flushall()
    assert ticket.done(NOTHING, 200) is None
    assert budget.left(XERO) == {"minute": 60, "day": 1000, "concurrent": 5}


def test_every_key_in_redis_ends_by_itself(redis_connection: redis.Redis) -> None:
    budget = Budget(redis_connection, clock=Time(), simulated=True)
    budget.take(XERO).done(
        headers_of({"X-MinLimit-Remaining": "1", "X-DayLimit-Remaining": "1"}), 200
    )
    budget.take(ZOHO, heavy=True)
    budget.take(OTHER).done(headers_of({"X-Rate-Limit-Problem": "appminute"}), 429)
    names = list(redis_connection.scan_iter("budget:*"))
    assert len(names) > 6
    assert [name for name in names if redis_connection.ttl(name) < 0] == []
