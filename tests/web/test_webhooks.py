"""Webhooks: genuine ones note which record, everything else changes nothing and learns nothing."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.store.live import WebhookNote
from backend.store.tables import Link, ModuleState, Organisation
from backend.sync import hooks
from tests.web.conftest import Person, Stage

KEY = "webhook-key"
INVOICE = "0a1b2c3d-0000-4000-8000-00000000000a"
CRM_ID = "554023000000527002"


def event(tenant: str, **more: str) -> dict[str, Any]:
    """One event as Xero sends it."""
    return {
        "resourceUrl": f"https://api.xero.com/api.xro/2.0/Invoices/{INVOICE}",
        "resourceId": INVOICE,
        "eventDateUtc": "2026-11-22T10:00:00.000",
        "eventType": "UPDATE",
        "eventCategory": "INVOICE",
        "tenantId": tenant,
        "tenantType": "ORGANISATION",
        **more,
    }


def send(stage: Stage, body: bytes, signature: str | None = None) -> TestResponse:
    """A webhook of Xero, signed rightly unless another signature is given."""
    if signature is None:
        digest = hmac.new(KEY.encode(), body, hashlib.sha256).digest()
        signature = base64.b64encode(digest).decode()
    headers = {"x-xero-signature": signature} if signature else {}
    return stage.browser.post(
        "/webhooks/xero", data=body, content_type="application/json", headers=headers
    )


def payload(*events: Any) -> bytes:
    """A body around events."""
    told = {"events": events, "firstEventSequence": 1, "lastEventSequence": 1, "entropy": "x"}
    return json.dumps(told).encode()


def pending(stage: Stage) -> list[tuple[str, str | None, str | None, int]]:
    """What is noted."""
    with stage.sync.database.begin() as session:
        rows = session.query(Link).filter(Link.pending > 0).all()
        return [(row.module, row.zoho_id, row.xero_id, row.pending) for row in rows]


def tenant_of(stage: Stage) -> str:
    """The connected Xero organisation."""
    with stage.sync.database.begin() as session:
        return str(session.query(Organisation).one().tenant_id)


@pytest.fixture
def accepted(stage: Stage, admin: Person) -> None:
    """The first sync of invoices has been previewed and accepted."""
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        session.add(
            ModuleState(
                org_id=org.id,
                tenant_id=str(org.tenant_id),
                module="invoices",
                accepted_at=stage.sync.clock(),
            )
        )


def assert_bare(answer: TestResponse, status: int) -> None:
    """Only a status: no body, no cookie, no type."""
    assert answer.status_code == status
    assert answer.data == b""
    assert "Set-Cookie" not in answer.headers
    assert "Content-Type" not in answer.headers


def test_a_signed_event_notes_its_record(stage: Stage, accepted: None) -> None:
    assert_bare(send(stage, payload(event(tenant_of(stage)))), 200)
    assert pending(stage) == [("invoices", None, INVOICE, 1)]


def test_five_events_of_one_record_are_one_row(stage: Stage, accepted: None) -> None:
    send(stage, payload(*[event(tenant_of(stage))] * 5))
    send(stage, payload(event(tenant_of(stage))))
    assert [row[:3] for row in pending(stage)] == [("invoices", None, INVOICE)]


def test_before_the_first_sync_is_accepted_new_records_are_left_alone(
    stage: Stage, admin: Person
) -> None:
    assert_bare(send(stage, payload(event(tenant_of(stage)))), 200)
    assert pending(stage) == []


@pytest.mark.parametrize(
    ("at", "noted"),
    [("2026-11-22T10:00:00.000", 0), ("2026-11-22T10:00:00.001", 1), ("nonsense", 1)],
)
def test_an_event_of_a_version_we_hold_is_an_echo(
    stage: Stage, accepted: None, at: str, noted: int
) -> None:
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        session.add(
            Link(
                org_id=org.id,
                tenant_id=str(org.tenant_id),
                module="invoices",
                zoho_id=CRM_ID,
                xero_id=INVOICE,
                xero_version="/Date(1795341600000+0000)/",
            )
        )
    send(stage, payload(event(tenant_of(stage), eventDateUtc=at)))
    assert len(pending(stage)) == noted


def test_intent_to_receive_is_answered_by_signature_alone(stage: Stage) -> None:
    body = payload()
    assert_bare(send(stage, body), 200)
    assert_bare(send(stage, body, "d3Jvbmc="), 401)


def test_the_published_vector_is_accepted(stage: Stage) -> None:
    body = (
        b'{"events":[],"firstEventSequence": 0,"lastEventSequence": 0, '
        b'"entropy": "NLDZEGWUXNHESAQVGLYF"}'
    )
    other = "ixznmr+Pdl6QymsWZM+9UkY4lu97q04sJyejmSOp25U="
    assert_bare(send(stage, body, other), 401)
    assert_bare(send(stage, body), 200)


@pytest.mark.parametrize("signature", ["", "=", "AAAA", "ünïcode", "x" * 10_000])
def test_a_wrong_signature_changes_nothing(stage: Stage, admin: Person, signature: str) -> None:
    body = payload(event(tenant_of(stage)))
    headers = {"x-xero-signature": signature.encode("latin-1", "replace").decode("latin-1")}
    answer = stage.browser.post("/webhooks/xero", data=body, headers=headers)
    assert_bare(answer, 401)
    assert pending(stage) == []


def test_a_changed_body_is_refused(stage: Stage, admin: Person) -> None:
    body = payload(event(tenant_of(stage)))
    digest = hmac.new(KEY.encode(), body, hashlib.sha256).digest()
    assert_bare(send(stage, body + b" ", base64.b64encode(digest).decode()), 401)
    assert pending(stage) == []


def test_a_megabyte_of_nothing_is_refused(stage: Stage) -> None:
    assert_bare(send(stage, b" " * (1024 * 1024 + 1)), 401)


def test_a_genuine_body_that_says_nothing_is_taken(stage: Stage, admin: Person) -> None:
    for body in (b"", b"null", b"[]", b'{"events": 5}', b'{"events": [null, 1, {}]}', b"{"):
        assert_bare(send(stage, body), 200)
    assert pending(stage) == []


@pytest.mark.parametrize(
    "more",
    [
        {"tenantId": "00000000-0000-4000-8000-000000000000"},
        {"resourceId": "not-an-id"},
        {"resourceId": "' OR 1=1 --"},
        {"eventCategory": "SUBSCRIPTION"},
    ],
)
def test_events_of_strangers_and_of_unknown_kinds_note_nothing(
    stage: Stage, admin: Person, more: dict[str, str]
) -> None:
    assert_bare(send(stage, payload(event(tenant_of(stage), **more))), 200)
    assert pending(stage) == []


def test_what_came_is_kept_briefly(stage: Stage, admin: Person) -> None:
    send(stage, payload(event(tenant_of(stage)), event(tenant_of(stage), eventCategory="NEW")))
    with stage.sync.database.begin() as session:
        kept = {(row.side, row.module) for row in session.query(WebhookNote)}
    assert kept == {("xero", "INVOICE"), ("xero", "NEW")}


def test_after_a_reset_events_of_that_organisation_note_nothing(
    stage: Stage, admin: Person
) -> None:
    tenant = tenant_of(stage)
    admin("DELETE", "/api/connections/xero")
    assert_bare(send(stage, payload(event(tenant))), 200)
    assert pending(stage) == []


# --- Zoho --------------------------------------------------------------------------------------


def notification(stage: Stage, **more: Any) -> dict[str, Any]:
    """One notification as Zoho sends it, with the token of its channel."""
    key = stage.sync.settings.secret_key
    return {
        "module": "Invoices",
        "ids": [CRM_ID],
        "operation": "update",
        "channel_id": "1000000068001",
        "token": hooks.channel_token(key, org_of(stage), "1000000068001"),
        **more,
    }


def org_of(stage: Stage) -> str:
    """Our id of the organisation."""
    with stage.sync.database.begin() as session:
        return session.query(Organisation).one().id


def notify(stage: Stage, body: Any, secret: str | None = None) -> TestResponse:
    """A notification of Zoho to the organisation's address."""
    path = secret or hooks.path_secret(stage.sync.settings.secret_key, org_of(stage))
    return stage.browser.post(f"/webhooks/zoho/{path}", json=body)


