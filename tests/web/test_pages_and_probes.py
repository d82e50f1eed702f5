"""Widget pages, probes and figures."""

import socket
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from sqlalchemy import text

from backend import create_app
from backend.apis.http import headers_of
from backend.apis.limits import BudgetKey
from backend.core.spec import Side
from backend.store.tables import LogRow, Organisation
from backend.sync.app import Sync
from backend.sync.forgetting import purge
from backend.sync.schedule import count_outcomes
from backend.web.headers import widget_policy
from backend.web.widget import FOLDER
from tests.web.conftest import PUBLIC, Person, Stage


def test_widget_pages_may_be_framed_by_zoho_alone(stage: Stage) -> None:
    page = stage.browser.get("/widget/record.html")
    assert page.status_code == 200
    assert page.content_type.startswith("text/html")
    policy = dict(
        part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";")
    )
    assert "https://crm.zoho.eu" in policy["frame-ancestors"].split()
    assert "*" not in policy["frame-ancestors"]
    assert policy["script-src"] == "'self' https://live.zwidgets.com"
    assert policy["default-src"] == "'none'"
    assert "X-Frame-Options" not in page.headers


def test_module_scripts_have_a_type_browsers_accept(stage: Stage) -> None:
    names = [path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js")]
    assert names
    for name in names:
        answer = stage.browser.get(f"/widget/{name}")
        assert answer.status_code == 200, name
        assert answer.content_type == "text/javascript; charset=utf-8", name


@pytest.mark.parametrize(
    "path",
    ["../../backend/settings.py", "..%2f..%2fREADME.md", "js/../../../pyproject.toml", "none.html"],
)
def test_nothing_outside_the_widget_is_served(stage: Stage, path: str) -> None:
    assert stage.browser.get(f"/widget/{path}").status_code == 404


def test_the_widget_learns_where_everything_is(stage: Stage) -> None:
    told = stage.browser.get("/widget/config.json").get_json()
    assert told["api_base"] == PUBLIC
    assert told["sdk_url"].startswith("https://live.zwidgets.com/")
    assert "https://crm.zoho.eu" in told["host_origins"]


def test_the_sdk_host_of_the_settings_is_the_only_foreign_script(stage: Stage) -> None:
    settings = replace(
        stage.sync.settings,
        zoho_sdk_url="http://localhost:9202/host/sdk.js",
        zoho_frame_ancestors=("http://localhost:9202",),
    )
    policy = widget_policy(settings)
    assert "script-src 'self' http://localhost:9202;" in policy
    assert policy.endswith("frame-ancestors http://localhost:9202")


def test_only_named_origins_may_call_from_elsewhere(stage: Stage) -> None:
    settings = replace(stage.sync.settings, widget_origins=("https://hosted.example",))
    browser = create_app(settings, stage.sync).test_client()
    asked = {"Access-Control-Request-Method": "PUT"}
    good = browser.options("/api/settings", headers={"Origin": "https://hosted.example", **asked})
    assert good.status_code == 200
    assert good.headers["Access-Control-Allow-Origin"] == "https://hosted.example"
    assert "Access-Control-Allow-Credentials" not in good.headers
    bad = browser.options("/api/settings", headers={"Origin": "https://evil.example", **asked})
    assert "Access-Control-Allow-Origin" not in bad.headers


def test_a_living_process_says_so_without_its_parts(stage: Stage) -> None:
    stage.sync.database.dispose()
    assert stage.browser.get("/healthz").get_json() == {"status": "ok"}


def test_readiness_names_the_part_that_fails(stage: Stage, redis_url: str) -> None:
    without = stage.browser.get("/readyz")
    assert without.status_code == 503
    assert without.get_json()["failing"] == ["redis"]
    connected = replace(stage.sync, redis=redis.Redis.from_url(redis_url))
    good = create_app(stage.sync.settings, connected).test_client().get("/readyz")
    assert (good.status_code, good.get_json()["failing"]) == (200, [])
    assert connected.redis is not None
    connected.redis.close()
    with stage.sync.database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert stage.browser.get("/readyz").get_json()["failing"] == ["migrations", "redis"]


def test_a_database_out_of_reach_is_named_without_its_address(stage: Stage) -> None:
    settings = replace(
        stage.sync.settings,
        database_url="postgresql+psycopg://user:hush@127.0.0.1:1/none?connect_timeout=1",
    )
    shell = Sync.from_settings(settings)
    answer = create_app(settings, shell).test_client().get("/readyz")
    assert answer.status_code == 503
    assert set(answer.get_json()["failing"]) >= {"database", "migrations"}
    assert "hush" not in answer.text
    shell.database.dispose()


def test_figures_are_prometheus_text_without_customers_names(stage: Stage, admin: Person) -> None:
    admin("POST", "/api/records/invoices/554023000000527002/sync", {})
    answer = stage.browser.get("/metrics")
    assert answer.content_type.startswith("text/plain")
    assert "bridge_organisations 1.0" in answer.text
    assert "bridge_pending_records 1.0" in answer.text
    assert "Harbour" not in answer.text


def test_the_calls_left_of_both_sides_are_among_the_figures(stage: Stage, admin: Person) -> None:
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
    for side, tenant, word in (
        (Side.ZOHO, org.id, "x-api-credits-remaining"),
        (Side.XERO, str(org.tenant_id), "x-daylimit-remaining"),
    ):
        key = BudgetKey(side=side, tenant=tenant)
        stage.sync.budget.learn(key, headers_of({word: "1234"}))
    told = stage.browser.get("/metrics").text
    assert 'bridge_budget_day_left{side="zoho"} 1234.0' in told
    assert 'bridge_budget_day_left{side="xero"} 1234.0' in told


def test_the_outcomes_counted_never_fall(stage: Stage, admin: Person) -> None:
    now = stage.sync.clock()
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        session.add(
            LogRow(
                org_id=org.id, tenant_id="t", module="invoices", status="success",
                at=now - timedelta(days=500),
            )
        )  # fmt: skip
    count_outcomes(stage.sync)
    purge(stage.sync)
    told = stage.browser.get("/metrics").text
    assert 'bridge_outcomes_total{module="invoices",status="success"} 1.0' in told


def test_a_redis_that_hangs_is_named_in_time_and_takes_no_click_away(
    stage: Stage, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.sync.app.REDIS_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0), backlog=8) as hanging:
        settings = replace(
            stage.sync.settings, redis_url=f"redis://127.0.0.1:{hanging.getsockname()[1]}/0"
        )
        shell = Sync.from_settings(settings)
        browser = create_app(settings, shell).test_client()
        began = time.monotonic()
        probed = browser.get("/readyz")
        clicked = browser.post(
            "/api/records/invoices/554023000000527002/sync",
            json={},
            headers={"Authorization": f"Bearer {admin.tokens['access_token']}"},
        )
        assert time.monotonic() - began < 3
        shell.database.dispose()
    assert (probed.status_code, probed.get_json()["failing"]) == (503, ["redis"])
    assert clicked.status_code == 202, "kept in the database; the next tick takes it up"
