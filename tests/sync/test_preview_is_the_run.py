"""A preview writes nothing, and the run after it does exactly what was shown."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from backend.store.tables import Link, LogRow, Run, RunItem
from backend.sync import bulk
from tests.sync.bridge import Bridge
from tests.sync.cases.told import money
from tests.sync.papers import crm_row, in_crm
from tests.sync.test_attention import answer

COUNTS = ("created", "updated", "deleted", "linked", "held", "failed")
NAMES = ("Kestrel Foods", "KESTREL FOODS Ltd", "Wren & Co", "Ärger GmbH", "Arger", "Owl", "Finch")


def counts(run: Run) -> dict[str, int]:
    """What a run did, or a preview showed."""
    return {name: getattr(run, name) for name in COUNTS}


def follow(bridge: Bridge, shown: Run) -> Run:
    """The run after a preview, to its end."""
    return bridge.finish(
        bulk.start(
            bridge.sync, org_id=bridge.org_id, module=shown.module, direction=shown.direction,
            preview_id=shown.id, by="Ana",
        )
    )  # fmt: skip


def items(bridge: Bridge, run: Run) -> list[RunItem]:
    """A run's rows."""
    with bridge.sync.database.begin() as session:
        return list(session.scalars(select(RunItem).where(RunItem.run_id == run.id)))


def told(bridge: Bridge, run: Run) -> dict[str, tuple[str, str]]:
    """What a run says of each record, to see at once where two differ."""
    found: dict[str, tuple[str, str]] = {}
    for row in items(bridge, run):
        if row.status not in ("skipped",) and row.operation + row.status != "nonesuccess":
            status = "done" if row.status in ("planned", "success") else row.status
            operation = row.operation if status == "done" else ""
            told = (operation, status)
            name = f"{row.module} {_own_id(row)}"
            assert name not in found, f"{name} twice"
            found[name] = told
    return found


def _own_id(row: RunItem) -> str:
    """The id of the side the record comes from: its partner's is not known before it is made."""
    from_xero = row.operation == "create" and row.direction == "to_zoho"
    return str((None if from_xero else row.zoho_id) or row.xero_id)


class Town:
    """A random company on both sides."""

    def __init__(self, bridge: Bridge, seed: int) -> None:
        self.bridge = bridge
        self.choose = random.Random(seed)
        self.accounts: list[str] = []
        self.products: list[str] = []
        self.invoices: list[str] = []
        bridge.settings(
            sales_account="200",
            accounts={"conflict": self.choose.choice(["ask", "zoho", "xero", "newest"])},
            unarchive=self.choose.choice(["ask", "always"]),
            vendors={"enabled": True},
            quotes={"enabled": True},
        )

    def fill(self) -> None:
        """Customers, their people, suppliers, products and documents, some in both systems, some alike, some
        impossible."""
        bridge, pick = self.bridge, self.choose
        for n in range(pick.randint(3, 8)):
            name = pick.choice(NAMES) if pick.random() < 0.5 else f"Customer {n}"
            more = {"Phone": f"+44 {n}"} if pick.random() < 0.5 else {}
            if pick.random() < 0.2:
                more["Account_Number"] = pick.choice(["A-1", "A-2"])
            self.accounts.append(bridge.customer(name, **more))
        for n in range(pick.randint(1, 4)):
            self.products.append(bridge.product(f"Thing {pick.randint(0, 3)}", f"T-{n}"))
        for _ in range(pick.randint(1, 5)):
            lines = [
                (pick.choice(self.products), str(pick.randint(1, 9)), "3.33")
                for _ in range(pick.randint(1, 3))
            ]
            self.invoices.append(bridge.invoice(pick.choice(self.accounts), *lines))
        for _ in range(pick.randint(0, 3)):
            self._person()
        for _ in range(pick.randint(0, 3)):
            bridge.world.zoho.create("Vendors", {"Vendor_Name": pick.choice(NAMES)})
        for _ in range(pick.randint(0, 2)):
            row = crm_row(pick.choice(self.products), str(pick.randint(1, 9)), "3.33")
            in_crm(bridge, "Quotes", row, Account_Name={"id": pick.choice(self.accounts)})
        self._xero()

    def _xero(self) -> None:
        bridge, pick, taken = self.bridge, self.choose, set()
        for n in range(pick.randint(1, 5)):
            name = pick.choice(NAMES) if pick.random() < 0.6 else f"Customer {n}"
            if name in taken:
                continue
            taken.add(name)
            told: dict[str, Any] = {"Name": name}
            if pick.random() < 0.4:
                mail = f"p{pick.randint(0, 2)}@x.example"
                told |= {"FirstName": "Ida", "LastName": "Lund", "EmailAddress": mail}
            if pick.random() < 0.3:
                told["ContactPersons"] = [{"FirstName": "Ida", "LastName": "Ohm"}]
            contact = bridge.world.xero.create(bridge.tenant, "Contacts", told)
            if pick.random() < 0.2:
                self._bill(contact)
            if pick.random() < 0.2:
                bridge.world.xero.archive(bridge.tenant, contact)
        for n in range(pick.randint(0, 2)):
            bridge.world.xero.create(
                bridge.tenant, "Items", {"Code": f"T-{n}", "Name": f"Thing {pick.randint(0, 9)}"}
            )

    def _person(self) -> None:
        """Somebody of an account, or of none; two may have one address."""
        pick, values = self.choose, {"First_Name": "Ida", "Last_Name": "Berg"}
        values |= {"Last_Name": pick.choice(("Berg", "Lund", "Ohm"))}
        more: dict[str, Any] = {}
        if pick.random() < 0.8:
            more["Account_Name"] = {"id": pick.choice(self.accounts)}
        if pick.random() < 0.7:
            more["Email"] = f"p{pick.randint(0, 2)}@x.example"
        self.bridge.world.zoho.create("Contacts", {**values, **more})

    def _bill(self, contact: str) -> None:
        """They sell to us, too: which makes them a supplier."""
        line = {"Description": "Oak", "Quantity": "1", "UnitAmount": "5", "AccountCode": "310"}
        bill = {"Type": "ACCPAY", "Contact": {"ContactID": contact}, "LineItems": [line]}
        self.bridge.world.xero.create(self.bridge.tenant, "Invoices", bill)

    def live(self) -> None:
        """People edit and delete on both sides."""
        bridge, pick = self.bridge, self.choose
        for account in self.accounts:
            act = pick.random()
            if act < 0.3:
                bridge.world.zoho.edit("Accounts", account, {"Billing_City": f"C{pick.random()}"})
            elif act < 0.4:
                bridge.world.zoho.edit("Accounts", account, {"Account_Name": pick.choice(NAMES)})
        for row in sorted(bridge.xero_all("Contacts"), key=lambda each: str(each["Name"])):
            act = pick.random()
            if row["ContactStatus"] != "ACTIVE":
                continue
            if act < 0.2:
                phones = [{"PhoneType": "DEFAULT", "PhoneNumber": f"9{pick.randint(0, 99)}"}]
                bridge.world.xero.edit(
                    bridge.tenant, "Contacts", row["ContactID"], {"Phones": phones}
                )
            elif act < 0.3:
                bridge.world.xero.archive(bridge.tenant, row["ContactID"])
        for invoice in self.invoices[:1]:
            bridge.world.zoho.delete("Invoices", invoice)