def test_a_genuine_notification_notes_its_record(stage: Stage, accepted: None) -> None:
    assert_bare(notify(stage, notification(stage)), 200)
    assert pending(stage) == [("invoices", CRM_ID, None, 1)]


def test_a_channel_token_fits_what_zoho_allows(stage: Stage, admin: Person) -> None:
    assert len(notification(stage)["token"]) == 43


@pytest.mark.parametrize(
    "bent",
    [{"token": "wrong"}, {"token": None}, {"channel_id": "1000000068002"}, {"token": ["x"]}],
)
def test_a_wrong_channel_token_changes_nothing(
    stage: Stage, admin: Person, bent: dict[str, Any]
) -> None:
    assert_bare(notify(stage, notification(stage, **bent)), 401)
    assert pending(stage) == []


@pytest.mark.parametrize("secret", ["x", "x" * 32 + ".y", "%C3%BC", "a" * 5000])
def test_a_wrong_path_changes_nothing(stage: Stage, admin: Person, secret: str) -> None:
    assert_bare(notify(stage, notification(stage), secret), 401)
    assert pending(stage) == []


def test_the_path_of_another_organisation_does_not_open_with_our_token(
    stage: Stage, admin: Person
) -> None:
    other = hooks.path_secret(stage.sync.settings.secret_key, "f" * 32)
    assert_bare(notify(stage, notification(stage), other), 401)
    assert pending(stage) == []


