"""The guides speak of what is there: every setting, every link, every picture."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from backend.settings import Settings
from backend.texts import TEXTS
from dev_tools import guides
from dev_tools.console import ROOT

PAGES = sorted(
    path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")) if path.is_file()
)
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    local = [one for one in targets if not re.match(r"[a-z]+:", one)]
    assert [one for one in local if not (page.parent / one).exists()] == []


def test_operators_guide_names_every_setting() -> None:
    text = (ROOT / "docs" / "guides" / "operator.md").read_text(encoding="utf-8")
    missing = [one.name for one in fields(Settings) if f"`{one.name.upper()}`" not in text]
    assert missing == []


def test_operators_guide_starts_what_stays_and_leaves_out_what_ends() -> None:
    procfile = (ROOT / "Procfile").read_text(encoding="utf-8")
    staying = set(re.findall(r"^(\w+):", procfile, re.MULTILINE)) - {"release"}
    text = (ROOT / "docs" / "guides" / "operator.md").read_text(encoding="utf-8")
    (started,) = re.findall(r"^honcho start -p 8000 ([\w ]+?) *#", text, re.MULTILINE)
    assert set(started.split()) == staying


def test_list_of_messages_is_the_catalogues() -> None:
    assert guides.complaints() == []
    assert "| `currency_not_enabled" in guides.text()
    assert "| – |" not in guides.text()


def test_every_message_has_its_remedy_or_needs_none() -> None:
    undecided = [key for key, text in TEXTS.items() if text.news == (text.fix is not None)]
    assert undecided == []


def test_what_the_pages_say_by_themselves_and_what_ends_a_start_is_listed_as_it_is_said() -> None:
    told = json.loads((ROOT / "widget/app/translations/en.json").read_text(encoding="utf-8"))
    assert [said for said in guides.PAGE_SAYS if said not in told["messages"]] == []
    source = (
        (ROOT / "backend" / "settings.py").read_text(encoding="utf-8").replace("{name}", "NAME")
    )
    assert [said for said in guides.START_SAYS if said.rstrip(" …") not in source] == []
    for said in (*guides.PAGE_SAYS, *guides.START_SAYS):
        assert said in guides.text()


# --- names of what is on the pages ---------------------------------------------------------------

NOT_ON_A_PAGE = {
    "Allow / Create / Update / Delete", "Module: on",
}  # fmt: skip
"""Rows that speak of several things at once."""


def settings_named() -> list[str]:
    """The settings the administrator's guide explains, by the first column of its table."""
    guide = (ROOT / "docs" / "guides" / "administrator.md").read_text(encoding="utf-8")
    table = guide.partition("## Every setting")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| \*\*(.+?)\*\*", table, re.MULTILINE)
    names = [cell.removeprefix("Module: ") for cell in cells if cell not in NOT_ON_A_PAGE]
    return [name.strip() for each in names for name in each.split(",")]


def buttons_named() -> list[str]:
    """What the guide for people in CRM calls the states and the buttons."""
    guide = (ROOT / "docs" / "guides" / "crm-user.md").read_text(encoding="utf-8")
    return re.findall(r"^(?:\||-) \*\*([^*]+)\*\*", guide, re.MULTILINE)


def test_guides_call_things_by_the_names_on_the_pages() -> None:
    texts = json.loads((ROOT / "widget/app/translations/en.json").read_text(encoding="utf-8"))
    known = {key.lower() for key in texts.get("messages", texts)}
    known |= {each.lower() for value in known for each in value.split(", ")}
    assert settings_named(), "the table is gone"
    unknown = [name for name in settings_named() + buttons_named() if name.lower() not in known]
    assert unknown == []
