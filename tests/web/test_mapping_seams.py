"""What the settings pages ask for while somebody edits mappings, maps, filters and files."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.modules import module_keys
from backend.store.tables import Link, Mapping, ModuleState, Organisation, ZohoConnection
from backend.store.views import save_mapping
from backend.sync import scope
from backend.sync.drain import drain
from backend.web import portable
from tests.web.conftest import Person, Stage


def row(document: dict[str, Any], name: str) -> dict[str, Any]:
    """The row of that name."""
    return next(one for one in document["rows"] if one["name"] == name)


def offer(document: dict[str, Any], side: str, path: str) -> dict[str, Any]:
    """The field on offer at that path."""
    return next(one for one in document["fields"][side] if one["path"] == path)


def codes(answer: Any) -> list[tuple[str, str]]:
    """Path and code of everything that was wrong, each of it in words."""
    found = answer.get_json()["fields"]
    assert all(one["detail"] != one["code"] for one in found), found
    return [(one["path"], one["code"]) for one in found]


def added(name: str, zoho: str | None, xero: str | None, **more: Any) -> dict[str, Any]:
    """A row an administrator adds."""
    held = {"name": name, "zoho": zoho, "xero": xero, "flow": "both", "on": "always"}
    return {**held, "owner": "none", **more}


# --- fields on offer ---------------------------------------------------------------------------


def test_more_of_xero_is_on_offer_than_what_is_declared(admin: Person) -> None:
    document = admin.get("/api/mapping/accounts")
    for path in ("CompanyNumber", "TaxNumber", "BankAccountDetails", "Phones.MOBILE.PhoneNumber"):
        assert not offer(document, "xero", path)["read_only"]
    assert offer(document, "xero", "Website")["read_only"]
    assert offer(document, "xero", "Addresses.POBOX.PostalCode")["length"] == 50
    items = admin.get("/api/mapping/products")
    accounts = offer(items, "xero", "SalesDetails.AccountCode")["choices"]
    assert {"value": "200", "label": "200 Sales"} in accounts
    assert offer(items, "xero", "Code")["required"]


def test_choices_have_values_and_labels(admin: Person) -> None:
    document = admin.get("/api/mapping/invoices")
    status = offer(document, "zoho", "Status")
    assert {"value": "Cancelled", "label": "Cancelled"} in status["choices"]
    assert status["custom"] is False


def test_a_label_of_xero_is_in_the_reader_s_language(admin: Person) -> None:
    found = admin.get("/api/mapping/accounts", Accept_Language="de")
    assert offer(found, "xero", "TaxNumber")["label"] == "Steuernummer"


# --- choosing a product ------------------------------------------------------------------------


def test_a_product_is_looked_for_chosen_and_called_by_its_name(stage: Stage, admin: Person) -> None:
    values = {"Product_Name": "Various goods", "Product_Code": "VAR-1"}
    product = stage.world.zoho.create("Products", values)
    found = admin.get("/api/crm/search/products?q=various")["rows"]
    assert found == [{"id": product, "label": "Various goods", "number": "VAR-1"}]
    saved = admin("PUT", "/api/settings", {"fallback_product": found[0]["id"]})
    assert saved.status_code == 200, saved.text
    assert admin.get(f"/api/crm/search/products?id={product}")["rows"] == found
    checks = admin.get("/api/preflight")["checks"]
    assert "fallback_product" not in {one["key"] for one in checks}
    assert admin.get("/api/crm/search/products?id=1")["rows"] == []
    for query in ("", "?q=", "?id=1 or 1", f"?q={'x' * 101}"):
        answer = admin("GET", f"/api/crm/search/products{query}")
        assert (answer.status_code, answer.get_json()["code"]) == (400, "search_needs_words"), query


# --- saving ------------------------------------------------------------------------------------


def test_a_custom_row_is_saved_checked_and_read_back(stage: Stage, admin: Person) -> None:
    document = admin.get("/api/mapping/accounts")
    document["rows"].append(
        added("x_site", "Website", "BankAccountDetails", flow="to_xero",
              transform=[{"op": "upper"}])
    )  # fmt: skip
    checked = admin("POST", "/api/mapping/accounts/check", document)
    assert checked.status_code == 200, checked.text
    assert checked.get_json()["fields"] == []
    with stage.sync.database.begin() as session:
        assert session.query(Mapping).count() == 0
    saved = admin("PUT", "/api/mapping/accounts", document)
    assert saved.status_code == 200, saved.text
    held = row(admin.get("/api/mapping/accounts"), "x_site")
    assert held["transform"] == [{"op": "upper"}]
    assert held["label"] == "Website"


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("a_type", added("x", "Annual_Revenue", "CompanyNumber"), "fields_fit_to_xero"),
    ("no_type", added("x", "Employees", "PaymentTerms.Sales"), "fields_fit_to_xero"),
    ("read_only", added("x", "Website", "Website"), "xero_field_read_only"),
    ("crm_gone", added("x", "Nope", "TaxNumber"), "crm_field_unknown"),
    ("xero_gone", added("x", "Website", "Nope"), "xero_field_unknown"),
    ("twice", added("x", "Website", "Name", flow="to_xero"), "target_twice"),
    ("loop", added("x", "Fax", "Phones.FAX.PhoneNumber", flow="to_zoho"), "target_twice"),
    ("step", added("x", "Website", "TaxNumber", transform=[{"op": "rot13"}]), "transform_unknown"),
    ("needs", added("x", "Website", "TaxNumber", transform=[{"op": "prefix"}]), "transform_needs"),
    ("argument", added("x", "Website", "TaxNumber", transform=[{"op": "trim", "length": -1}]),
     "transform_argument"),
    ("one_way", added("x", "Website", "TaxNumber", transform=[{"op": "upper"}]),
     "transform_one_way"),
    ("date", added("x", "Website", "TaxNumber", transform=[{"op": "date_shift", "days": 3}]),
     "transform_type"),
    ("fixed", added("x", None, "TaxNumber", fixed="GB1"), "fixed_one_way"),
    ("fixed_both", added("x", "Website", "TaxNumber", fixed="GB1", flow="to_xero"),
     "fixed_one_sided"),
    ("fixed_long", added("x", None, "TaxNumber", fixed="9" * 51, flow="to_xero"),
     "mapping_text_too_long"),
    ("no_map", added("x", "Website", "TaxNumber", value_map={"a": "b"}), "value_map_useless"),
    ("hole", added("x", "Industry", "TaxNumber", value_map={"Banking": "B"}), "value_map_hole"),
]  # fmt: skip


def test_each_wrong_row_is_named_in_words_and_nothing_is_stored(
    stage: Stage, admin: Person
) -> None:
    document = admin.get("/api/mapping/accounts")
    number = len(document["rows"])
    for case, wrong, code in WRONG:
        bent = {**document, "rows": [*document["rows"], wrong]}
        for call, path, status in (("POST", "/check", 200), ("PUT", "", 422)):
            answer = admin(call, f"/api/mapping/accounts{path}", bent, Accept_Language="fr")
            assert answer.status_code == status, (case, answer.text)
            found = codes(answer)
            named = [said for at, said in found if at.startswith(f"rows.{number}.")]
            assert code in named, (case, found)
    with stage.sync.database.begin() as session:
        assert session.query(Mapping).count() == 0


def test_versions_are_kept_listed_and_restored(admin: Person) -> None:
    document = admin.get("/api/mapping/accounts")
    row(document, "fax")["flow"] = "off"
    assert admin("PUT", "/api/mapping/accounts", document).status_code == 200
    row(document, "fax")["flow"] = "to_xero"
    assert admin("PUT", "/api/mapping/accounts", document).status_code == 200
    held = admin.get("/api/mapping/accounts/versions")["rows"]
    assert [(one["version"], one["current"]) for one in held] == [
        (2, True), (1, False), (0, False),
    ]  # fmt: skip
    assert held[0]["by"]
    restored = admin("POST", "/api/mapping/accounts/versions/1/restore")
    assert restored.status_code == 200, restored.text
    assert row(restored.get_json(), "fax")["flow"] == "off"
    assert restored.get_json()["version"] == 3
    assert admin("POST", "/api/mapping/accounts/versions/9/restore").status_code == 404
    assert admin("POST", "/api/mapping/accounts/versions/0/restore").status_code == 200
    assert row(admin.get("/api/mapping/accounts"), "fax")["flow"] == "both"


# --- lists, maps, modules, pre-flight ----------------------------------------------------------


def test_the_lists_of_xero_are_told_without_a_remote_call(stage: Stage, admin: Person) -> None:
    before = len(stage.world.log.entries())
    found = admin.get("/api/xero/choices")
    assert len(stage.world.log.entries()) == before
    sales = next(one for one in found["accounts"] if one["code"] == "200")
    assert sales["active"] is True
    assert any(one["takes_payments"] for one in found["accounts"])
    assert {"code", "name", "rate", "active", "sales", "purchases"} == set(found["tax_rates"][0])
    assert found["organisation"]["name"] == "Harbour & Vine Ltd"
    assert found["currencies"]
    assert found["as_of"]


def test_maps_propose_and_name_what_is_missing(stage: Stage, admin: Person) -> None:
    found = admin.get("/api/maps")
    vat = next(one for one in found["tax"] if one["zoho"]["percentage"] == "20")
    assert vat["proposal"] == "OUTPUT2"
    assert vat["why"]
    states = {one["xero"]: one for one in found["status"]["invoices"]}
    assert states["VOIDED"]["zoho"] == "Cancelled"
    assert states["DRAFT"]["label"] == "Draft"
    assert "Cancelled" in states["DRAFT"]["choices"]
    admin("PUT", "/api/settings", {"sales_account": "200"})
    with stage.sync.database.begin() as session:
        zoho = session.query(ZohoConnection).one()
        odd = {"name": "Odd", "rate": "13.37"}
        zoho.facts = {**zoho.facts, "taxes": [*zoho.facts["taxes"], odd]}
    gaps = admin.get("/api/maps", Accept_Language="de")["gaps"]
    assert [one["key"] for one in gaps if "13.37" in one["text"]] == ["gap_tax"]


def test_every_module_is_told_with_what_it_can_do(admin: Person) -> None:
    rows = {one["key"]: one for one in admin.get("/api/modules")["rows"]}
    assert list(rows) == list(module_keys())
    orders = rows["sales_orders"]["directions"]["to_zoho"]
    assert orders["possible"] is False
    assert orders["why"]["text"]
    assert rows["accounts"]["xero_label"] == "Contacts (customers)"
    assert rows["invoices"]["scope_text"] == "All records"


def test_the_pre_flight_check_says_what_is_open(admin: Person) -> None:
    found = admin.get("/api/preflight")
    states = {one["key"]: one for one in found["checks"]}
    assert states["xero"]["state"] == states["zoho"]["state"] == "ok"
    assert states["preview.accounts"]["state"] == "gap"
    assert states["preview.accounts"]["fix"]
    assert found["ready"] is True
    admin("DELETE", "/api/connections/xero")
    found = admin.get("/api/preflight")
    assert found["ready"] is False
    assert next(one for one in found["checks"] if one["key"] == "xero")["state"] == "wrong"


# --- scope and consequences --------------------------------------------------------------------


def test_a_scope_is_counted_and_its_mistakes_are_named(stage: Stage, admin: Person) -> None:
    for name, city in (("A", "Leeds"), ("B", "York"), ("C", "Leeds")):
        stage.world.zoho.create("Accounts", {"Account_Name": name, "Billing_City": city})
    wanted = {"filter": [{"field": "Billing_City", "op": "eq", "value": "Leeds"}]}
    found = admin("POST", "/api/modules/accounts/scope", wanted).get_json()
    assert (found["total"], found["included"], found["complete"]) == (3, 2, True)
    assert found["fields"] == []
    late = admin("POST", "/api/modules/accounts/scope", {"start_date": "2999-01-01"}).get_json()
    assert (late["total"], late["included"]) == (3, 0)


def test_a_large_module_is_counted_to_its_end_or_the_count_says_that_it_is_a_part(
    stage: Stage, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(1_210):
        city = "Leeds" if n % 10 == 0 else "York"
        stage.world.zoho.create("Accounts", {"Account_Name": f"C{n}", "Billing_City": city})
    wanted = {"filter": [{"field": "Billing_City", "op": "eq", "value": "Leeds"}]}
    found = admin("POST", "/api/modules/accounts/scope", wanted).get_json()
    assert (found["total"], found["included"], found["complete"]) == (1_210, 121, True)
    monkeypatch.setattr(scope, "MOST_TIME", timedelta(0))
    part = admin("POST", "/api/modules/accounts/scope", wanted).get_json()
    assert (part["total"], part["complete"]) == (200, False)


WRONG_FILTERS: list[tuple[dict[str, Any], str, str]] = [
    ({"field": "Gone_Field", "op": "eq", "value": "x"}, "field", "filter_field_gone"),
    ({"field": "Status", "op": "eq", "value": "Nearly"}, "value", "value_not_listed"),
    ({"field": "Subject", "op": "gt", "value": "x"}, "op", "filter_op_unsuited"),
    ({"field": "Invoice_Date", "op": "ge", "value": "soon"}, "value", "filter_value_unsuited"),
    ({"field": "Adjustment", "op": "gt", "value": "much"}, "value", "filter_value_unsuited"),
    ({"field": "Invoiced_Items", "op": "not_empty"}, "field", "filter_field_unsuited"),
]


def test_a_filter_is_checked_against_what_crm_has(admin: Person) -> None:
    for condition, part, code in WRONG_FILTERS:
        answer = admin("POST", "/api/modules/invoices/scope", {"filter": [condition]})
        assert codes(answer) == [(f"filter.0.{part}", code)], condition
        assert answer.get_json()["total"] is None
        held = {"modules": {"invoices": {"filter": [condition]}}}
        saved = admin("PUT", "/api/settings", held)
        assert saved.status_code == 422
        assert codes(saved) == [(f"modules.invoices.filter.0.{part}", code)], condition


def test_settings_are_checked_before_they_are_saved(stage: Stage, admin: Person) -> None:
    wrong = admin("POST", "/api/settings/check", {"document": {"attempts": 0}}).get_json()
    assert [one["path"] for one in wrong["fields"]] == ["attempts"]
    assert wrong["consequences"] == []
    fine = admin("POST", "/api/settings/check", {"document": {"attempts": 4}}).get_json()
    assert (fine["fields"], fine["consequences"]) == ([], [])
    with stage.sync.database.begin() as session:
        assert session.query(Organisation).one().settings["attempts"] == 3


def test_taking_up_a_module_again_needs_a_preview_once_more(stage: Stage, admin: Person) -> None:
    with stage.sync.database.begin() as session:
        org = session.query(Organisation).one()
        session.add(
            ModuleState(org_id=org.id, tenant_id=org.tenant_id, module="accounts",
                        accepted_at=stage.clock())
        )  # fmt: skip
    off = {"modules": {"accounts": {"enabled": False}}}
    on = {"modules": {"accounts": {"enabled": True}}}
    assert admin("POST", "/api/settings/check", {"document": off}).get_json()["consequences"] == []
    assert admin("PUT", "/api/settings", off).status_code == 200
    assert admin.get("/api/health")["modules"]["accounts"]["accepted"] is True
    told = admin("POST", "/api/settings/check", {"document": on}).get_json()["consequences"]
    assert [(one["module"], one["key"]) for one in told] == [("accounts", "piled_unknown")]
    assert told[0]["text"].startswith("Accounts: ")
    assert admin.get("/api/health")["modules"]["accounts"]["accepted"] is True
    assert admin("PUT", "/api/settings", on).status_code == 200
    assert admin.get("/api/health")["modules"]["accounts"]["accepted"] is False


# --- the set-up guide --------------------------------------------------------------------------


def test_a_step_of_the_guide_is_kept_for_everybody_and_moves_no_version(
    stage: Stage, admin: Person
) -> None:
    before = admin("GET", "/api/settings").headers["ETag"]
    assert admin.get("/api/guide") == {"seen": []}
    for step in ("mapping", "modules", "modules"):
        assert admin("PUT", f"/api/guide/{step}").status_code == 200
    assert admin("PUT", "/api/guide/elsewhere").status_code == 404
    assert admin("GET", "/api/settings").headers["ETag"] == before
    colleague = stage.sign_in("luc@harbourvine.example")
    assert colleague.get("/api/guide") == {"seen": ["modules", "mapping"]}
    assert colleague("PUT", "/api/guide/maps").status_code == 403
    admin.connect_xero("Harbour & Vine Trading B.V.")
    assert admin.get("/api/guide") == {"seen": []}


# --- one file ----------------------------------------------------------------------------------


def taken_already(session: Session, org_id: str, key: str, **given: Any) -> None:
    """Store rows under the version that is stored."""
    save_mapping(session, org_id, key, **{**given, "version": given["version"] - 1})


def imported(admin: Person, body: dict[str, Any], **headers: str) -> TestResponse:
    """The answer to an import; over whatever is stored when no version is named."""
    headers = {"If_Match": "*", **headers}
    return admin("POST", "/api/configuration", {**body, "dry_run": False}, **headers)


def test_a_configuration_is_exported_and_imported_whole(stage: Stage, admin: Person) -> None:
    document = admin.get("/api/mapping/accounts")
    row(document, "fax")["flow"] = "off"
    assert admin("PUT", "/api/mapping/accounts", document).status_code == 200
    file = admin.get("/api/configuration")
    assert (file["format"], file["version"]) == (1, 1)
    assert file["organisation"]["name"] == "Harbour & Vine"
    bent = copy.deepcopy(file)
    bent["settings"]["delete_limit"] = 42
    tried = admin("POST", "/api/configuration", {"document": bent, "dry_run": True})
    assert tried.get_json()["changes"] == [
        {"path": "settings.delete_limit", "before": 10, "after": 42}
    ]
    assert admin.get("/api/settings")["delete_limit"] == 10
    turned = copy.deepcopy(file)
    row({"rows": turned["mappings"]["accounts"]}, "fax")["flow"] = "both"
    asked = admin("POST", "/api/configuration", {"document": turned, "dry_run": True}).get_json()
    assert [(one["path"], one["label"]) for one in asked["changes"]] == [
        ("mappings.accounts.fax.flow", "Fax")
    ]
    done = imported(admin, {"document": bent}, If_Match=tried.headers["ETag"])
    assert done.status_code == 200, done.text
    assert done.headers["ETag"] != tried.headers["ETag"]
    assert admin.get("/api/settings")["delete_limit"] == 42


def test_an_import_overwrites_nothing_that_was_saved_after_it_was_compared(admin: Person) -> None:
    file = admin.get("/api/configuration")
    file["settings"]["delete_limit"] = 42

    def compared() -> str:
        return str(
            admin("POST", "/api/configuration", {"document": file, "dry_run": True}).headers["ETag"]
        )

    seen = compared()
    assert admin("GET", "/api/configuration").headers["ETag"] == seen
    document = admin.get("/api/mapping/accounts")
    row(document, "fax")["flow"] = "off"
    for path, body in (("/api/settings", {"attempts": 3}), ("/api/mapping/accounts", document)):
        assert admin("PUT", path, body).status_code == 200
        late = imported(admin, {"document": file}, If_Match=seen)
        assert (late.status_code, late.get_json()["code"]) == (412, "configuration_changed")
        assert late.headers["ETag"] == compared() != seen
        seen = compared()
    unseen = admin("POST", "/api/configuration", {"document": file, "dry_run": False})
    assert (unseen.status_code, unseen.get_json()["code"]) == (428, "version_needed")
    stored = admin.get("/api/settings")
    assert (stored["delete_limit"], stored["attempts"]) == (10, 3)
    assert imported(admin, {"document": file}, If_Match=seen).status_code == 200
    assert admin.get("/api/settings")["delete_limit"] == 42


def test_a_mapping_saved_in_the_same_moment_stands_and_the_import_is_refused(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = admin.get("/api/mapping/accounts")
    row(document, "fax")["flow"] = "off"
    assert admin("PUT", "/api/mapping/accounts", document).status_code == 200
    file = admin.get("/api/configuration")
    file["settings"]["delete_limit"] = 42
    # The version that another one has just taken, as it looks to who read before that.
    monkeypatch.setattr(portable.views, "save_mapping", taken_already)
    late = imported(admin, {"document": file})
    assert (late.status_code, late.get_json()["code"]) == (412, "configuration_changed")
    assert admin.get("/api/settings")["delete_limit"] == 10


def test_a_file_of_another_version_or_organisation_changes_nothing(admin: Person) -> None:
    file = admin.get("/api/configuration")
    for change, path, code in (
        ({"version": 2}, "version", "configuration_other_version"),
        ({"format": 7}, "version", "configuration_other_version"),
        ({"organisation": {"id": "1", "name": "Elsewhere"}}, "organisation",
         "configuration_other_organisation"),
        ({"settings": {"attempts": "many"}}, "settings.attempts", "field_number"),
        ({"mappings": {"deals": []}}, "mappings.deals", "unknown_module"),
    ):  # fmt: skip
        body = {"document": {**file, **change}}
        answer = imported(admin, body, Accept_Language="de")
        assert answer.status_code == 422
        assert codes(answer) == [(path, code)]
    assert admin.get("/api/configuration")["settings"] == file["settings"]


def test_a_copy_leaves_out_what_is_missing_and_names_it(admin: Person) -> None:
    file = admin.get("/api/configuration")
    file["organisation"] = {"id": "1", "name": "Elsewhere"}
    file["settings"] |= {
        "sales_account": "999", "fallback_product": "554023000000527001", "delete_limit": 33,
        "tax_map": [{"zoho": {"name": "VAT", "percentage": 20}, "xero": "TAX999"}],
    }  # fmt: skip
    file["mappings"] = {"accounts": [added("x", "Region__c", "TaxNumber", flow="to_xero")]}
    answer = imported(admin, {"document": file, "copy": True})
    assert answer.status_code == 200, answer.text
    assert {one["code"] for one in answer.get_json()["gaps"]} == {
        "configuration_copied", "copy_without_account", "copy_without_product",
        "copy_without_tax", "copy_without_row",
    }  # fmt: skip
    stored = admin.get("/api/settings")
    assert (stored["delete_limit"], stored["sales_account"], stored["tax_map"]) == (33, None, [])


# --- what a mapping would do -------------------------------------------------------------------


def paired(stage: Stage, admin: Person, **crm: Any) -> tuple[str, str]:
    """A customer on both sides that has been synced; its ids."""
    crm_id = stage.world.zoho.create("Accounts", {"Account_Name": "Kestrel Foods", **crm})
    asked = admin("POST", f"/api/records/accounts/{crm_id}/sync", {"direction": "both"})
    assert asked.status_code == 202, asked.text
    with stage.sync.database.begin() as session:
        org_id = session.query(Organisation).one().id
    drain(stage.sync, org_id)
    return crm_id, admin.get(f"/api/records/accounts/{crm_id}")["links"][0]["xero_id"]


def test_a_check_shows_what_would_change_on_real_records_and_writes_nothing(
    stage: Stage, admin: Person
) -> None:
    crm_id, xero_id = paired(stage, admin, Website="https://kestrel.example")
    document = admin.get("/api/mapping/accounts")
    assert offer(document, "zoho", "Account_Name")["sample"] == "Kestrel Foods"
    document["rows"].append(added("x_site", "Website", "BankAccountDetails", flow="to_xero"))
    before = len(stage.world.log.entries())
    found = admin("POST", "/api/mapping/accounts/check", document).get_json()
    assert len(stage.world.log.entries()) - before <= 3
    assert found["records"] == 1
    (effect,) = found["effects"]
    assert (effect["zoho_id"], effect["xero_id"]) == (crm_id, xero_id)
    assert effect["changes"] == [
        {"side": "xero", "field": "Website", "before": None, "after": "https://kestrel.example"}
    ]
    with stage.sync.database.begin() as session:
        assert session.query(Mapping).count() == 0


def test_saving_a_mapping_looks_again_at_what_the_old_one_held_up(
    stage: Stage, admin: Person
) -> None:
    paired(stage, admin)
    with stage.sync.database.begin() as session:
        link = session.query(Link).filter_by(module="accounts").one()
        link.state, link.message_key, link.parked = "needs_attention", "text_too_long", True
    document = admin.get("/api/mapping/accounts")
    row(document, "fax")["flow"] = "off"
    assert admin("PUT", "/api/mapping/accounts", document).status_code == 200
    with stage.sync.database.begin() as session:
        assert session.query(Link).filter_by(module="accounts").one().pending == 1


def test_rows_that_feed_each_other_in_a_circle_are_named(admin: Person) -> None:
    document = admin.get("/api/mapping/accounts")
    number = len(document["rows"])
    document["rows"] += [
        added("x1", "Website", "TaxNumber", flow="to_xero"),
        added("x2", "Ticker_Symbol", "TaxNumber", flow="to_zoho"),
        added("x3", "Ticker_Symbol", "CompanyNumber", flow="to_xero"),
        added("x4", "Website", "CompanyNumber", flow="to_zoho"),
    ]
    found = codes(admin("PUT", "/api/mapping/accounts", document))
    assert found == [(f"rows.{number + n}.flow", "mapping_loop") for n in range(4)]
    document["rows"].pop()
    assert admin("PUT", "/api/mapping/accounts", document).status_code == 200


def test_what_crm_insists_on_must_be_filled_where_records_may_be_created(
    stage: Stage, admin: Person
) -> None:
    with stage.sync.database.begin() as session:
        zoho = session.query(ZohoConnection).one()
        fields = copy.deepcopy(zoho.facts["fields"])
        fields["Accounts"]["Website"]["required"] = True
        zoho.facts = {**zoho.facts, "fields": fields}
    document = admin.get("/api/mapping/accounts")
    answer = admin("PUT", "/api/mapping/accounts", document)
    assert codes(answer) == [("rows", "required_unmapped_zoho")]
    off = {"modules": {"accounts": {"to_zoho": {"create": False}}}}
    assert admin("PUT", "/api/settings", off).status_code == 200
    assert admin("PUT", "/api/mapping/accounts", document).status_code == 200


def test_more_fields_than_crm_hands_out_at_a_time_are_refused(stage: Stage, admin: Person) -> None:
    with stage.sync.database.begin() as session:
        zoho = session.query(ZohoConnection).one()
        fields = copy.deepcopy(zoho.facts["fields"])
        more = {f"Extra_{n}": {"type": "text", "length": 255, "id": str(n)} for n in range(60)}
        fields["Accounts"] |= more
        zoho.facts = {**zoho.facts, "fields": fields}
    document = admin.get("/api/mapping/accounts")
    document["rows"] += [
        added(f"x{n}", f"Extra_{10 + n}", path, flow="to_xero",
              transform=[{"op": "join", "fields": [f"Extra_{20 + 8 * n + m}" for m in range(8)]}])
        for n, path in enumerate(("TaxNumber", "CompanyNumber", "XeroNetworkKey",
                                  "BankAccountDetails"))
    ]  # fmt: skip
    answer = admin("PUT", "/api/mapping/accounts", document)
    assert codes(answer) == [("rows", "mapping_too_many_fields")]


def test_messages_name_an_added_field_as_crm_does(stage: Stage, admin: Person) -> None:
    crm_id, _ = paired(stage, admin)
    document = admin.get("/api/mapping/accounts")
    document["rows"].append(added("x_site", "Website", "BankAccountDetails", flow="to_xero"))
    assert admin("PUT", "/api/mapping/accounts", document).status_code == 200
    with stage.sync.database.begin() as session:
        link = session.query(Link).filter_by(module="accounts").one()
        link.state, link.message_key = "needs_attention", "choice_unknown"
        link.message_params = {"field": "x_site", "value": "Blue", "side": "zoho"}
    told = admin.get(f"/api/records/accounts/{crm_id}", Accept_Language="fr")["reason"]["text"]
    assert told.startswith("Website\u00a0: ")
