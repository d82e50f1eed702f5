"""The API: organisation from the bearer alone, checked input, localised problems."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from backend.modules import module_keys
from backend.store.columns import new_id
from backend.store.tables import Link, LogRow, Mapping, Organisation, Run, RunItem
from backend.web.described import operations
from backend.web.openapi import document
from tests.web.conftest import PUBLIC, Person, Stage

CRM_ID = "554023000000527002"
OTHER_CRM_ID = "554023000000527003"


def addresses(stage: Stage) -> Iterator[tuple[str, str]]:
    """Method and filled-in address of every route below /api."""
    filling = {
        "module": "invoices",
        "zoho_id": CRM_ID,
        "run_id": new_id(),
        "request_id": new_id(),
        "log_id": "1",
        "link_id": new_id(),
        "version": "1",
        "step": "maps",
    }
    for rule in stage.app.url_map.iter_rules():
        if not rule.rule.startswith("/api"):
            continue
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", filling[name]).replace(f"<int:{name}>", filling[name])
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, path


def test_every_address_needs_a_bearer(stage: Stage) -> None:
    for method, path in addresses(stage):
        status = stage.browser.open(path, method=method, json={}).status_code
        assert status == (200 if path == "/api/openapi.json" else 401), (method, path)


def test_every_address_is_in_the_openapi_document(stage: Stage) -> None:
    routes = {
        (method.lower(), rule.rule.replace("<int:", "<").replace("<", "{").replace(">", "}"))
        for rule in stage.app.url_map.iter_rules()
        if rule.rule.startswith("/api")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {key for key in operations() if key[1].startswith("/api")} == routes
    told = stage.browser.get("/api/openapi.json").get_json()
    assert told["openapi"] == "3.1.0"
    assert told == document()


def test_what_the_document_calls_administrative_is_refused_to_others(
    colleague: Person,
) -> None:
    guarded = [(method, path) for (method, path), one in operations().items() if one.admin]
    for method, path in guarded:
        names = {"module": "invoices", "zoho_id": CRM_ID, "run_id": new_id(), "version": "1"}
        filled = path.format(**names, step="maps")
        answer = colleague(method.upper(), filled, {})
        assert answer.status_code == 403, (method, path)
        assert answer.get_json()["code"] == "administrators_only"
    assert len(guarded) >= 10


def test_an_unknown_record_is_not_linked_and_nothing_is_asked_remotely(
    stage: Stage, admin: Person
) -> None:
    calls = stage.world.log.count()
    found = admin.get(f"/api/records/invoices/{CRM_ID}")
    assert found["state"] == "not_linked"
    assert found["connection"] == "connected"
    assert found["organisation"]["name"] == "Harbour & Vine Ltd"
    assert found["allowed"] == ["both", "to_xero"]
    assert found["denied"]["to_zoho"]["key"] == "not_in_xero_yet"
    assert found["history"] == []
    assert stage.world.log.count() == calls


@pytest.mark.parametrize(
    "bad", ["abc", "1" * 31, "-1", "1.5", "٣٤", "1;2", "0x10", "null", "%00", "5540%0A"]
)
def test_a_malformed_record_id_changes_nothing(stage: Stage, admin: Person, bad: str) -> None:
    for method, path in (
        ("GET", f"/api/records/invoices/{bad}"),
        ("POST", f"/api/records/invoices/{bad}/sync"),
        ("POST", f"/api/records/invoices/{bad}/link"),
        ("DELETE", f"/api/records/invoices/{bad}/link"),
    ):
        answer = admin(method, path, {})
        assert answer.status_code == 400, (method, path)
        assert answer.get_json()["code"] == "bad_record_id"
    assert links(stage) == 0


def test_an_unknown_module_changes_nothing(stage: Stage, admin: Person) -> None:
    for method, path in (
        ("GET", f"/api/records/deals/{CRM_ID}"),
        ("POST", f"/api/records/deals/{CRM_ID}/sync"),
        ("POST", "/api/records/deals/sync"),
        ("POST", "/api/modules/deals/preview"),
        ("POST", "/api/modules/deals/sync"),
        ("GET", "/api/mapping/deals"),
        ("PUT", "/api/mapping/deals"),
        ("GET", "/api/log?module=deals"),
        ("GET", "/api/conflicts?module=deals"),
    ):
        body = {"ids": [CRM_ID]} if path.endswith("records/deals/sync") else {}
        answer = admin(method, path, body if method != "GET" else None)
        assert answer.status_code == 404, (method, path)
        assert answer.get_json()["code"] == "unknown_module"
    assert links(stage) == 0


def test_a_click_is_noted_and_can_be_polled(stage: Stage, admin: Person) -> None:
    answer = admin("POST", f"/api/records/invoices/{CRM_ID}/sync", {"direction": "to_xero"})
    assert answer.status_code == 202
    request_id = answer.get_json()["request_id"]
    told = admin.get(f"/api/requests/{request_id}")
    assert told["state"] == "queued"
    found = admin.get(f"/api/records/invoices/{CRM_ID}")
    assert found["state"] == "pending"
    assert found["request"] == {
        "id": request_id,
        "state": "queued",
        "rests_until": None,
        "direction": "to_xero",
    }
    assert found["waiting"] == 1


def test_two_people_clicking_share_one_request(admin: Person, colleague: Person) -> None:
    path = f"/api/records/invoices/{CRM_ID}/sync"
    first = admin("POST", path, {}).get_json()["request_id"]
    assert colleague("POST", path, {}).get_json()["request_id"] == first


@pytest.mark.parametrize(
    "body", [{"direction": "up"}, {"direction": 1}, {"way": "both"}, {"direction": None}]
)
def test_a_click_with_a_strange_direction_is_refused(
    stage: Stage, admin: Person, body: dict[str, Any]
) -> None:
    answer = admin("POST", f"/api/records/invoices/{CRM_ID}/sync", body)
    assert answer.status_code == 422
    assert [one["path"] for one in answer.get_json()["fields"]] == [next(iter(body))]
    assert links(stage) == 0


@pytest.mark.parametrize("ids", [[], [CRM_ID] * 101, ["x"], [1], "1", None])
def test_the_list_button_takes_one_to_a_hundred_ids(stage: Stage, admin: Person, ids: Any) -> None:
    assert admin("POST", "/api/records/invoices/sync", {"ids": ids}).status_code == 422
    assert links(stage) == 0


def test_the_list_button_answers_with_a_run(admin: Person) -> None:
    answer = admin("POST", "/api/records/invoices/sync", {"ids": [CRM_ID, OTHER_CRM_ID]})
    assert answer.status_code == 202
    run = admin.get(f"/api/runs/{answer.get_json()['run_id']}")
    assert run["module"] == "invoices"
    assert run["by"] == "Ana Whitfield"
    assert [one["id"] for one in admin.get("/api/runs")["rows"]] == [run["id"]]


def test_a_first_bulk_sync_needs_a_preview(admin: Person) -> None:
    answer = admin("POST", "/api/modules/accounts/sync", {"direction": "both"})
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "preview_required"
    made_up = admin("POST", "/api/modules/accounts/sync", {"preview": new_id()})
    assert made_up.get_json()["code"] == "preview_required"


def test_a_preview_can_be_stopped_and_not_undone(admin: Person) -> None:
    run_id = admin("POST", "/api/modules/all/preview", {}).get_json()["run_id"]
    assert admin("POST", f"/api/runs/{run_id}/cancel").status_code == 200
    assert admin.get(f"/api/runs/{run_id}")["state"] == "cancelled"
    undo = admin("POST", f"/api/runs/{run_id}/undo")
    assert undo.get_json()["code"] == "undo_of_preview"


@pytest.mark.parametrize(
    "path", ["/api/runs/x", "/api/requests/..%2f", "/api/runs/" + "f" * 32, "/api/nothing"]
)
def test_what_is_not_there_is_not_found(admin: Person, path: str) -> None:
    answer = admin("GET", path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_without_xero_a_click_says_what_is_missing(stage: Stage) -> None:
    person = stage.sign_in()
    answer = person("POST", f"/api/records/invoices/{CRM_ID}/sync", {})
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "connection_needed"
    found = person.get(f"/api/records/invoices/{CRM_ID}")
    assert found["connection"] == "disconnected"
    assert found["allowed"] == []


def test_a_wrong_method_is_named(admin: Person) -> None:
    answer = admin("DELETE", "/api/me")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000])
def test_a_body_that_is_no_json_object_changes_nothing(
    stage: Stage, admin: Person, raw: bytes
) -> None:
    answer = stage.browser.put(
        "/api/settings",
        data=raw,
        content_type="application/json",
        headers={"Authorization": f"Bearer {admin.tokens['access_token']}"},
    )
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "bad_json"


def test_a_body_over_a_megabyte_is_refused(stage: Stage, admin: Person) -> None:
    answer = stage.browser.put(
        "/api/settings",
        data=b" " * (1024 * 1024 + 1),
        content_type="application/json",
        headers={"Authorization": f"Bearer {admin.tokens['access_token']}"},
    )
    assert answer.status_code == 413
    assert answer.get_json()["code"] == "body_too_large"


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("en", "There is no such module. Nothing was changed."),
        ("fr-CA", "Ce module n’existe pas. Rien n’a été modifié."),
        ("de", "Ein solches Modul gibt es nicht. Es wurde nichts geändert."),
        ("pt-BR", "There is no such module. Nothing was changed."),
    ],
)
def test_problems_speak_the_callers_language(admin: Person, language: str, detail: str) -> None:
    answer = admin("GET", f"/api/records/deals/{CRM_ID}", Accept_Language=language)
    assert answer.get_json()["detail"] == detail
    assert answer.get_json()["status"] == 404
    assert answer.get_json()["request_id"] == answer.headers["X-Request-ID"]


def test_without_a_header_the_users_own_locale_speaks(colleague: Person) -> None:
    assert colleague.get("/api/me")["language"] == "fr"
    problem = colleague("GET", f"/api/records/deals/{CRM_ID}").get_json()
    assert problem["detail"].startswith("Ce module")


def test_every_answer_carries_the_security_headers(stage: Stage, admin: Person) -> None:
    for answer in (admin("GET", "/api/me"), stage.browser.get("/nowhere")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers
        assert len(answer.headers["X-Request-ID"]) >= 8


def test_a_harmless_request_number_is_kept_and_a_strange_one_is_not(stage: Stage) -> None:
    kept = stage.browser.get("/healthz", headers={"X-Request-ID": "7F3A-19C2"})
    assert kept.headers["X-Request-ID"] == "7F3A-19C2"
    strange = stage.browser.get("/healthz", headers={"X-Request-ID": "<script>alert(1)"})
    assert "script" not in strange.headers["X-Request-ID"]


def test_a_mistake_of_ours_says_nothing_of_itself(stage: Stage, admin: Person) -> None:
    with stage.sync.database.begin() as session:
        session.execute(Organisation.__table__.update().values(settings={"modules": 5}))
    answer = admin("GET", "/api/health")
    assert answer.status_code == 500
    told = answer.get_json()
    assert told["code"] == "internal_error"
    assert "Traceback" not in answer.text
    assert "modules" not in answer.text


# --- one organisation never sees another -------------------------------------------------------


def test_rows_of_another_organisation_are_never_found(stage: Stage, admin: Person) -> None:
    with stage.sync.database.begin() as session:
        mine = session.query(Organisation).one()
        foreign = Organisation(zoho_org_id="1", tenant_id=mine.tenant_id, settings={})
        session.add(foreign)
        session.flush()
        link = Link(
            org_id=foreign.id,
            tenant_id=str(mine.tenant_id),
            module="invoices",
            zoho_id=CRM_ID,
            xero_id="x",
            label="Theirs",
            state="conflict",
        )
        run = Run(org_id=foreign.id, tenant_id=str(mine.tenant_id), kind="sync", module="invoices")
        session.add_all([link, run])
        session.flush()
        row = log_row(foreign.id, str(mine.tenant_id), link.id, "Theirs")
        session.add_all([row, RunItem(run_id=run.id, module="invoices", label="Theirs")])
        session.flush()
        run_id, log_id = run.id, row.id
    assert admin.get(f"/api/records/invoices/{CRM_ID}")["state"] == "not_linked"
    assert admin("GET", f"/api/runs/{run_id}").status_code == 404
    assert admin("GET", f"/api/runs/{run_id}/items").status_code == 404
    assert admin("POST", f"/api/runs/{run_id}/cancel").status_code == 404
    assert admin("POST", f"/api/log/{log_id}/retry").status_code == 404
    assert admin.get("/api/conflicts")["total"] == 0
    assert admin.get("/api/runs")["rows"] == []
    assert "Theirs" not in admin("GET", "/api/log").text
    assert "Theirs" not in admin("GET", "/api/log.csv").text


# --- what pages show ---------------------------------------------------------------------------


def log_row(org_id: str, tenant_id: str, link_id: str | None, label: str, **more: Any) -> LogRow:
    """A log row of one attempt that failed."""
    values: dict[str, Any] = {
        "module": "invoices",
        "zoho_id": CRM_ID,
        "direction": "to_xero",
        "trigger": "click",
        "operation": "create",
        "status": "failed",
        "message_key": "currency_not_enabled",
        "message_params": {"code": "USD"},
        "by": "Ana Whitfield",
    }
    return LogRow(
        org_id=org_id, tenant_id=tenant_id, link_id=link_id, label=label, **{**values, **more}
    )


@pytest.fixture
def invoice(stage: Stage, admin: Person) -> str:
    """The link of an invoice with money, a conflict and a history."""
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        link = Link(
            org_id=org.id,
            tenant_id=str(org.tenant_id),
            module="invoices",
            zoho_id=CRM_ID,
            xero_id="0a1b2c3d-0000-4000-8000-00000000000a",
            label="INV-2041",
            state="conflict",
            message_key="conflict",
            message_params={"count": "2"},
            conflict={
                "fields": [
                    {"field": "due_date", "base": "2026-12-01", "zoho": "2026-12-14",
                     "xero": "2026-12-20", "locked": False},
                    {"field": "customer", "base": OTHER_CRM_ID, "zoho": OTHER_CRM_ID,
                     "xero": "xero:abc", "locked": True},
                ]
            },
            face={
                "zoho": {"number": "INV-2041", "status": "Approved", "total": "12480.00",
                         "at": "2026-11-20T10:00:00Z", "by": "Luc Moreau"},
                "xero": {"number": "INV-2041", "status": "PART_PAID", "total": "12480.00",
                         "at": "2026-11-21T10:00:00Z"},
                "money": {"total": "12480.00", "paid": "4000.00", "due": "8480.00",
                          "currency": "EUR", "due_date": "2020-12-14",
                          "rows": [{"kind": "payment", "date": "2026-11-12",
                                    "amount": "4000.00", "reference": None}]},
            },
        )  # fmt: skip
        customer = Link(
            org_id=org.id,
            tenant_id=str(org.tenant_id),
            module="accounts",
            zoho_id=OTHER_CRM_ID,
            label="Blue Door Wines",
            state="in_sync",
        )
        session.add_all([link, customer])
        session.flush()
        session.add_all(
            [
                log_row(org.id, str(org.tenant_id), link.id, "INV-2041"),
                log_row(
                    org.id,
                    str(org.tenant_id),
                    link.id,
                    "=cmd|'/C calc'!A0",
                    status="success",
                    operation="update",
                    message_key=None,
                    changes=[{"field": "due_date", "before": None, "after": "2026-12-14"}],
                ),
            ]
        )
        return link.id


def test_the_record_page_has_all_it_draws(admin: Person, invoice: str) -> None:
    found = admin.get(f"/api/records/invoices/{CRM_ID}", Accept_Language="de")
    assert invoice
    assert found["state"] == "conflict"
    assert found["reason"]["text"] == "Beide Seiten haben 2 Felder geändert."
    assert found["links"][0]["xero_number"] == "INV-2041"
    assert found["links"][0]["url"].startswith("https://go.xero.com/app/")
    assert found["xero"]["status"] == "AUTHORISED"
    assert found["xero"]["status_text"] == "Teilweise bezahlt"
    money = found["money"]
    assert (money["total"], money["paid"], money["due"]) == ("12480.00", "4000.00", "8480.00")
    assert (money["status"], money["overdue"], len(money["rows"])) == ("part_paid", True, 1)
    due, customer = found["conflict"]["fields"]
    assert (due["type"], due["zoho"], due["xero"]) == ("date", "2026-12-14", "2026-12-20")
    assert due["zoho_by"] == "Luc Moreau"
    assert (customer["type"], customer["zoho"]) == ("link", "Blue Door Wines")
    assert customer["locked"] is True
    assert [row["status"] for row in found["history"]] == ["success", "failed"]
    assert found["last_change"]["changes"][0]["after"] == "2026-12-14"
    assert found["allowed"] == ["both", "to_xero", "to_zoho"]


def test_the_label_of_a_field_is_crms_own(admin: Person, invoice: str) -> None:
    assert invoice
    found = admin.get(f"/api/records/invoices/{CRM_ID}", Accept_Language="fr")
    assert [one["label"] for one in found["conflict"]["fields"]] == ["Due Date", "Account Name"]


def test_a_conflict_is_settled_field_by_field(admin: Person, invoice: str) -> None:
    assert invoice
    path = f"/api/records/invoices/{CRM_ID}/resolve"
    assert admin("POST", path, {"choices": {"due_date": "crm"}}).status_code == 422
    assert admin("POST", path, {"choices": {"colour": "xero"}}).status_code == 404
    assert admin("POST", path, {"choices": {"due_date": "xero"}}).status_code == 202


def test_the_second_of_two_people_who_settle_a_conflict_sees_that_it_was_settled(
    admin: Person, colleague: Person, invoice: str
) -> None:
    assert invoice
    page = f"/api/records/invoices/{CRM_ID}"
    version = admin.get(page)["conflict"]["version"]
    assert admin.get("/api/conflicts")["rows"][0]["conflict"]["version"] == version
    mine = {"choices": {"due_date": "xero"}, "version": version}
    theirs = {"choices": {"due_date": "zoho"}, "version": version}
    assert admin("POST", f"{page}/resolve", mine).status_code == 202
    refused = colleague("POST", f"{page}/resolve", theirs)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict_changed")


def test_only_administrators_make_a_choice_the_rule(colleague: Person, invoice: str) -> None:
    assert invoice
    body = {"choices": {"due_date": "xero"}, "remember": True}
    answer = colleague("POST", f"/api/records/invoices/{CRM_ID}/resolve", body)
    assert answer.status_code == 403


def test_the_inbox_of_conflicts_is_counted(admin: Person, invoice: str) -> None:
    found = admin.get("/api/conflicts")
    assert found["total"] == 1
    row = found["rows"][0]
    assert (row["id"], row["kind"], row["actions"]) == (invoice, "conflict", ["resolve"])
    assert len(row["conflict"]["fields"]) == 2
    assert admin.get("/api/attention")["total"] == 0


def test_the_log_is_newest_first_filtered_and_paged(admin: Person, invoice: str) -> None:
    assert invoice
    rows = admin.get("/api/log")["rows"]
    assert [row["status"] for row in rows] == ["success", "failed"]
    assert rows[1]["message"]["text"] == "Currency USD is not enabled in Xero."
    failed = admin.get("/api/log?status=failed&module=invoices")
    assert len(failed["rows"]) == 1
    assert failed["counts"] == {"success": 1, "failed": 1}
    assert len(admin.get(f"/api/log?record={CRM_ID}")["rows"]) == 2
    assert len(admin.get("/api/log?q=inv-2041")["rows"]) == 1
    assert admin.get("/api/log?q=%25")["rows"] == []
    assert admin.get("/api/log?from=2099-01-01")["rows"] == []
    first = admin.get("/api/log?limit=1")
    second = admin.get(f"/api/log?limit=1&cursor={first['cursor']}")
    assert "counts" not in second
    assert [first["rows"][0]["id"], second["rows"][0]["id"]] == [row["id"] for row in rows]


@pytest.mark.parametrize(
    "query", ["status=great", "cursor=-1", "cursor=x", "limit=0", "limit=201", "from=yesterday"]
)
def test_a_filter_that_makes_no_sense_is_refused(admin: Person, query: str) -> None:
    assert admin("GET", f"/api/log?{query}").status_code == 400


def test_no_cell_of_the_csv_is_a_formula(admin: Person, invoice: str) -> None:
    assert invoice
    answer = admin("GET", "/api/log.csv")
    assert answer.content_type.startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.text.splitlines()
    assert lines[0].startswith("at,module,label")
    assert len(lines) == 3
    assert ",'=cmd|" in lines[1]
    assert ",=cmd" not in answer.text


def test_one_failed_record_and_all_of_its_cause_are_tried_again(
    stage: Stage, admin: Person, invoice: str
) -> None:
    row = admin.get("/api/log?status=failed")["rows"][0]
    assert admin("POST", f"/api/log/{row['id']}/retry").status_code == 202
    answer = admin("POST", "/api/retry", {"message_key": "conflict"})
    assert (answer.status_code, answer.get_json()) == (202, {"count": 1})
    with stage.sync.database.begin() as session:
        assert session.get_one(Link, invoice).pending == 2
    assert admin("POST", "/api/log/999999/retry").status_code == 404
    assert admin("POST", f"/api/log/{10**30}/retry").status_code == 404


def test_health_counts_by_module_and_shows_what_is_left(admin: Person, invoice: str) -> None:
    assert invoice
    found = admin.get("/api/health")
    assert set(found["modules"]) == set(module_keys())
    assert found["modules"]["invoices"]["conflict"] == 1
    assert found["modules"]["accounts"]["in_sync"] == 1
    assert set(found["budget"]["xero"]) >= {"minute", "day"}


# --- connections -------------------------------------------------------------------------------


def test_one_of_several_organisations_is_chosen_by_name(stage: Stage) -> None:
    person = stage.sign_in(purpose="connect")
    offered = person.connect_xero()
    assert offered["zoho"]["state"] == "connected"
    assert offered["xero"]["state"] == "choose_organisation"
    names = [one["name"] for one in offered["xero"]["choices"]]
    assert sorted(names) == ["Harbour & Vine Ltd", "Harbour & Vine Trading B.V."]
    chosen = person.connect_xero("Harbour & Vine Ltd")
    assert chosen["xero"]["state"] == "connected"
    assert chosen["xero"]["organisation"]["base_currency"] == "GBP"
    assert chosen["xero"]["connected_by"] == "Ana Whitfield"


def test_an_organisation_that_is_not_on_offer_cannot_be_chosen(admin: Person) -> None:
    before = admin.get("/api/connections")
    answer = admin("PUT", "/api/connections/xero/organisation", {"id": "somebody-elses"})
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "xero_organisation_not_offered"
    assert admin.get("/api/connections") == before


def test_a_reset_forgets_the_tokens_and_keeps_links_and_log(
    stage: Stage, admin: Person, invoice: str
) -> None:
    assert admin("DELETE", "/api/connections/xero").get_json()["xero"]["state"] == "disconnected"
    revoked = [entry for entry in stage.world.log.entries("xero") if "revocation" in entry.path]
    assert len(revoked) == 1
    found = admin.get(f"/api/records/invoices/{CRM_ID}")
    assert found["connection"] == "disconnected"
    assert found["money"]["due"] == "8480.00"
    assert len(found["history"]) == 2
    admin.connect_xero("Harbour & Vine Trading B.V.")
    assert admin.get(f"/api/records/invoices/{CRM_ID}")["state"] == "not_linked"
    admin.connect_xero("Harbour & Vine Ltd")
    again = admin.get(f"/api/records/invoices/{CRM_ID}")
    assert again["state"] == "conflict"
    assert invoice


def test_a_foreign_origin_may_not_open_the_connection_popup(admin: Person) -> None:
    body = {"origin": "https://evil.example"}
    assert admin("POST", "/api/connections/xero", body).status_code == 400
    assert admin("POST", "/api/connections/xero", {"origin": PUBLIC}).status_code == 200


def test_a_xero_callback_with_a_used_state_is_refused(stage: Stage, admin: Person) -> None:
    url = admin("POST", "/api/connections/xero").get_json()["url"]
    callback = stage.go(url).headers["Location"]
    assert stage.go(callback).status_code == 200
    assert stage.go(callback).status_code == 400
    stale = stage.go(admin("POST", "/api/connections/xero").get_json()["url"]).headers["Location"]
    stage.clock.at += timedelta(minutes=11)
    assert stage.go(stale).status_code == 400


def links(stage: Stage) -> int:
    """How many links there are."""
    with stage.sync.database.begin() as session:
        return session.query(Link).count() + session.query(Mapping).count()
