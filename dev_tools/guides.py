"""The part of the guides that follows from the catalogue: every message with its remedy."""

from collections.abc import Iterable
from typing import Final

from backend.i18n import filled
from backend.texts import TEXTS
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
ON_THE_PAGES: Final = """
## What a page says by itself

When the service, CRM or the browser stands between, no message of the service is there to show.

| what it says | what to do |
|---|---|
"""
PAGE_SAYS: Final[dict[str, str]] = {
    "The sync service cannot be reached.": "Check your network, then try again. Sync goes on.",
    "The sync service did not answer in time.": "Try again. Sync goes on.",
    "The sync service could not answer.": "Try again; if it stays, send along the request number.",
    "You are offline.": "Go on when the network is back; the page loads again by itself.",
    "Your session has ended.": "Sign in again; what you typed stays.",
    "The browser blocked the window.": "Follow the link beside it, or allow windows of this page.",
    "Zoho CRM does not answer this page": "Load the page again; nothing is lost.",
    "This page belongs inside Zoho CRM": "Open it in CRM, under the settings of the extension.",
    "The settings did not load": "Press *Load again*; sync itself goes on.",
    "This did not load": "Press *Load again*; sync itself goes on.",
    "The page did not load": "Reload it; a network filter may hold its scripts back: allow them.",
    "The record did not load": "Press *Load again*; sync itself goes on.",
    "The records did not load": "Press *Load again*; sync itself goes on.",
}
"""By the widget's own words; what to do where the page itself has a button for it."""

AT_THE_START: Final = """
## What the service refuses to start with

One line names the variable; [operator.md](operator.md) explains each. Correct it and start again:
nothing has been touched.

| what it says | what to do |
|---|---|
"""
START_SAYS: Final[dict[str, str]] = {
    "is required and not set": "Set it, or its twin `NAME_FILE` to the path of a file.",
    "there is no such setting": "Correct the name; it would otherwise be ignored in silence.",
    "is set, and NAME_FILE as well; keep one of them": "Take one of the two away.",
    "cannot be read": "Correct the path, or let the service's user read the file.",
    "must be one line": "Take the other lines out of the value or the file.",
    "must …": "Give a value of the form the line asks for.",
}

OTHERS: Final = """
## What needs nothing

News and answers: they say what happened or how things stand.

| code | what it says |
|---|---|
"""


def text() -> str:
    """The page as it should be."""
    keys = sorted(TEXTS)
    errors = [
        (f"`{key}`", TEXTS[key].cause, TEXTS[key].fix or "–") for key in keys if not TEXTS[key].news
    ]
    news = [(f"`{key}`", TEXTS[key].cause) for key in keys if TEXTS[key].news]
    return (
        HEAD + _rows(errors)
        + ON_THE_PAGES + _rows(PAGE_SAYS.items())
        + AT_THE_START + _rows((f"`NAME: {said}`", fix) for said, fix in START_SAYS.items())
        + OTHERS + _rows(news)
    )  # fmt: skip


def write() -> None:
    """Write the page."""
    MESSAGES.parent.mkdir(parents=True, exist_ok=True)
    MESSAGES.write_text(text(), encoding="utf-8")


def complaints() -> list[str]:
    """Whether the committed page is not what the catalogue says."""
    held = MESSAGES.read_text(encoding="utf-8") if MESSAGES.exists() else ""
    name = MESSAGES.relative_to(ROOT)
    return [] if held == text() else [f"{name} is out of date: run ./dev translations"]


def _rows(rows: Iterable[Iterable[str]]) -> str:
    return "".join(f"| {' | '.join(_cell(cell) for cell in row)} |\n" for row in rows)


def _cell(words: str) -> str:
    return filled(words, {}).replace("|", "\\|").replace("\n", " ")
