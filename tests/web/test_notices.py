"""The badge: what is open, counted by cause, in the caller's language."""

from backend.core.errors import ConnectionLost
from backend.sync import connections
from tests.web.conftest import Person, Stage


def test_open_notices_are_counted_and_shown(stage: Stage, admin: Person) -> None:
    assert admin.get("/api/notices") == {"open": 0, "alarms": 0, "causes": [], "rows": []}
    org_id = admin.tokens["org"]["id"]
    with stage.sync.database.begin() as session:
        from backend.store.tables import Organisation

        ours = session.query(Organisation).filter_by(zoho_org_id=org_id).one().id
    connections.lose(stage.sync, org_id=ours, error=ConnectionLost("xero_token_revoked"))
    found = admin.get("/api/notices", Accept_Language="fr")
    assert (found["open"], found["alarms"]) == (1, 1)
    assert found["causes"][0]["count"] == 1
    assert found["rows"][0]["message"]["key"] == "xero_token_revoked"
    assert "Xero" in found["rows"][0]["message"]["text"]
    admin.connect_xero("Harbour & Vine Ltd")
    assert admin.get("/api/notices")["open"] == 0
