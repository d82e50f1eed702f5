"""The guides speak of what is there: every setting, every link, every picture."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from backend.settings import Settings
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


def test_list_of_messages_is_the_catalogues() -> None:
    assert guides.complaints() == []
    assert "| `currency_not_enabled" in guides.text()
