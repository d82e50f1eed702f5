"""The Tab key alone: everything that can be pressed is reached, in the order it is read, and out again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame

from tests.e2e.conftest import Opened, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PRESSABLE = """() => {
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
  const radios = new Set();
  return [...document.querySelectorAll(kinds)].filter((each) => {
    if (each.disabled || each.tabIndex < 0 || each.closest("[inert]")) return false;
    if (!each.getClientRects().length || getComputedStyle(each).visibility === "hidden") return false;
    if (each.type !== "radio" || !each.name) return true;
    const group = [...document.getElementsByName(each.name)].filter((one) => one.form === each.form);
    if (each !== (group.find((one) => one.checked) ?? group[0]) || radios.has(each.name)) return false;
    return Boolean(radios.add(each.name));
  }).map((each, number) => { each.dataset.walk = number; return each.textContent.trim().slice(0, 30) || each.name || each.type; });
}"""
"""What the Tab key should reach, each with its number."""
START = """() => {
  window.focus();
  const first = document.createElement("button");
  document.body.prepend(first);
  first.focus();
  first.remove();
}"""
"""The next Tab goes to the first thing of the page, wherever the focus was."""
HERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.closest("label, .switch, .choice") ?? at;
  const ring = [at, box].some((one) => parseFloat(getComputedStyle(one).outlineWidth) > 0 || getComputedStyle(one).boxShadow !== "none");
  return { number: at.dataset.walk ?? null, ring, what: at.outerHTML.slice(0, 120) };
}"""


def walked(opened: Opened) -> tuple[list[str], list[str], list[str]]:
    """What should be reached, the numbers in the order of the Tab key, and what shows no focus."""
    frame: Frame = opened.frame()
    names = frame.evaluate(PRESSABLE)
    frame.evaluate(START)
    order: list[str] = []
    bare: list[str] = []
    for _ in range(len(names) + 5):
        opened.page.keyboard.press("Tab")
        at = frame.evaluate(HERE)
        if at is None:
            break
        order.append(at["number"])
        if not at["ring"]:
            bare.append(at["what"])
    return names, order, bare


def all_reached(opened: Opened) -> None:
    """Nothing is left out, nothing comes before what stands before it, and the walk ends outside."""
    names, order, bare = walked(opened)
    assert order == [str(number) for number in range(len(names))], (names, order)
    assert bare == []


@pytest.mark.parametrize(
    "state", ["in_sync", "conflict", "ambiguous", "needs_attention", "not_linked", "disconnected"]
)
def test_the_record_page(stage: Stage, state: str) -> None:
    all_reached(stage.open(state))


@pytest.mark.parametrize(
    "view",
    ["guide", "modules", "mapping", "maps", "log", "conflicts", "attention", "health", "notices",
     "configuration", "connection"],
)  # fmt: skip
def test_the_settings(stage: Stage, view: str) -> None:
    stage.fake.accepted = True
    opened = stage.open("1", page="settings.html", width=1280, wait=False)
    stage.at_rest(opened)
    opened.frame().evaluate("to => { location.hash = to; }", f"#/{view}")
    stage.at_rest(opened)
    all_reached(opened)


def test_the_dashboard(stage: Stage) -> None:
    stage.fake.accepted = True
    all_reached(stage.open("1", page="dashboard.html", width=1200))
