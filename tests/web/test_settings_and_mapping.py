"""Settings and mappings: everything is checked before anything is stored."""

import copy
from typing import Any

import pytest

from backend.modules import module_keys
from backend.modules.defaults import default_settings
from backend.store.tables import Link, Mapping, Organisation, UserSession
from tests.web.conftest import Person, Stage


def paths(answer: Any) -> list[str]:
    """The paths of what was wrong."""
    assert answer.status_code == 422, answer.text
    assert all(one["detail"] != one["code"] for one in answer.get_json()["fields"]), answer.text
    return [one["path"] for one in answer.get_json()["fields"]]


def stored(stage: Stage) -> Any:
    """Settings and their version as the database has them."""
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        return copy.deepcopy(org.settings), org.settings_version


def test_a_module_newer_than_the_document_is_off_until_somebody_switches_it_on(
    stage: Stage, admin: Person
) -> None:
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        held = copy.deepcopy(org.settings)
        del held["modules"]["vendors"]
        org.settings = held
    modules = admin.get("/api/settings")["modules"]
    assert (modules["vendors"]["enabled"], modules["accounts"]["enabled"]) == (False, True)
    assert admin("PUT", "/api/settings", {"delete_limit": 12}).status_code == 200
    assert stored(stage)[0]["modules"]["vendors"]["enabled"] is False
    assert (
        admin("PUT", "/api/settings", {"modules": {"vendors": {"enabled": True}}}).status_code
        == 200
    )
    assert stored(stage)[0]["modules"]["vendors"]["enabled"] is True


def test_a_new_organisation_has_safe_settings(admin: Person) -> None:
    found = admin.get("/api/settings")
    assert set(found["modules"]) == set(module_keys())
    on = {key for key, held in found["modules"].items() if held["enabled"]}
    assert on == set(module_keys()) - {"sales_orders"}
    assert {"accounts", "products", "quotes", "invoices", "payments"} <= on
    assert "sales_orders" not in on
    for held in found["modules"].values():
        assert held["conflict"] == "ask"
        assert not held["to_xero"]["delete"]
        assert not held["to_zoho"]["delete"]
    assert found["invoice_status_on_create"] == "DRAFT"
    assert (found["rounding"], found["unarchive"], found["delete_limit"]) == ("hold", "ask", 10)
    assert (found["attempts"], found["language"]) == (3, "en")


def test_what_is_saved_is_read_back_with_a_new_version(admin: Person) -> None:
    before = admin("GET", "/api/settings")
    document = before.get_json()
    document["modules"]["invoices"]["conflict"] = "newest"
    document["notify"]["emails"] = ["books@harbourvine.example"]
    saved = admin("PUT", "/api/settings", document, If_Match=before.headers["ETag"])
    assert saved.status_code == 200
    assert saved.headers["ETag"] != before.headers["ETag"]
    assert admin.get("/api/settings") == saved.get_json() == document


def test_what_is_left_out_stays_as_it_is(admin: Person) -> None:
    before = admin.get("/api/settings")
    answer = admin("PUT", "/api/settings", {"modules": {"invoices": {"schedule": False}}})
    assert answer.status_code == 200
    before["modules"]["invoices"]["schedule"] = False
    assert admin.get("/api/settings") == before


def test_who_saves_second_gets_the_current_document(admin: Person) -> None:
    first = admin("GET", "/api/settings")
    document, tag = first.get_json(), first.headers["ETag"]
    document["delete_limit"] = 20
    assert admin("PUT", "/api/settings", document, If_Match=tag).status_code == 200
    document["delete_limit"] = 30
    late = admin("PUT", "/api/settings", document, If_Match=tag)
    assert late.status_code == 412
    told = late.get_json()
    assert told["code"] == "changed_meanwhile"
    assert told["current"]["delete_limit"] == 20
    assert late.headers["ETag"] == admin("GET", "/api/settings").headers["ETag"] != tag
    assert admin.get("/api/settings")["delete_limit"] == 20


VERSIONED = ("/api/settings", "/api/mapping/accounts", "/api/configuration")


