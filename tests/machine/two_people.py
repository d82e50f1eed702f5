"""The state machine: every rule is something a person, the network or bad luck does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from backend.core.spec import Side
from backend.sync.inbox import note
from simulator.faults import Fault
from simulator.world import World
from simulator.xero.errors import Invalid
from tests.machine import law
from tests.machine.day import BOOKS, CRM, SIDES, People, Record
from tests.machine.mortal import Crash, Moment, mortal, restart
from tests.sync.bridge import Bridge, connected

PICK = st.integers(0, 30)
FIELDS = {
    "accounts": ("name", "phone", "city"),
    "products": ("name", "price", "text"),
    "invoices": ("subject", "due", "price"),
}
BLANKABLE = {"phone", "city", "text"}
TROUBLE = ("reset_before", "reset_after", "slow", "truncated", "500", "503_text", "html")
WRITES = r"^(POST|PUT) /(api\.xro|crm/v8/(Accounts|Products|Invoices))"
MOMENTS = st.sampled_from(list(Moment))


class TwoPeople(RuleBasedStateMachine):
    """Ana edits in CRM, Priya in Xero, and between them things go wrong."""

    database_url = ""

    def __init__(self) -> None:
        super().__init__()
        self.bridge: Bridge = connected(World(seed="empty"), self.database_url)
        self.bridge.settings(sales_account="200")
        self.bridge.accept()
        self.people = People(self.bridge)
        self.fate = mortal(self.bridge)
        self.numbers = 0

    def number(self) -> int:
        """A number nothing else bears."""
        self.numbers += 1
        return self.numbers

    def some(self, pick: int, *kinds: str) -> Record | None:
        """One of the records of some kinds, None while there is none."""
        found = self.people.of(*kinds)
        return found[pick % len(found)] if found else None

    def learn(self, record: Record) -> None:
        """Ids of partners that appeared since, as a person would find them in the other system."""
        for other in (each for each in SIDES if each not in record.ids):
            found = law.partner_of(self.bridge, record, other)
            if found is not None:
                record.ids[other] = found

    # --- people --------------------------------------------------------------------------------

    @initialize(customers=st.integers(1, 2))
    def begin(self, customers: int) -> None:
        """Nobody starts from nothing."""
        for _ in range(customers):
            self.new_customer(side="zoho", phone=True)
        self.new_product(side="zoho")

    @rule(side=st.sampled_from(SIDES), phone=st.booleans())
    def new_customer(self, side: str, phone: bool) -> None:
        """A customer is entered on one side."""
        number = self.number()
        record = Record(kind="accounts", name=f"Customer {number:03}")
        self.people.records.append(record)
        self._enter_customer(record, side, f"0207946{number:04}" if phone else "")

    def _enter_customer(self, record: Record, side: str, phone: str) -> None:
        if side == "zoho":
            record.ids[side] = self.bridge.customer(record.name, Phone=phone or None)
        else:
            fields: dict[str, Any] = {"Name": record.name}
            if phone:
                fields["Phones"] = [{"PhoneType": "DEFAULT", "PhoneNumber": phone}]
            record.ids[side] = self.bridge.world.xero.create(self.bridge.tenant, "Contacts", fields)
        if phone:
            record.edits.setdefault("phone", {})[side] = phone

    @rule(pick=PICK, phone=st.booleans())
    def same_customer_on_the_other_side(self, pick: int, phone: bool) -> None:
        """Both people enter the same company before any sync told them."""
        record = self.some(pick, "accounts")
        if record is None or len(record.ids) == 2:
            return
        (other,) = set(SIDES) - set(record.ids)
        if law.named(self.bridge, record, other):
            return
        if record.edits.get("name"):
            return
        self._enter_customer(record, other, f"0207946{self.number():04}" if phone else "")

    @rule(side=st.sampled_from(SIDES))
    def new_product(self, side: str) -> None:
        """A product is entered on one side."""
        number = self.number()
        record = Record(kind="products", name=f"Product {number:03}")
        price = Decimal(10 + number)
        if side == "zoho":
            record.ids[side] = self.bridge.product(record.name, f"P-{number:03}", Unit_Price=price)
        else:
            sales = {"UnitPrice": price, "AccountCode": "200"}
            record.ids[side] = self.bridge.world.xero.create(
                self.bridge.tenant, "Items",
                {"Code": f"P-{number:03}", "Name": record.name, "SalesDetails": sales},
            )  # fmt: skip
        self.people.records.append(record)

    @rule(
        side=st.sampled_from(SIDES), customer=PICK, products=st.lists(PICK, min_size=1, max_size=2)
    )
    def new_invoice(self, side: str, customer: int, products: list[int]) -> None:
        """An invoice is written on one side, for what is known there."""
        account = self.some(customer, "accounts")
        items = [each for each in (self.some(p, "products") for p in products) if each]
        rows = [account, *items] if account else []
        for row in rows:
            self.learn(row)
        if not account or not items or any(side not in row.ids for row in rows):
            return
        number = self.number()
        record = Record(kind="invoices", name=f"Order {number:03}", rows=rows)
        price = f"{number}.25"
        record.ids[side] = (self._crm_invoice if side == "zoho" else self._xero_invoice)(
            record, price
        )
        self.people.records.append(record)

    def _crm_invoice(self, record: Record, price: str) -> str:
        account, *items = record.rows
        lines = [(each.ids["zoho"], "2", price) for each in items]
        return self.bridge.invoice(account.ids["zoho"], *lines, Subject=record.name)

    def _xero_invoice(self, record: Record, price: str) -> str:
        account, *items = record.rows
        codes = [self.people.raw(each, "xero")["Code"] for each in items]
        lines = [
            {"Description": code, "ItemCode": code, "Quantity": 2, "UnitAmount": price,
             "AccountCode": "200", "TaxType": "OUTPUT2"}
            for code in codes
        ]  # fmt: skip
        return self.bridge.world.xero.create(
            self.bridge.tenant, "Invoices",
            {"Type": "ACCREC", "Contact": {"ContactID": account.ids["xero"]}, "Status": "DRAFT",
             "Reference": record.name, "Date": "2026-11-02", "DueDate": "2026-12-02",
             "InvoiceNumber": f"X-{record.name[-3:]}", "LineAmountTypes": "Exclusive",
             "LineItems": lines},
        )  # fmt: skip

    @rule(pick=PICK, side=st.sampled_from(SIDES), which=st.integers(0, 2), blank=st.booleans())
    def edit(self, pick: int, side: str, which: int, blank: bool) -> None:
        """One person changes or clears one field of one record."""
        record = self.some(pick, "accounts", "products", "invoices")
        if record is None:
            return
        self.learn(record)
        if side not in record.ids:
            return
        name = FIELDS[record.kind][which]
        value = "" if blank and name in BLANKABLE else self._value(name)
        if not law.may_edit(self.people, record, side, name):
            return
        self.people.edit(record, side, name, value)

    def _value(self, name: str) -> str:
        number = self.number()
        words = {
            "name": f"Renamed {number:03}", "city": f"Town {number:03}",
            "phone": f"0207946{number:04}", "text": f"Text {number:03}",
            "subject": f"Subject {number:03}", "price": f"{100 + number}.50",
            "due": f"2027-{1 + number // 28 % 12:02}-{1 + number % 28:02}",
        }  # fmt: skip
        return words[name]

    @rule(pick=PICK, act=st.sampled_from(["approve", "pay", "part"]))
    def money(self, pick: int, act: str) -> None:
        """The accountant approves an invoice, or a customer pays."""
        record = self.some(pick, "invoices")
        if record is None:
            return
        self.learn(record)
        if "xero" not in record.ids:
            return
        status = self.people.raw(record, "xero")["Status"]
        try:
            if act == "approve" and status == "DRAFT":
                self.bridge.world.xero.approve(self.bridge.tenant, record.ids["xero"])
            elif act != "approve" and status == "AUTHORISED":
                amount = None if act == "pay" else "1.00"
                self.bridge.world.xero.pay(self.bridge.tenant, record.ids["xero"], amount)
        except Invalid:
            return

    @rule(pick=PICK, side=st.sampled_from(SIDES))
    def take_away(self, pick: int, side: str) -> None:
        """A customer or product nobody invoiced is deleted in CRM, or archived in Xero."""
        used = {id(row) for each in self.people.of("invoices") for row in each.rows}
        free = [each for each in self.people.of("accounts", "products") if id(each) not in used]
        if not free:
            return
        record = free[pick % len(free)]
        self.learn(record)
        if side not in record.ids or not law.is_pair(self.bridge, record):
            return
        if side == "zoho":
            self.bridge.world.zoho.delete(CRM[record.kind], record.ids[side])
        elif record.kind == "accounts":
            self.bridge.world.xero.archive(self.bridge.tenant, record.ids[side])
        else:
            self.bridge.world.xero.delete(self.bridge.tenant, BOOKS[record.kind], record.ids[side])
        record.gone.add(side)

    # --- what makes the product look -------------------------------------------------------------

    @rule(picks=st.lists(st.tuples(PICK, st.sampled_from(SIDES)), min_size=1, max_size=4))
    def hints(self, picks: list[tuple[int, str]]) -> None:
        """Events arrive: late, twice, in any order, or not at all."""
        for pick, side in picks:
            known = [each for each in self.people.records if side in each.ids]
            if not known:
                continue
            record = known[pick % len(known)]
            note(
                self.bridge.sync, org_id=self.bridge.org_id, module=record.kind, side=Side(side),
                ids=[record.ids[side]], trigger="webhook",
            )  # fmt: skip

    @rule()
    def work(self) -> None:
        """A worker takes up what is pending."""
        self._alive(self.bridge.drain)

    @rule()
    def sweep(self) -> None:
        """Ten minutes are over."""
        self._alive(self.bridge.sweep)

    @rule(pick=PICK, direction=st.sampled_from(["both", "to_xero", "to_zoho"]))
    def click(self, pick: int, direction: str) -> None:
        """Somebody presses the button on a record."""
        record = self.some(pick, "accounts", "products", "invoices")
        if record is None or "zoho" not in record.ids:
            return
        key, zoho_id = record.kind, record.ids["zoho"]
        if direction != "both":
            self.people.decided.add(zoho_id)
        self._alive(lambda: self.bridge.click(key, zoho_id, direction))

    def _alive(self, act: Any) -> None:
        """Let the worker do something; when it dies a new one goes on later."""
        try:
            act()
        except Crash:
            restart(self.bridge, self.fate, seconds=self.patience)

    patience: float = 200.0

    # --- bad luck --------------------------------------------------------------------------------

    @rule(after=st.integers(0, 3), moment=MOMENTS, late=st.booleans())
    def doom(self, after: int, moment: Moment, late: bool) -> None:
        """The worker will die at one of its next writes; another starts soon, or much later."""
        self.fate.arm(after, moment)
        self.patience = 500.0 if late else 200.0

    @rule(side=st.sampled_from(SIDES), kind=st.sampled_from(TROUBLE))
    def trouble(self, side: str, kind: str) -> None:
        """One of the next writes goes wrong on the way."""
        self.bridge.world.faults.add(Fault(side=side, kind=kind, match=WRITES, seconds=90.0))

    @rule(seconds=st.sampled_from([0.0, 30.0, 900.0]))
    def lag(self, seconds: float) -> None:
        """Search indexes trail behind."""
        self.bridge.world.switches.xero_search_lag_seconds = seconds
        self.bridge.world.switches.zoho_search_lag_seconds = seconds

    @rule(seconds=st.sampled_from([1, 30, 200, 400, 4000]))
    def time(self, seconds: int) -> None:
        """Time passes."""
        self.bridge.later(seconds)

    @precondition(lambda self: len(self.people.records) > 2)
    @rule()
    def quiet(self) -> None:
        """A calm hour: everything that was open settles, and the law holds."""
        self._calm()
        for record in self.people.records:
            self.learn(record)
        law.holds(self.people)

    def _calm(self) -> None:
        self.fate.after = None
        self.bridge.world.faults.clear()
        self.lag(0.0)
        law.settle(self.people)

    def teardown(self) -> None:
        """Whatever the day was like, it settles."""
        if self.people.records:
            self.quiet()
        self.bridge.sync.database.dispose()
