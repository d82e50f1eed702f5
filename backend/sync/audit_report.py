"""An audit's report for people and programs: text, JSON, CSV; written piece by piece."""

from __future__ import annotations

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from typing import Any, TextIO

from backend.core.spec import Side
from backend.sync.auditing import Finding
from backend.sync.audits import Report

COLUMNS = ("organisation", *(each.name for each in fields(Finding)))


class Writer(ABC):
    """Writes reports one after the other; ``end`` closes what needs closing."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.count = 0

    @abstractmethod
    def add(self, report: Report) -> None:
        """Write one organisation's report."""

    def end(self) -> None:
        """Nothing more comes."""
        self.out.flush()


class TextWriter(Writer):
    """For people at a terminal."""

    def add(self, report: Report) -> None:
        """Figures by module, month and currency, then what differs."""
        say = self._say
        say(f"{report.name} ({report.org_id})")
        for tally in report.modules:
            say(
                f"  {tally.module}: {tally.linked[Side.ZOHO]} linked in CRM, "
                f"{tally.linked[Side.XERO]} in Xero, {tally.differences} differences"
            )
            for month, currency in sorted({*tally.counts[Side.ZOHO], *tally.counts[Side.XERO]}):
                self._cell(tally, month, currency)
        for each in report.findings():
            say("  " + _line(each))
        say(f"  {report.differences} differences" if report.differences else "  both sides agree")

    def _cell(self, tally: Any, month: str, currency: str) -> None:
        key = (month, currency)
        if not month:
            return
        sides = [f"{tally.counts[side][key]} / {tally.sums[side].get(key, 0)}" for side in Side]
        mark = "" if sides[0] == sides[1] else "   differs"
        self._say(f"    {month} {currency}: CRM {sides[0]}, Xero {sides[1]}{mark}")

    def _say(self, line: str) -> None:
        self.out.write(line + "\n")


def _line(found: Finding) -> str:
    ids = " ".join(part for part in (found.zoho_id, found.xero_id) if part)
    what = f" {found.field}: {found.agreed!r} -> {found.now!r}" if found.field else ""
    why = f" ({found.why})" if found.why else ""
    return f"{found.kind} in {found.side}: {found.module} {found.label} [{ids}]{what}{why}"


class JsonWriter(Writer):
    """One JSON array; findings are written as they are read."""

    def add(self, report: Report) -> None:
        """One organisation as an object."""
        self.out.write("[\n" if self.count == 0 else ",\n")
        self.count += 1
        head = {
            "organisation": report.org_id,
            "name": report.name,
            "at": report.at.isoformat(),
            "differences": report.differences,
            "modules": [each.shown() for each in report.modules],
        }
        self.out.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "findings": [')
        for number, each in enumerate(report.findings()):
            self.out.write(",\n" if number else "\n")
            self.out.write(json.dumps(asdict(each), ensure_ascii=False))
        self.out.write("]}")

    def end(self) -> None:
        """Close the array."""
        self.out.write("[]\n" if self.count == 0 else "\n]\n")


class CsvWriter(Writer):
    """One row per finding."""

    def add(self, report: Report) -> None:
        """The findings of one organisation."""
        rows = csv.writer(self.out, lineterminator="\n")
        if self.count == 0:
            rows.writerow(COLUMNS)
        self.count += 1
        for each in report.findings():
            rows.writerow([report.org_id, *_safe(asdict(each).values())])


def _safe(cells: Any) -> Sequence[str]:
    """Cells no spreadsheet takes for a formula (owasp.org/www-community/attacks/CSV_Injection)."""
    texts = ["" if cell is None else str(cell) for cell in cells]
    return [f"'{text}" if text[:1] in "=+-@\t\r|" and text else text for text in texts]


FORMATS: dict[str, Callable[[TextIO], Writer]] = {
    "text": TextWriter,
    "json": JsonWriter,
    "csv": CsvWriter,
}