@pytest.mark.parametrize("path", VERSIONED)
def test_a_version_read_of_one_organisation_opens_no_other(
    stage: Stage, admin: Person, path: str
) -> None:
    def elsewhere() -> None:
        """The same session at another organisation, with nothing saved in either."""
        with stage.sync.database.begin() as session:
            other = Organisation(zoho_org_id="70000001", name="Bay", settings=default_settings())
            session.add(other)
            session.flush()
            session.query(UserSession).update({"org_id": other.id})

    read = admin("GET", path)
    document, tag = read.get_json(), read.headers["ETag"]
    elsewhere()
    bay = stage.sign_in_again(admin)
    assert bay.get("/api/me")["org"]["name"] == "Bay"
    method, sent = ("PUT", document) if path != VERSIONED[2] else ("POST", taken(document))
    assert bay(method, path, sent, If_Match=tag).status_code == 412
    assert bay("GET", path).headers["ETag"] != tag


def taken(document: dict[str, Any]) -> dict[str, Any]:
    """An import of a file, whatever organisation it is of."""
    return {"document": document, "dry_run": False, "copy": True}


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"colour": "red"}, ["colour"]),
    ({"modules": {"deals": {}}}, ["modules.deals"]),
    ({"modules": {"invoices": {"enabled": "true"}}}, ["modules.invoices.enabled"]),
    ({"modules": {"invoices": {"enabled": 1}}}, ["modules.invoices.enabled"]),
    ({"modules": {"invoices": {"conflict": "mine"}}}, ["modules.invoices.conflict"]),
    ({"modules": {"invoices": {"start_date": "01/02/2026"}}}, ["modules.invoices.start_date"]),
    ({"modules": {"invoices": {"to_xero": {"alow": True}}}}, ["modules.invoices.to_xero.alow"]),
    (
        {"modules": {"sales_orders": {"to_zoho": {"allow": True}}}},
        ["modules.sales_orders.to_zoho.allow"],
    ),
    (
        {"modules": {"invoices": {"filter": [{"field": "Nope", "op": "eq", "value": "x"}]}}},
        ["modules.invoices.filter.0.field"],
    ),
    (
        {"modules": {"invoices": {"filter": [{"field": "Status", "op": "like", "value": "x"}]}}},
        ["modules.invoices.filter.0.op"],
    ),
    (
        {"modules": {"invoices": {"filter": [{"field": "Status", "op": "in", "value": "x"}]}}},
        ["modules.invoices.filter.0"],
    ),
    ({"customers": "vendors"}, ["customers"]),
    ({"sales_account": "999999"}, ["sales_account"]),
    ({"payment_account": "nowhere"}, ["payment_account"]),
    ({"fallback_product": "' OR 1=1"}, ["fallback_product"]),
    (
        {"tax_map": [{"zoho": {"name": "VAT", "percentage": 20}, "xero": "NOSUCHTAX"}]},
        ["tax_map.0.xero"],
    ),
    (
        {"tax_map": [{"zoho": {"name": "VAT", "percentage": "many"}, "xero": "OUTPUT2"}]},
        ["tax_map.0.zoho.percentage"],
    ),
    ({"status_map": {"invoices": "x"}}, ["status_map.invoices"]),
    ({"delete_limit": 101}, ["delete_limit"]),
    ({"delete_limit": 10.5}, ["delete_limit"]),
    ({"attempts": True}, ["attempts"]),
    ({"notify": {"emails": ["nobody"]}}, ["notify.emails.0"]),
    ({"notify": {"emails": ["a@b.example\nBcc: c@d.example"]}}, ["notify.emails.0"]),
    ({"language": "xx"}, ["language"]),
    ({"modules": None}, ["modules"]),
]


def test_everything_wrong_is_named_and_nothing_is_stored(stage: Stage, admin: Person) -> None:
    before = stored(stage)
    for body, expected in WRONG:
        answer = admin("PUT", "/api/settings", body, Accept_Language="de")
        assert paths(answer) == expected, body
    assert stored(stage) == before


def test_several_mistakes_are_named_at_once(stage: Stage, admin: Person) -> None:
    answer = admin("PUT", "/api/settings", {"language": "xx", "attempts": 0, "rounding": "hold"})
    assert sorted(paths(answer)) == ["attempts", "language"]


def test_a_percentage_of_the_tax_map_stays_exact(admin: Person) -> None:
    codes = [{"zoho": {"name": "VAT", "percentage": 17.5}, "xero": "OUTPUT2"}]
    assert admin("PUT", "/api/settings", {"tax_map": codes}).status_code == 200
    assert str(admin.get("/api/settings")["tax_map"][0]["zoho"]["percentage"]) == "17.5"


def test_colleagues_read_settings_and_do_not_save_them(stage: Stage, colleague: Person) -> None:
    before = stored(stage)
    assert colleague("GET", "/api/settings").status_code == 200
    assert colleague("PUT", "/api/settings", {"attempts": 5}).status_code == 403
    assert stored(stage) == before