def stored(bridge: Bridge) -> list[tuple[Any, ...]]:
    """What our own store says of every pair, and how long the log is."""
    with bridge.sync.database.begin() as session:
        rows = session.scalars(select(Link).order_by(Link.id)).all()
        log = session.query(LogRow).count()
        return [
            (row.id, row.zoho_id, row.xero_id, row.state, row.pending, row.active, row.generation,
             row.base_zoho, row.base_xero, row.message_key, row.run_id, row.last_sync_at)
            for row in rows if row.checked_at is not None
        ] + [("log", log)]  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_the_run_does_what_the_preview_showed_in_random_worlds(
    bridge: Bridge, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Records are taken up in the order of their ids: these are random, and the same in every run.
    ids = random.Random(seed)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=ids.getrandbits(128), version=4))
    town = Town(bridge, seed)
    town.fill()
    before = bridge.writes()
    shown = bridge.run_preview()
    assert bridge.writes() == before
    done = follow(bridge, shown)
    assert told(bridge, done) == told(bridge, shown)
    assert counts(done) == counts(shown)
    assert (done.figures.get("differs") or {}).get("count", 0) == 0

    bridge.later(120)
    town.live()
    bridge.later(120)
    kept, before = stored(bridge), bridge.writes()
    shown = bridge.run_preview()
    assert (stored(bridge), bridge.writes()) == (kept, before)
    done = follow(bridge, shown)
    assert told(bridge, done) == told(bridge, shown)
    assert counts(done) == counts(shown)
    assert (done.figures.get("differs") or {}).get("count", 0) == 0


def test_a_preview_of_one_module_counts_what_its_records_bring_along(bridge: Bridge) -> None:
    bridge.settings(sales_account="200")
    account, product = bridge.customer(), bridge.product()
    stray = bridge.customer("Nobody's")
    bridge.invoice(account, (product, "2", "12.50"))
    shown = bridge.run_preview("invoices")
    assert counts(shown)["created"] == 3
    assert {row.module for row in items(bridge, shown)} == {"accounts", "products", "invoices"}
    done = follow(bridge, shown)
    assert counts(done) == counts(shown)
    assert told(bridge, done) == told(bridge, shown)
    assert bridge.link("accounts", stray).xero_id is None
    summary = shown.figures["summary"]
    assert summary["by_operation"]["create"] == 3
    assert summary["by_module"]["invoices"] == {"create": 1}
    assert summary["by_direction"] == {"to_xero": {"create": 3}}
    (currency,) = summary["money"].values()
    assert money(currency["zoho"]) == money(currency["xero"]) == money("30.00")
    assert summary["calls"] >= 3
    assert summary["minutes"] == 1


