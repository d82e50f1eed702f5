"""The same laws for every module there is; a new one is tested by existing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.core.codecs import CODECS, read_all
from backend.core.document_status import WITHDRAWN
from backend.core.plan import Pair, Verdict, plan
from backend.core.policy import Policy
from backend.core.shown import GROUPS
from backend.core.spec import Facts, Flow, ModuleSpec, Raw, Side
from backend.i18n import LANGUAGES, catalogue
from backend.modules import all_specs, module_keys
from backend.store.tables import Link
from backend.sync import facts as facts_of
from backend.sync import turn as turns
from backend.texts import FIELDS, TEXTS, own_words
from backend.texts.mapping import STATES
from simulator.world import World
from tests.contract.xero_openapi import FILE
from tests.modules.samples import modules, sample
from tests.sync.bridge import Bridge

SPECS = list(all_specs().values())
OWN = [spec for spec in SPECS if spec.attached_to is None]
SYNCED = [spec for spec in OWN if not getattr(spec, "parts", None)]
"""Modules whose records are records in Xero too; persons may live inside a contact there."""


def key_of(spec: ModuleSpec) -> str:
    """How a test names its module."""
    return spec.key


every = pytest.mark.parametrize("spec", SPECS, ids=key_of)
synced = pytest.mark.parametrize("spec", SYNCED, ids=key_of)


# --- the declaration ---------------------------------------------------------------------------


@every
def test_its_key_and_what_it_depends_on_are_known(spec: ModuleSpec) -> None:
    known = set(all_specs())
    assert set(spec.depends_on) <= known
    assert {row.target for row in spec.fields if row.target} <= known
    mine = module_keys().index(spec.key)
    assert all(module_keys().index(each) < mine for each in spec.depends_on)


@every
def test_it_is_shown_in_words_of_its_own(spec: ModuleSpec) -> None:
    shown = spec.shown
    assert shown.group in GROUPS
    others = [each.shown for each in SPECS if each is not spec]
    assert (shown.group, shown.place) not in {(each.group, each.place) for each in others}
    for text in (shown.name, shown.absent, shown.chosen):
        assert text is None or text not in {each.name for each in others}
        assert text is None or text not in {each.absent for each in others}
        assert text is None or text not in {each.chosen for each in others}
    assert (spec.attached_to is None) == (shown.along is None)
    assert (shown.absent is None) == (shown.chosen is None) == (shown.sending is None)
    assert not set(shown.words) & {*FIELDS, *STATES}, "words all modules have in common"
    known = {row.name for row in spec.fields} | {each.path for each in spec.xero.offers}
    assert set(shown.words) <= {*known, *spec.xero.states}, "words of nothing"
    for state in spec.xero.states:
        assert state in {*STATES, *own_words()}, f"{state} has no word"


@every
def test_its_rows_are_told_apart_and_use_known_words(spec: ModuleSpec) -> None:
    names = [row.name for row in spec.fields]
    assert len(names) == len(set(names))
    for row in spec.fields:
        assert row.codec in CODECS, row.name
        assert row.name in {*FIELDS, *own_words()}, f"{row.name} has no label"
        assert row.switch is None or row.switch in all_specs()
    assert set().union(*spec.locked.values(), set()) <= {*names, "*"}
    into = [row.zoho for row in spec.fields if row.flow.reaches(Side.ZOHO) and row.zoho]
    assert len(into) == len(set(into)), "two rows write one CRM field"


@pytest.mark.parametrize("spec", OWN, ids=key_of)
def test_its_crm_fields_exist_and_hold_what_is_declared(spec: ModuleSpec) -> None:
    known = World().zoho.modules[spec.zoho.path].fields
    for row in spec.fields:
        name = (row.zoho or "id").partition(".")[0]
        if name == "id" or name.startswith(facts_of.ADDED_PREFIX):
            continue
        held = known.get(name)
        if held is None:
            assert row.name in OPTIONAL, f"{name} is no field of {spec.zoho.path}"
            continue
        if row.zoho_length and held.length and held.data_type in {"text", "textarea", "email"}:
            assert row.zoho_length <= held.length, name
    for row in facts_of.added_rows(spec):
        assert row.codec in facts_of.ADDED_TYPES, row.name
    lines = spec.zoho.lines
    assert lines is None or known[lines].data_type == "subform"


OPTIONAL = frozenset({"account_number", "currency", "email", "fax", "price", "purchase_price"})
"""Rows of fields only some CRM editions have; they rest where the field is missing."""


@pytest.fixture(scope="module")
def official(shared_dir: Path | None) -> dict[str, Any] | None:
    """The schemas of Xero's official file, None where it is absent."""
    file = (shared_dir or Path()) / FILE
    if shared_dir is None or not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text())["components"]["schemas"]
    return found


