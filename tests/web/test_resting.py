"""A click that waits because a system does not answer: the page says so instead of turning on."""

from datetime import timedelta

from backend.store.tables import ClickRequest, Link, Organisation, Run
from tests.web.conftest import Person, Stage

ID = "5540000000000042"


def clicked(stage: Stage, *, rests: int, link_state: str = "in_sync") -> str:
    """A click under way in an organisation whose clicks rest for so many seconds."""
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        now = stage.sync.clock()
        org.clicks_paused_until = org.paused_until = now + timedelta(seconds=rests)
        org.pause_key = "remote_unavailable"
        link = Link(
            org_id=org.id, tenant_id=str(org.tenant_id), module="accounts", zoho_id=ID,
            xero_id="x-1", label="Ada", state=link_state, pending=1,
        )  # fmt: skip
        session.add(link)
        session.flush()
        request = ClickRequest(
            org_id=org.id, link_id=link.id, direction="to_xero", state="running", created_at=now
        )
        session.add(request)
        session.flush()
        return request.id


def test_while_a_system_does_not_answer_a_click_waits_and_says_why(
    stage: Stage, admin: Person
) -> None:
    request = clicked(stage, rests=60)
    found = admin.get(f"/api/records/accounts/{ID}")
    assert found["state"] == "pending"
    assert found["reason"]["text"] == "The other system did not answer."
    assert found["reason"]["fix"] == "It is tried again by itself; nothing is lost."
    until = admin.get(f"/api/requests/{request}")["rests_until"]
    assert until == found["request"]["rests_until"] is not None


def test_a_click_under_way_is_at_work_when_nothing_rests(stage: Stage, admin: Person) -> None:
    request = clicked(stage, rests=-1)
    found = admin.get(f"/api/records/accounts/{ID}")
    assert (found["state"], found["reason"]) == ("syncing", None)
    assert found["request"]["direction"] == "to_xero"
    assert found["request"]["rests_until"] is None
    assert admin.get(f"/api/requests/{request}")["rests_until"] is None


def test_a_run_that_waits_says_why_and_one_that_works_says_nothing(
    stage: Stage, admin: Person
) -> None:
    clicked(stage, rests=600)
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        run = Run(
            org_id=org.id, tenant_id=str(org.tenant_id), kind="sync", module="accounts",
            state="running", total=3,
        )  # fmt: skip
        session.add(run)
        session.flush()
        run_id = run.id
    assert admin.get(f"/api/runs/{run_id}")["message"]["text"] == "The other system did not answer."
    with stage.sync.database.begin() as session:
        session.query(Organisation).one().paused_until = None
    assert admin.get(f"/api/runs/{run_id}")["message"] is None
