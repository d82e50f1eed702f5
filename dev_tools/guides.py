"""The part of the guides that follows from the catalogue: every message with its remedy."""

from typing import Final

from backend.i18n import filled
from backend.texts import TEXTS
from backend.texts.entry import Text
from dev_tools.console import ROOT

MESSAGES: Final = ROOT / "docs" / "guides" / "messages.md"
HEAD: Final = """\
# Every message and its remedy

Written by `./dev translations` from the catalogue; do not edit. The product shows them in English,
French and German; `/help` on your own installation lists them in the reader's language. The code in
the first column is what the log filters by and what *Retry all with this cause* takes.

| code | what it says | what to do |
|---|---|---|
"""


def text() -> str:
    """The page as it should be."""
    rows = (_row(key, TEXTS[key]) for key in sorted(TEXTS))
    return HEAD + "".join(rows)


def write() -> None:
    """Write the page."""
    MESSAGES.parent.mkdir(parents=True, exist_ok=True)
    MESSAGES.write_text(text(), encoding="utf-8")


def complaints() -> list[str]:
    """Whether the committed page is not what the catalogue says."""
    held = MESSAGES.read_text(encoding="utf-8") if MESSAGES.exists() else ""
    name = MESSAGES.relative_to(ROOT)
    return [] if held == text() else [f"{name} is out of date: run ./dev translations"]


def _row(key: str, told: Text) -> str:
    cells = (f"`{key}`", _cell(told.cause), _cell(told.fix or "–"))
    return f"| {' | '.join(cells)} |\n"


def _cell(words: str) -> str:
    return filled(words, {}).replace("|", "\\|").replace("\n", " ")