@pytest.mark.parametrize("spec", OWN, ids=key_of)
def test_its_xero_fields_are_in_the_official_file_with_their_lengths(
    spec: ModuleSpec, official: dict[str, Any] | None, record_property: Any
) -> None:
    record_property("checked against", "official file" if official else "nothing: file absent")
    if official is None:
        return
    name = {"Contacts": "Contact", "Items": "Item"}.get(spec.xero.path, spec.xero.path[:-1])
    for row in spec.fields:
        if row.xero is None or (spec.parts and row.xero.startswith("Parent.")):
            # The record a part lives in is no field of Xero's.
            continue
        found = _schema(official, name, [p for p in row.xero.split(".") if p not in KINDS])
        assert found is not None, f"{row.xero} is not in {name}"
        most = found.get("maxLength")
        if most and row.xero_length and row.flow.reaches(Side.XERO):
            assert row.xero_length <= most, row.xero


KINDS = frozenset({"POBOX", "STREET", "DEFAULT", "DDI", "MOBILE", "FAX", "OFFICE"})


def _schema(schemas: dict[str, Any], name: str, path: list[str]) -> dict[str, Any] | None:
    node: dict[str, Any] = schemas[name]
    for part in path:
        node = node.get("properties", {}).get(part)  # type: ignore[assignment]
        if node is None:
            return None
        while "$ref" in node or "items" in node:
            inner = node.get("items", node)
            node = schemas[inner["$ref"].rsplit("/", 1)[1]] if "$ref" in inner else inner
    return node


@pytest.mark.parametrize("spec", OWN, ids=key_of)
def test_a_record_can_be_recognised(spec: ModuleSpec) -> None:
    """By our mark in CRM, and by a natural key or our mark in Xero."""
    assert spec.zoho.back_reference == "Xero_ID"
    assert any(row.keys for row in spec.fields) or spec.xero.back_reference
    assert "{id}" in (spec.zoho.deep_link or "")
    assert "{short_code}" in (spec.xero.deep_link or "{short_code}")


@every
def test_states_lead_to_states_that_are_known(spec: ModuleSpec) -> None:
    named = {state for states in spec.moves.values() for state in states}
    words = next((row.value_map for row in spec.fields if row.name == "status"), {})
    if spec.moves:
        assert named <= set(words), "a state that may be reached has no word"
        assert "" in spec.moves
    assert not (spec.money and not spec.gone)


@every
def test_every_message_it_gives_has_words_in_every_language(spec: ModuleSpec) -> None:
    keys = {each.refused for each in map(spec.withdraw, states(spec)) if each.refused}
    for key in filter(None, keys):
        assert any(name.partition(".")[0] == key for name in TEXTS), key
        text = next(t for name, t in TEXTS.items() if name.partition(".")[0] == key)
        for language in LANGUAGES:
            told = catalogue(language).gettext(text.cause)
            assert language == "en" or told != text.cause, (key, language)


def states(spec: ModuleSpec) -> Iterator[Raw]:
    """Xero records of this module in every state there is."""
    words = next((row.value_map for row in spec.fields if row.name == "status"), {})
    known = {*words, *spec.locked, *spec.gone, *spec.xero_owns, "DRAFT", "AUTHORISED"}
    for state in sorted(known):
        yield {spec.xero.id: "x", "Status": state, "ContactStatus": state, "LineItems": []}


