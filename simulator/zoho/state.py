"""The Zoho side of a world: one CRM organisation, and what a person can do in it.

`create`, `edit`, `delete`, `restore`, `purge`, `merge`, `lock`, `revoke` are the acts of a person
at Zoho's own pages: they obey the rules about values but not those about API clients (a person may
edit a record an API client finds locked). They raise `RowError` when Zoho would refuse.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.zoho.accounts import Accounts
from simulator.zoho.catalogue import ModuleSpec, standard_modules
from simulator.zoho.errors import RowError, invalid_data, invalid_id
from simulator.zoho.fields import FieldSpec
from simulator.zoho.limits import Limits
from simulator.zoho.organisation import Organisation, User
from simulator.zoho.render import render
from simulator.zoho.table import Row, Table, Trace
from simulator.zoho.values import decimal_of, lookup_id
from simulator.zoho.watch import Channels
from simulator.zoho.wire import offset_of, stamp
from simulator.zoho.writer import Writer, Writing

if TYPE_CHECKING:
    from simulator.world import World

FIRST_ID = 487687600000500000
NUMBER_PREFIXES = {
    "Quotes": "QT",
    "Sales_Orders": "SO",
    "Invoices": "INV",
    "Purchase_Orders": "PO",
}


class ZohoState:
    """Records, metadata, people, tokens and channels. Held under `world.lock` by every caller."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = world.clock
        self.switches = world.switches
        self.org = Organisation()
        self.modules: dict[str, ModuleSpec] = standard_modules()
        self.tables: dict[str, Table] = {name: Table() for name in self.modules}
        self.custom_fields: dict[str, int] = {}
        self.changed_schema: dict[str, datetime] = {}
        self.accounts = Accounts(self)
        self.channels = Channels(self)
        self.limits = Limits(self.clock, users=len(self.org.users))
        self.writer = Writer(self)
        self._next_id = FIRST_ID
        self._numbers: dict[str, int] = {}
        self._zone = offset_of(1)

    # What the rules need to know

    def second(self) -> datetime:
        """Now, in the one-second resolution of Modified_Time."""
        return self.clock.now().replace(microsecond=0)

    def shown(self, at: datetime) -> str:
        """A moment as Zoho writes it for the connected user (+01:00)."""
        return stamp(at, self._zone)

    def new_id(self) -> str:
        """An 18-digit id, growing."""
        self._next_id += 1
        return str(self._next_id)

    def next_number(self, module: ModuleSpec) -> str:
        """The next value of a module's auto number."""
        number = self._numbers[module.api_name] = self._numbers.get(module.api_name, 0) + 1
        return f"{NUMBER_PREFIXES[module.api_name]}-{number:06d}"

    def module_id(self, api_name: str) -> str:
        """The id of a module itself."""
        return str(487687600000002000 + list(self.modules).index(api_name))

    def field_id(self, module: str, name: str) -> str:
        """The id of a field."""
        place = list(self.modules[module].fields).index(name)
        return str(int(self.module_id(module)) + 1000 * (place + 1))

    def user_ids(self) -> set[str]:
        """The ids of all people."""
        return {one.id for one in self.org.users}

    def owner_of(self, row: Row) -> dict[str, Any]:
        """Owner as a record shows it."""
        wanted = (row.values.get("Owner") or {}).get("id")
        for user in self.org.users:
            if user.id == wanted:
                return {**user.reference(), "email": user.email}
        return {**row.created_by.reference(), "email": row.created_by.email}

    def name_of(self, module: ModuleSpec, row: Row) -> str | None:
        """What a lookup to the record shows."""
        name = row.values.get(module.name_field)
        return str(name) if name is not None else None

    def where(self, record_id: str) -> str | None:
        """The module a record lives in."""
        for name, table in self.tables.items():
            if record_id in table.rows:
                return name
        return None

    def linked(self, spec: FieldSpec, value: Any, path: str) -> dict[str, Any]:
        """A lookup value that points at a record that exists; RowError otherwise."""
        found = lookup_id(spec, value, path)
        module = self.where(found) if spec.lookup == "*" else spec.lookup
        table = self.tables.get(module or "")
        if table is None or found not in table.rows:
            raise RowError(
                "INVALID_DATA",
                "the related id given seems to be invalid",
                api_name=spec.api_name,
                json_path=path,
            )
        return {"id": found, "module": module}

    def taxes_of(self, value: Any, path: str, name: str) -> list[dict[str, Any]]:
        """Tax rows of a line or document; each has to be a tax of the organisation."""
        if not isinstance(value, list):
            raise invalid_data(path, name, expected_data_type="jsonarray")
        rows = []
        for place, one in enumerate(value):
            percentage = decimal_of(one.get("percentage")) if isinstance(one, dict) else None
            if percentage is None or not self.org.has_tax(one.get("name"), percentage):
                raise invalid_data(f"{path}[{place}]", name)
            rows.append({"name": one["name"], "percentage": percentage})
        return rows

    def list_price(self, product_id: str) -> Decimal:
        """The price a line takes from its product when none is given."""
        price = self.tables["Products"].rows[product_id].values.get("Unit_Price")
        return price if isinstance(price, Decimal) else Decimal(0)

    def happened(
        self, module: ModuleSpec, operation: str, row: Row, *, by_person: bool = True
    ) -> None:
        """Tell the channels about a change; the application's own only by switch."""
        if by_person or self.switches.own_writes_notify:
            self.channels.note(module.api_name, operation, row.id)

    # What a person does

    def create(self, module: str, values: dict[str, Any], *, user: str = "ana") -> str:
        """Make a record as a person; returns its id."""
        with self.world.lock:
            return self.writer.insert(self._person(module, user), values).id

    def edit(
        self, module: str, record_id: str, values: dict[str, Any], *, user: str = "ana"
    ) -> dict[str, Any]:
        """Change a record as a person; returns it as a single read shows it."""
        with self.world.lock:
            self.writer.update(self._person(module, user), record_id, values)
            return self.read(module, record_id)

    def delete(self, module: str, ids: str | list[str], *, user: str = "ana") -> None:
        """Move records to the recycle bin as a person."""
        with self.world.lock:
            for record_id in [ids] if isinstance(ids, str) else ids:
                self.writer.delete(self._person(module, user), record_id)

    def restore(self, module: str, record_id: str) -> None:
        """Take a record back from the recycle bin; RowError when it is not there."""
        with self.world.lock:
            table = self.tables[module]
            trace = table.bin.get(record_id)
            if trace is None or trace.row is None:
                raise invalid_id()
            del table.bin[record_id]
            trace.row.modified = self.second()
            table.add(trace.row)
            self.happened(self.modules[module], "insert", trace.row)

    def purge(self, module: str, record_id: str) -> None:
        """Empty the recycle bin of one record: it is gone for good; RowError when not there."""
        with self.world.lock:
            table = self.tables[module]
            if record_id not in table.bin:
                raise invalid_id()
            table.bin[record_id] = Trace(
                id=record_id, name=None, by=None, at=self.second(), row=None
            )

    def merge(self, module: str, winner: str, losers: list[str], *, user: str = "ana") -> None:
        """Find & Merge: the winner takes the losers' blanks and relations, the losers go."""
        with self.world.lock:
            table = self.tables[module]
            missing = [one for one in [winner, *losers] if one not in table.rows]
            if missing or winner in losers:
                raise invalid_id()
            kept = table.rows[winner]
            for loser in losers:
                gone = table.rows[loser]
                blanks = {k: v for k, v in gone.values.items() if kept.values.get(k) is None}
                self.writer.delete(self._person(module, user), loser)
                table.change(kept, blanks)
                self._repoint(loser, winner)
            self.writer.update(self._person(module, user), winner, {})

    def _repoint(self, old: str, new: str) -> None:
        for table in self.tables.values():
            for row in table:
                for holder in [row.values, *row.lines]:
                    for value in holder.values():
                        if isinstance(value, dict) and value.get("id") == old:
                            value["id"] = new

    def lock(self, module: str, record_id: str, *, locked: bool = True) -> None:
        """Lock or unlock a record: API clients get RECORD_LOCKED."""
        with self.world.lock:
            row = self.tables[module].rows.get(record_id)
            if row is None:
                raise invalid_id()
            row.locked = locked

    def revoke(self, user: str | None = None) -> int:
        """Take the application's access away (everybody's, or one person's); counts tokens."""
        with self.world.lock:
            return self.accounts.revoke_all(self.org.user(user).id if user else None)

    def read(self, module: str, record_id: str) -> dict[str, Any]:
        """A record as a single read shows it; RowError when there is none."""
        with self.world.lock:
            row = self.tables[module].rows.get(record_id)
            if row is None:
                raise invalid_id()
            return render(self, self.modules[module], row)

    def records(self, module: str) -> list[dict[str, Any]]:
        """All records of a module with their lines, oldest first."""
        with self.world.lock:
            return [render(self, self.modules[module], row) for row in self.tables[module]]

    def find(self, module: str, **values: Any) -> list[str]:
        """The ids of the records that hold exactly these plain values."""
        with self.world.lock:
            return [
                row.id
                for row in self.tables[module]
                if all(row.values.get(name) == value for name, value in values.items())
            ]

    def _person(self, module: str, user: str) -> Writing:
        return Writing(module=self.modules[module], user=self.org.user(user), person=True)

    def person(self, user: str) -> User:
        """A user by id, e-mail address or first name; KeyError when there is none."""
        return self.org.user(user)