def test_what_a_preview_saw_change_is_still_news_to_the_next_sweep(bridge: Bridge) -> None:
    account = bridge.customer()
    bridge.run_all("accounts")
    bridge.later(60)
    bridge.sweep("accounts")
    bridge.later(600)
    bridge.world.zoho.edit("Accounts", account, {"Billing_City": "York"})
    bridge.later(400)
    assert bridge.run_preview("accounts").updated == 1
    bridge.later(600)
    bridge.sweep("accounts")
    contact = bridge.xero("Contacts", bridge.link("accounts", account).xero_id)
    assert "York" in {each.get("City") for each in contact["Addresses"]}


def test_two_of_one_name_are_not_both_created(bridge: Bridge) -> None:
    bridge.customer("Kestrel Foods")
    bridge.customer("Kestrel Foods Ltd")
    shown = bridge.run_preview("accounts")
    assert counts(shown) == {**dict.fromkeys(COUNTS, 0), "created": 1, "held": 1}
    assert counts(follow(bridge, shown)) == counts(shown)
    assert len(bridge.xero_all("Contacts")) == 1


@pytest.mark.parametrize("side", ["zoho", "xero"])
def test_what_two_records_fit_as_well_is_for_a_person(bridge: Bridge, side: str) -> None:
    names = ["Kestrel Foods", "Kestrel Foods Ltd"]
    for name in names if side == "zoho" else names[:1]:
        bridge.customer(name)
    for name in names if side == "xero" else names[:1]:
        bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": name})
    done = follow(bridge, bridge.run_preview("accounts"))
    assert (done.linked, done.created) == (0, 0)
    keys = {row.message_key for row in items(bridge, done) if row.status == "held"}
    assert keys == {"match_shared", "match_several"}


def test_a_person_settles_what_two_records_fit(bridge: Bridge) -> None:
    first, second = bridge.customer("Kestrel Foods"), bridge.customer("Kestrel Foods Ltd")
    xero = bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "Kestrel Foods"})
    bridge.run_all("accounts")
    held = bridge.link("accounts", second)
    assert [each["id"] for each in held.candidates or ()] == [xero]
    answer(bridge, held, "link", xero_id=xero)
    assert bridge.link("accounts", second).xero_id == xero
    assert bridge.link("accounts", first).message_key == "match_already_linked"


def test_a_candidate_that_finds_its_own_partner_stands_in_nobodys_way(bridge: Bridge) -> None:
    doubtful, sure = bridge.product("Thing", "T-1"), bridge.product("Other", "T-2")
    bridge.world.xero.create(bridge.tenant, "Items", {"Code": "T-2", "Name": "Thing"})
    done = follow(bridge, bridge.run_preview("products"))
    assert (done.created, done.figures.get("differs", {}).get("count", 0)) == (1, 0)
    assert bridge.link("products", doubtful).xero_id != bridge.link("products", sure).xero_id


def test_a_name_that_is_taken_is_foreseen(bridge: Bridge) -> None:
    wren = bridge.customer("Wren")
    bridge.run_all("accounts")
    bridge.world.xero.create(bridge.tenant, "Contacts", {"Name": "OWL"})
    bridge.later(60)
    bridge.world.zoho.edit("Accounts", wren, {"Account_Name": "Owl"})
    bridge.later(60)
    shown = bridge.run_preview("accounts")
    assert {row.message_key for row in items(bridge, shown) if row.label == "Owl"} == {
        "contact_name_taken"
    }
    done = follow(bridge, shown)
    assert counts(done) == counts(shown)


def test_what_moved_in_between_is_said(bridge: Bridge) -> None:
    made = [bridge.customer(f"Customer {n}") for n in range(4)]
    shown = bridge.run_preview("accounts")
    bridge.world.zoho.edit("Accounts", made[0], {"Account_Name": "Renamed"})
    bridge.world.zoho.delete("Accounts", made[1])
    late = bridge.customer("Latecomer")
    bridge.later(60)
    done = follow(bridge, shown)
    moved = {row.label for row in items(bridge, done) if row.moved}
    assert {"Renamed", "Latecomer"} <= moved
    assert not {"Customer 2", "Customer 3"} & moved
    assert done.figures["differs"]["count"] == 3
    assert bridge.link("accounts", late).state == "in_sync"
