"""Who reads the pages in the tests: a language, and a hand that holds a mouse or only a keyboard."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Opened

WORDS = Path(__file__).parents[2] / "widget" / "app" / "translations"
PLACE = """(node, wanted) => [node.selectedIndex, [...node.options].findIndex(
  (one) => one.value === wanted || one.text === wanted)]"""


@cache
def words(language: str) -> Mapping[str, str | Mapping[str, str]]:
    """Every text of the widget in a language, by its English words."""
    held = json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8"))
    return dict(held["messages"])


@dataclass(frozen=True)
class Reader:
    """A person with a language and a way of pressing things."""

    language: str
    keyboard: bool

    def text(self, english: str, **values: str) -> str:
        """What the page says instead of this English text."""
        held = words(self.language)[english]
        form = "one" if str(values.get("n", "1")) == "1" else "other"
        return str(held if isinstance(held, str) else held[form]).format(**{"n": "1", **values})

    def name(self, *english: str) -> str:
        """The name of a control that is made of several texts: *Quotes: To Xero*."""
        return ": ".join(self.text(one) if one in words("en") else one for one in english)

    def said(self, english: str, french: str, german: str) -> str:
        """What the cardboard backend says in this language."""
        return {"en": english, "fr": french, "de": german}[self.language]

    def press(self, control: Locator, key: str = "Space") -> None:
        """Press a button, tick a box or follow a link."""
        if not self.keyboard:
            control.click()
            return
        self._reach(control)
        control.press(key)

    def choose(self, select: Locator, value: str) -> None:
        """Choose an option by its value or its words, one step after the other."""
        if not self.keyboard:
            select.select_option(value)
            return
        self._reach(select)
        now, wanted = select.evaluate(PLACE, value)
        assert wanted >= 0, value
        for _ in range(abs(wanted - now)):
            select.press("ArrowDown" if wanted > now else "ArrowUp")

    def write(self, field: Locator, text: str) -> None:
        """Put a text in the place of what a field holds."""
        if not self.keyboard:
            field.fill(text)
            return
        self._reach(field)
        field.press("Control+a")
        field.press_sequentially(text)

    def button(self, within: Opened | Locator, english: str, **values: str) -> Locator:
        """The first button that says so."""
        room = within.widget if isinstance(within, Opened) else within
        label = self.text(english, **values)
        return room.get_by_role("button", name=label, exact=True).first

    def click(self, within: Opened | Locator, english: str, **values: str) -> None:
        """Press the first button that says so."""
        self.press(self.button(within, english, **values))

    def toast(self, opened: Opened, english: str, **values: str) -> None:
        """Wait until the page confirms it."""
        told = self.text(english, **values)
        expect(opened.widget.locator(".toast")).to_contain_text(told)

    @staticmethod
    def _reach(control: Locator) -> None:
        """A keyboard reaches what stands in the order of the Tab key, and nothing else."""
        expect(control).to_be_enabled()
        control.focus()
        expect(control).to_be_focused()
        assert control.evaluate("node => node.tabIndex") >= 0


ENGLISH = Reader("en", keyboard=False)
OTHERS = [Reader("fr", keyboard=False), Reader("de", keyboard=True)]
NAMES = ["french-mouse", "german-keyboard"]

in_other_languages = pytest.mark.parametrize("reader", OTHERS, ids=NAMES)
in_every_language = pytest.mark.parametrize(
    "reader", [ENGLISH, *OTHERS], ids=["english-mouse", *NAMES]
)

KEYS = [Reader("en", keyboard=True), Reader("fr", keyboard=True), Reader("de", keyboard=True)]
MOUSE = [ENGLISH, OTHERS[0], Reader("de", keyboard=False)]

# Three readers of three languages, both hands among them, and the same with the hands changed.
with_each_hand = pytest.mark.parametrize(
    "reader", [MOUSE[0], KEYS[1], MOUSE[2]], ids=["english-mouse", "french-keys", "german-mouse"]
)
with_the_other_hand = pytest.mark.parametrize(
    "reader", [KEYS[0], MOUSE[1], KEYS[2]], ids=["english-keys", "french-mouse", "german-keys"]
)
