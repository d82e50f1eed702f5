"""The parts both simulators stand on."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import requests
from flask import Flask, request

from simulator.clock import Clock
from simulator.faults import Fault, Faults
from simulator.jsontext import dumps, loads
from simulator.switches import Switches
from simulator.transport import WSGITransport
from simulator.world import Client, World

AT = datetime(2026, 11, 20, tzinfo=UTC)


def test_the_clock_stops_moves_and_never_goes_back() -> None:
    clock = Clock()
    clock.freeze(AT + timedelta(days=400))
    assert clock.now() == clock.now() == AT + timedelta(days=400)
    clock.advance(90)
    assert clock.now() == AT + timedelta(days=400, seconds=90)
    clock.freeze(AT)
    assert clock.now() == AT + timedelta(days=400, seconds=90)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="zone"):
        clock.freeze(datetime(2026, 1, 1))  # noqa: DTZ001 - naive on purpose


def test_a_released_clock_runs_on_from_where_it_stood() -> None:
    clock = Clock()
    clock.freeze(AT + timedelta(days=4000))
    clock.freeze(None)
    assert timedelta() <= clock.now() - (AT + timedelta(days=4000)) < timedelta(seconds=5)


def test_a_fault_strikes_as_often_as_it_says() -> None:
    faults = Faults()
    faults.add(Fault(side="xero", kind="500", match="POST /a", times=2, every=2))
    hits = [bool(faults.take("xero", "POST", "/a")) for _ in range(6)]
    assert hits == [False, True, False, True, False, False]
    assert faults.take("zoho", "POST", "/a") is None
    assert faults.armed() == {}


def test_a_limit_is_not_used_up_by_a_token_request() -> None:
    faults = Faults()
    faults.add(Fault(side="xero", kind="minute_limit"))
    assert faults.take("xero", "POST", "/connect/token") is None
    assert faults.take("xero", "GET", "/api.xro/2.0/Items") is not None


@pytest.mark.parametrize(
    "fields",
    [{"side": "mars", "kind": "500"}, {"side": "xero", "kind": "x"}, {"side": "xero", "kind": "500", "every": 0}],
)  # fmt: skip
def test_a_fault_that_makes_no_sense_is_refused(fields: dict) -> None:
    with pytest.raises(ValueError, match=r"side|Kind|start"):
        Fault(**fields)


def test_decimals_keep_every_digit_and_texts_are_never_mistaken_for_them() -> None:
    document = {"a": Decimal("1.10"), "b": [Decimal(-3)], "c": "1.10", "d": 'x"1.10"'}
    text = dumps(document)
    assert text == '{"a": 1.10, "b": [-3], "c": "1.10", "d": "x\\"1.10\\""}'
    assert loads(text) == {**document, "b": [-3]}
    with pytest.raises(ValueError, match="NaN"):
        loads("NaN")
    with pytest.raises(TypeError, match="JSON form"):
        dumps({"a": AT})


def test_every_switch_says_where_its_doubt_comes_from_and_checks_its_type() -> None:
    switches = Switches()
    assert all(len(source) > 15 for source in switches.sources().values())
    switches.apply({"ims_inclusive": False, "xero_search_lag_seconds": 2})
    assert (switches.ims_inclusive, switches.xero_search_lag_seconds) == (False, 2)
    for wrong in ({"nothing": 1}, {"ims_inclusive": 1}, {"xero_day_limit": "9"}):
        with pytest.raises(ValueError, match=r"unknown|takes"):
            switches.apply({"coql_max_rows": 7, **wrong})
    assert switches.coql_max_rows != 7


def test_redirect_uris_match_exactly_or_stay_on_this_machine() -> None:
    exact = Client(client_id="a", secret="b", redirect_uris=("https://x.example/cb",))
    assert exact.allows("https://x.example/cb")
    assert not exact.allows("https://x.example/cb/")
    local = Client(client_id="a", secret="b")
    assert local.allows("http://127.0.0.1:8000/cb")
    assert not local.allows("http://localhost.evil.example/cb")


def test_the_transport_carries_bytes_cookies_and_headers() -> None:
    app = Flask("echo")

    @app.route("/é", methods=["POST"])
    def echo() -> tuple[bytes, int, dict[str, str]]:
        headers = {"Set-Cookie": "a=b; Path=/", "X-Query": request.args["q"]}
        return request.get_data(), 201, headers

    session = requests.Session()
    session.mount("https://", WSGITransport({"https://echo.example": app}))
    answer = session.post("https://echo.example/é?q=1", data=b"\x00\xff")
    assert (answer.status_code, answer.content) == (201, b"\x00\xff")
    assert (answer.headers["X-Query"], session.cookies["a"]) == ("1", "b")
    with pytest.raises(requests.ConnectionError):
        session.get("https://elsewhere.example/")


def test_an_unknown_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="seed"):
        World(seed="mars")


def test_the_command_serves_three_applications_until_it_is_told_to_stop() -> None:
    command = [sys.executable, "-m", "simulator", "--auto-consent"]
    ports = ["--xero-port", "0", "--zoho-port", "0", "--control-port", "0"]
    with subprocess.Popen([*command, *ports], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            urls = json.loads(process.stdout.readline())
            figures = requests.get(f"{urls['control']}/control/figures", timeout=10)
            refused = requests.get(f"{urls['xero']}/connections", timeout=10)
        finally:
            process.terminate()
    assert (figures.status_code, refused.status_code) == (200, 401)
    assert process.returncode == 0
