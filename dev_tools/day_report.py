"""What the scripted day tells at its end: the table, what is held and why, and the proof."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from dev_tools.console import say
from dev_tools.person import Person
from dev_tools.proof import Proof
from dev_tools.stage import Stage
from dev_tools.system import System

WHOLE_DAY_SECONDS: Final = 120
# A new partner is not made for what was withdrawn before anything was connected.
OUT_OF_USE: Final = {"VOIDED", "DELETED", "ARCHIVED"}


@dataclass(kw_only=True)
class Day:
    """Who acts, what has happened so far, and what turned out wrong."""

    system: System
    person: Person
    stage: Stage
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    def moved(self, what: str, result: str) -> None:
        """One row of the table."""
        self.rows.append((f"{datetime.now(UTC):%H:%M:%S}", what, result))
        say(f"{what}: {result}")

    def expect(self, truth: bool, otherwise: str) -> None:
        """Note a broken promise; the day goes on."""
        if not truth:
            self.wrong.append(otherwise)
            say(f"WRONG: {otherwise}")


def print_rows(day: Day) -> None:
    """The table of what moved."""
    width = max((len(what) for _, what, _ in day.rows), default=0)
    print("\nThe day")
    for at, what, result in day.rows:
        print(f"  {at}  {what:<{width}}  {result}")


def print_reasons(day: Day, proof: Proof) -> None:
    """What has no partner, with the reason the product gives."""
    print("\nHeld or left alone, with the reason the product gives")
    for (module, state, reason), count in reasons(day, proof).most_common():
        print(f"  {count:>4}  {module:<9} {state:<16} {reason}")
    for module, records in proof.xero_only.items():
        for status, count in Counter(map(status_of, records)).items():
            print(f"  {count:>4}  {module:<9} {'only in Xero':<16} {status}")
            out_of_use = status in OUT_OF_USE
            day.expect(out_of_use, f"{count} {module} in Xero that are {status} have no partner")


def status_of(record: dict[str, Any]) -> str:
    """A Xero record's own status; items have none."""
    return str(record.get("Status") or record.get("ContactStatus") or "in use")


def reasons(day: Day, proof: Proof) -> Counter[tuple[str, str, str]]:
    """Why CRM records have no partner, in the product's own words."""
    found: Counter[tuple[str, str, str]] = Counter()
    unexplained: list[str] = []
    for module, records in proof.crm_only.items():
        for record in records:
            shown = day.person.get(f"/api/records/{module}/{record['id']}")
            reason = shown.get("reason") or {}
            found[module, shown["state"], str(reason.get("text") or reason.get("key"))] += 1
            if not reason:
                unexplained.append(f"{module} {record['id']} ({shown['state']})")
    day.expect(
        not unexplained,
        f"{len(unexplained)} records have neither partner nor reason: {unexplained[:3]}",
    )
    return found


def print_proof(day: Day, proof: Proof, seconds: float) -> None:
    """Records, sums per currency, open amounts, calls; every promise with its verdict."""
    day.expect(not proof.breaches, f"{len(proof.breaches)} breaches: {proof.breaches[:5]}")
    day.expect(seconds <= WHOLE_DAY_SECONDS, f"the day took {seconds:.0f} s")
    print("\nThe proof")
    for module, pairs in proof.pairs.items():
        print(
            f"  {module:<9} {len(pairs):>4} paired one to one, {len(proof.crm_only[module])} "
            f"only in CRM, {len(proof.xero_only[module])} only in Xero"
        )
    print("  currency  invoices          CRM         Xero     CRM open    Xero open")
    for currency, sums in sorted(proof.sums.items()):
        print(
            f"  {currency:<8} {sums.count:>9} {sums.crm:>12} {sums.xero:>12} "
            f"{sums.crm_open:>12} {sums.xero_open:>12}"
        )
    first, idle = day.notes.get("first calls"), day.notes.get("idle")
    if first and idle:
        linked = max(1, day.notes["first linked"])
        print(f"  calls per record of the bulk, notifications aside: {first.all / linked:.3f}")
        print(f"  writes of an idle sweep: {len(idle.writes)} in {idle.all} calls")
    print(f"  the whole day took {seconds:.1f} s\n")
    for complaint in day.wrong:
        print(f"  WRONG: {complaint}")
    print("  Every promise was kept." if not day.wrong else f"  {len(day.wrong)} promises broken.")