# --- what deleting means (PRODUCT, switches) ---------------------------------------------------

TRANSLATED = {
    "archive": {"accounts", "contacts", "vendors"},
    "delete": {"products", "quotes", "purchase_orders", "sales_orders", "invoices"},
}


@synced
def test_a_deletion_is_translated_and_what_must_stay_is_refused_by_name(
    spec: ModuleSpec,
) -> None:
    ways = {str(raw["Status"]): spec.withdraw(raw) for raw in states(spec)}
    operation = next((op for op, keys in TRANSLATED.items() if spec.key in keys), "none")
    assert ways["DRAFT"].operation == operation
    if spec.money and operation == "delete":
        assert ways["DRAFT"].body["Status"] == "DELETED"
        for state in spec.gone:
            assert ways[state].refused, state
    for way in ways.values():
        assert (way.operation == "none") is (way.refused is not None)
    if spec.key == "invoices":
        assert ways["AUTHORISED"].body == {"Status": "VOIDED"}
        assert ways["PAID"].refused == "paid_cannot_be_voided"
    if spec.key == "purchase_orders":
        assert ways["BILLED"].refused == "billed_cannot_be_deleted"


# --- there and back ----------------------------------------------------------------------------


@pytest.fixture
def all_on(bridge: Bridge) -> Bridge:
    """Every module accepted and switched on."""
    bridge.settings(
        sales_account="200", purchases_account="310", fallback_product=None,
        **{key: {"enabled": True} for key in modules()},
    )  # fmt: skip
    bridge.accept(*modules())
    return bridge


def both(bridge: Bridge, spec: ModuleSpec, link: Link) -> tuple[Raw, Raw, Facts]:
    """Both records of a link as read, and what they refer to."""
    turn = turns.build(bridge.sync, bridge.org_id, fence=-1)
    zoho = bridge.crm(spec.zoho.path, str(link.zoho_id))
    xero = bridge.xero(spec.xero.path, str(link.xero_id))
    return zoho, xero, turn.facts(turn.specs[spec.key], [zoho], [xero])


def assert_agree(bridge: Bridge, spec: ModuleSpec, link: Link) -> None:
    """What travels both ways, or has travelled, reads the same on both sides."""
    zoho, xero, facts = both(bridge, spec, link)
    here = read_all(spec, Side.ZOHO, zoho, facts)
    there = read_all(spec, Side.XERO, xero, facts)
    quiet = spec.silent(Side.XERO, xero) | spec.silent(Side.ZOHO, zoho)
    for row in spec.fields:
        if row.flow is not Flow.BOTH or row.name in quiet or row.name not in here:
            continue
        if bridge.world.zoho.modules[spec.zoho.path].fields[str(row.zoho)].read_only:
            # CRM numbers its documents itself; Xero's number shows in a field of its own.
            continue
        same = CODECS[row.codec].same(here[row.name], there.get(row.name))
        assert same, (row.name, here[row.name], there.get(row.name))


def settled(bridge: Bridge, spec: ModuleSpec, zoho_id: str) -> Link:
    """The link after a click that has to end well."""
    link = bridge.click(spec.key, zoho_id)
    assert link.state == "in_sync", (link.message_key, link.message_params, link.words)
    return link


@synced
def test_a_record_of_crm_crosses_reads_back_and_rests(all_on: Bridge, spec: ModuleSpec) -> None:
    bridge = all_on
    zoho_id = sample(bridge, spec)
    link = settled(bridge, spec, zoho_id)
    assert_agree(bridge, spec, link)
    writes = bridge.writes()
    settled(bridge, spec, zoho_id)
    bridge.later(600)
    bridge.sweep(spec.key)
    bridge.later(600)
    bridge.sweep(spec.key)
    assert bridge.writes() == writes, "nothing changed, and something was written"
    _an_edit_travels_alone(bridge, spec, link)


