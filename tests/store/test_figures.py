"""The sums of the pages say the same on both databases."""

from datetime import UTC, datetime, timedelta

from backend.store import figures
from backend.store.engine import Database
from backend.store.tables import Link, LogRow, Organisation

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_sums_days_and_causes(database_url: str) -> None:
    database = Database(database_url)
    with database.begin() as session:
        org = Organisation(zoho_org_id="1", name="Wines", tenant_id="t")
        session.add(org)
        session.flush()
        home = {"org_id": org.id, "tenant_id": "t"}
        for n, (due, day) in enumerate([("10.00", "2026-11-30"), ("2.50", "2026-10-01")]):
            money = {"due": due, "currency": "GBP", "contact": "c", "due_date": day}
            face = {"xero": {"status": "AUTHORISED"}, "money": money}
            session.add(Link(**home, module="invoices", zoho_id=str(n), face=face))
        rows = [{"kind": "payment", "date": "2026-11-20", "amount": "4.00"}]
        paid = {"due": "0.00", "currency": "GBP", "contact": "c", "date": "2026-11-10",
                "rows": rows}  # fmt: skip
        face = {"xero": {"status": "PAID"}, "money": paid}
        session.add(Link(**home, module="invoices", zoho_id="9", face=face))
        session.add(Link(**home, module="accounts", zoho_id="5", xero_id="c", label="Ada"))
        for key in ("a", "a", None):
            held = {"module": "products", "state": "needs_attention", "message_key": key}
            session.add(Link(**home, **held))
        session.add(LogRow(**home, module="invoices", status="success", at=NOW))
        session.add(LogRow(**home, module="invoices", status="failed", at=NOW - timedelta(days=1)))
        mine = {"tenant_id": "t"}
        edges = ["2026-11-25", "2026-10-26"]
        owed = figures.owed(session, org.id, edges=edges, **mine)
        assert {(one.late, one.units, one.count) for one in owed} == {
            (0, 100_000, 1), (2, 25_000, 1),
        }  # fmt: skip
        held = figures.balances(session, org.id, contact="c", today="2026-11-25", **mine)
        assert held == {"GBP": (125_000, 25_000, 2)}
        assert figures.days_to_pay(session, org.id, since="2026-01-01", **mine) == {"GBP": (10, 1)}
        opened = figures.open_documents(session, org.id, contact="c", limit=9, **mine)
        assert [one.zoho_id for one in opened] == ["1", "0"]
        last = figures.last_paid(session, org.id, contact="c", **mine)
        assert last is not None
        assert last.zoho_id == "9"
        assert figures.customers(session, org.id, contacts={"c"}, **mine)["c"].label == "Ada"
        starts = [NOW - timedelta(days=1, hours=12), NOW - timedelta(hours=12)]
        assert sorted(figures.outcomes(session, org.id, starts=starts, **mine)) == [
            (0, "invoices", "failed", 1), (1, "invoices", "success", 1),
        ]  # fmt: skip
        causes, total = figures.causes(session, org.id, most=9, **mine)
        assert (total, [(one.message_key, one.count) for one in causes]) == (
            2,
            [("a", 2), (None, 1)],
        )
        assert [len(one.examples) for one in causes] == [2, 1]
    database.dispose()
