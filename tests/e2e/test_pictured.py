"""When a picture counts as old: a word, a part, a rule in use, its size; and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e import pictured
from tests.e2e.pictured import described, difference, kept, take_if_old

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
STYLE = """
  .due { color: red } .due:hover { color: blue } .elsewhere { color: green }
  @media (min-width: 1px) { p::before { content: "·" } } @media (max-width: 1px) { p { margin: 0 } }
"""
SHOWN = '<p class="due" id="a1">Due <b>12</b>at 127.0.0.1:4711</p><p hidden>Not now</p>'


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page."""
    context = browser.new_context(viewport={"width": 200, "height": 100})
    yield context.new_page()
    context.close()


def show(page: Page, body: str = SHOWN, style: str = STYLE) -> None:
    """A page with this in it."""
    page.set_content(f"<style>{style}</style>{body}")


@pytest.fixture
def picture(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture of the page as it is shown at first; who waits for another page does so shortly."""
    monkeypatch.setattr(pictured, "READING_SECONDS", 0.3)
    show(page)
    take_if_old(page, tmp_path / "page.png", running=False)
    return tmp_path / "page.png"


def differs(page: Page, picture: Path, *, running: bool = False) -> list[str]:
    """The lines in which the page is not what the picture shows."""
    lines = difference(page, picture, running=running)
    return [line for line in lines if line[:2] not in {"--", "++", "@@"}]


def test_a_picture_says_what_it_was_taken_of(page: Page, picture: Path) -> None:
    assert kept(picture) == described(page)
    assert described(page)["seen"] == ["body", " p class=due", "  Due", "  b", "   12", "  at host"]
    assert described(page)["styles"] == [
        ".due { color: red }", '@media (min-width: 1px) p::before { content: "·" }',
    ]  # fmt: skip
    assert differs(page, picture) == []


def test_what_shows_nothing_else_makes_no_picture_old(page: Page, picture: Path) -> None:
    quiet = STYLE.replace("blue", "teal").replace("green", "grey").replace("margin: 0", "margin: 9")
    show(page, SHOWN.replace("a1", "a2").replace("4711", "4712").replace("Not", "No"), quiet)
    assert differs(page, picture) == []


@pytest.mark.parametrize(
    ("body", "style", "seen"),
    [
        (SHOWN.replace("Due", "Owed"), STYLE, ["-  Due", "+  Owed"]),
        (SHOWN.replace(">12<", ">13<"), STYLE, ["-   12", "+   13"]),
        (SHOWN.replace("due", "paid"), STYLE + ".paid { top: 0 }", ["- p class=due", "+ p class=paid"]),
        (SHOWN, STYLE.replace("red", "tan"), ["-.due { color: red }", "+.due { color: tan }"]),
    ],
)  # fmt: skip
def test_another_word_part_or_rule_makes_it_old(
    page: Page, picture: Path, body: str, style: str, seen: list[str]
) -> None:
    show(page, body, style)
    assert differs(page, picture)[:2] == seen


def test_another_size_makes_it_old(page: Page, picture: Path) -> None:
    page.set_viewport_size({"width": 201, "height": 100})
    assert differs(page, picture) == ["-200 × 100 at 1", "+201 × 100 at 1"]


def test_numbers_and_order_of_a_running_system_make_no_picture_old(
    page: Page, picture: Path
) -> None:
    picture.unlink()
    take_if_old(page, picture, running=True)
    show(page, SHOWN.replace("Due <b>12</b>at 127.0.0.1:4711", "at 127.0.0.1:4711 <b>13</b>Due"))
    assert differs(page, picture, running=True) == []
    show(page, SHOWN.replace("Due", "Owed"))
    assert differs(page, picture, running=True) == ["-  Due", "+  Owed"]


def test_a_picture_that_says_nothing_is_old(page: Page, picture: Path) -> None:
    page.screenshot(path=picture)
    assert differs(page, picture)[:1] == ["+body"]


def test_a_picture_that_is_not_old_is_not_taken_anew(page: Page, picture: Path) -> None:
    before = picture.stat().st_mtime_ns
    take_if_old(page, picture, running=False)
    assert picture.stat().st_mtime_ns == before