def _an_edit_travels_alone(bridge: Bridge, spec: ModuleSpec, link: Link) -> None:
    """One text changes in CRM; in Xero nothing else does, unmapped fields least of all."""
    row = next(
        row
        for row in spec.fields
        if row.codec in {"text", "multiline"} and row.flow.reaches(Side.XERO)
        and row.on.value == "always" and row.zoho not in {None, "id"}
    )  # fmt: skip
    before = bridge.xero(spec.xero.path, str(link.xero_id))
    bridge.world.zoho.edit(spec.zoho.path, str(link.zoho_id), {str(row.zoho): "Edited"})
    bridge.later(60)
    settled(bridge, spec, str(link.zoho_id))
    after = bridge.xero(spec.xero.path, str(link.xero_id))
    head = str(row.xero).partition(".")[0]
    stamps = {head, spec.xero.modified, f"{spec.xero.modified}String"}
    assert {k: v for k, v in before.items() if k not in stamps} == {
        k: v for k, v in after.items() if k not in stamps
    }
    assert_agree(bridge, spec, link)


@synced
def test_a_record_of_xero_crosses_reads_back_and_rests(all_on: Bridge, spec: ModuleSpec) -> None:
    if not spec.takes(Side.ZOHO):
        assert spec.only_to is Side.XERO
        return
    bridge = all_on
    link = settled(bridge, spec, sample(bridge, spec))
    copy = _another(bridge, spec, bridge.xero(spec.xero.path, str(link.xero_id)))
    bridge.later(60)
    bridge.sweep(spec.key)
    other = bridge.link_of_xero(spec.key, copy)
    assert other.state == "in_sync", (other.message_key, other.message_params, other.words)
    assert other.zoho_id != link.zoho_id
    assert_agree(bridge, spec, other)
    writes = bridge.writes()
    bridge.later(600)
    bridge.sweep(spec.key)
    assert bridge.writes() == writes


def _another(bridge: Bridge, spec: ModuleSpec, raw: Raw) -> str:
    """The same record once more in Xero, under another name, number and code."""
    body = {key: value for key, value in raw.items() if key not in {spec.xero.id, "ContactNumber"}}
    for name in (spec.xero.number, spec.xero.label, "Url"):
        body.pop(name or "", None)
    if spec.xero.path == "Contacts":
        body |= {"Name": "Another of them", "AccountNumber": "", "IsCustomer": True}
    if spec.xero.path == "Items":
        body |= {"Code": "ANOTHER", "Name": "Another of them"}
    made = bridge.world.xero.create(bridge.tenant, spec.xero.path, _plain(body))
    if spec.key == "vendors":
        bridge.world.xero.record(bridge.tenant, "Contacts", made)["IsSupplier"] = True
    return made


def _plain(value: Any) -> Any:
    """A shown record as one may be entered: dates readable, ids of lines new."""
    if isinstance(value, dict):
        kept = {k: _plain(v) for k, v in value.items() if k not in SERVERS}
        return kept | {
            key.removesuffix("String"): day for key, day in kept.items() if key.endswith("String")
        }
    return [_plain(each) for each in value] if isinstance(value, list) else value


SERVERS = frozenset({"LineItemID", "ValidationErrors", "UpdatedDateUTC", "UpdatedDateUTCString"})


@synced
def test_what_either_side_cannot_do_without_is_held_with_its_cause(spec: ModuleSpec) -> None:
    """A record without a required value: nothing is sent, and the reason is said."""
    facts = Facts(now=World().clock.now())
    for side in Side:
        if not spec.takes(side):
            continue
        for row in spec.fields:
            if side not in row.required or row.path(side.other) is None:
                continue
            raw = {spec.resource(side.other).id: "487687600000500001"}
            pair = Pair(zoho=raw) if side is Side.XERO else Pair(xero=raw)
            bare = replace(spec, defaults=lambda *_: {}, outside=lambda *_: None)
            planned = plan(bare, pair, Policy(), facts)
            assert planned.verdict is not Verdict.GO or planned.needs, row.name
            assert planned.message or planned.needs, row.name
            assert not planned.steps


def test_a_withdrawn_document_says_so_in_words_of_xero() -> None:
    for spec in OWN:
        if spec.money:
            assert spec.gone & set(WITHDRAWN), spec.key