# --- mapping -----------------------------------------------------------------------------------


def row(document: dict[str, Any], name: str) -> dict[str, Any]:
    """The row of that name."""
    return next(one for one in document["rows"] if one["name"] == name)


def test_a_mapping_shows_rows_and_fields_on_offer(admin: Person) -> None:
    found = admin.get("/api/mapping/invoices")
    due = row(found, "due_date")
    assert due == {"name": "due_date", "label": "Due Date", "zoho": "Due_Date", "xero": "DueDate",
                   "flow": "both", "on": "always", "owner": "none", "type": "date",
                   "locked": None}  # fmt: skip
    assert row(found, "xero_id")["locked"]["key"] == "row_is_ours"
    crm = {one["path"]: one for one in found["fields"]["zoho"]}
    assert crm["Subject"]["required"] is True
    assert set(crm["Subject"]) >= {"type", "length", "required", "read_only", "label"}
    assert "Contact.ContactID" in {one["path"] for one in found["fields"]["xero"]}


def test_the_same_document_goes_both_ways(admin: Person) -> None:
    before = admin("GET", "/api/mapping/accounts")
    document = before.get_json()
    row(document, "fax")["flow"] = "off"
    saved = admin("PUT", "/api/mapping/accounts", document, If_Match=before.headers["ETag"])
    assert saved.status_code == 200, saved.text
    assert row(admin.get("/api/mapping/accounts"), "fax")["flow"] == "off"
    late = admin("PUT", "/api/mapping/accounts", document, If_Match=before.headers["ETag"])
    assert late.status_code == 412
    assert late.get_json()["current"]["version"] == 1


CHANGES: list[tuple[str, dict[str, Any], str]] = [
    ("due_date", {"zoho": "Nothing_Like_That"}, "zoho"),
    ("due_date", {"xero": "Nothing.LikeThat"}, "xero"),
    ("due_date", {"flow": "sideways"}, "flow"),
    ("due_date", {"on": "never"}, "on"),
    ("due_date", {"owner": "me"}, "owner"),
    ("due_date", {"colour": "red"}, "colour"),
    ("due_date", {"name": "due date"}, "name"),
    ("due_date", {"name": "subject"}, "name"),
    ("due_date", {"zoho": "Subject"}, "zoho"),
    ("xero_id", {"flow": "off"}, "flow"),
    ("xero_number", {"flow": "both"}, "flow"),
    ("amount_due", {"flow": "to_xero"}, "flow"),
    ("customer", {"flow": "off"}, "flow"),
    ("due_date", {"value_map": {"a": 1}}, "value_map"),
    ("due_date", {"zoho": "__class__"}, "zoho"),
]


def test_each_wrong_row_is_named_and_nothing_is_stored(stage: Stage, admin: Person) -> None:
    document = admin.get("/api/mapping/invoices")
    number = {one["name"]: at for at, one in enumerate(document["rows"])}
    for name, change, where in CHANGES:
        bent = copy.deepcopy(document)
        bent["rows"][number[name]].update(change)
        answer = admin("PUT", "/api/mapping/invoices", bent)
        assert any(
            path.startswith("rows.") and path.split(".")[2] == where for path in paths(answer)
        ), (name, change, paths(answer))
    with stage.sync.database.begin() as session:
        assert session.query(Mapping).count() == 0


@pytest.mark.parametrize("body", [{}, {"rows": "x"}, {"rows": [1]}, {"rows": [], "more": 1}])
def test_a_mapping_without_readable_rows_is_refused(admin: Person, body: dict[str, Any]) -> None:
    assert paths(admin("PUT", "/api/mapping/invoices", body))


def test_a_mapping_of_payments_is_that_of_invoices(admin: Person) -> None:
    answer = admin("GET", "/api/mapping/payments")
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "module_not_available"


def test_saving_looks_again_at_what_waited_for_the_set_up(stage: Stage, admin: Person) -> None:
    organisation = admin.connect_xero("Harbour & Vine Ltd")["xero"]["organisation"]["id"]
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        link = Link(
            org_id=org.id,
            tenant_id=organisation,
            module="invoices",
            zoho_id="487687600000501337",
            state="needs_attention",
            message_key="sales_account_missing",
        )
        session.add(link)
        session.flush()
        link_id = link.id
    assert admin("PUT", "/api/settings", {"sales_account": "200"}).status_code == 200
    with stage.sync.database.begin() as session:
        assert session.get_one(Link, link_id).pending == 1