@pytest.mark.parametrize(
    "bent",
    [{"ids": "all"}, {"ids": [None, 5, "x", "1" * 31]}, {"module": "Deals"}, {"module": None}],
)
def test_a_genuine_notification_without_sense_notes_nothing(
    stage: Stage, admin: Person, bent: dict[str, Any]
) -> None:
    assert_bare(notify(stage, notification(stage, **bent)), 200)
    assert pending(stage) == []


def test_a_megabyte_from_zoho_is_refused(stage: Stage, admin: Person) -> None:
    body = notification(stage, filler="x" * (1024 * 1024))
    assert_bare(notify(stage, body), 401)
    assert pending(stage) == []


@pytest.mark.parametrize("name", ["token", "channel_id", "module"])
@pytest.mark.parametrize("odd", ["\\ud800", "\\u0000"])
def test_half_a_letter_in_a_notification_is_a_wrong_token_and_no_mistake_of_ours(
    stage: Stage, admin: Person, name: str, odd: str
) -> None:
    with stage.sync.database.begin() as session:
        org_id = session.query(Organisation).one().id
    secret = hooks.path_secret(stage.sync.settings.secret_key, org_id)
    answer = stage.browser.post(f"/webhooks/zoho/{secret}", data=f'{{"{name}":"{odd}"}}')
    assert answer.status_code == 401


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000"])
def test_a_body_no_database_can_hold_is_no_body(stage: Stage, admin: Person, text: str) -> None:
    for body in (f'{{"code":"{text}"}}', f'{{"{text}":"x"}}', f'{{"code":["{text}"]}}'):
        answer = stage.browser.post("/auth/token", data=body, content_type="application/json")
        assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_json")


def test_a_parameter_no_database_can_hold_is_refused(stage: Stage, admin: Person) -> None:
    assert admin("GET", "/api/log?q=%00").status_code == 400
    assert admin("GET", "/api/log?q=%ed%a0%80").status_code == 200
