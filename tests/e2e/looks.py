"""What must be true of every page as it is seen: its language, its width, and what axe finds."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.e2e.conftest import Opened
from tests.e2e.reader import words

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
FINDS = """async () => {
  const answer = await axe.run(document, { resultTypes: ["violations"] });
  const why = (node) => `${node.html.slice(0, 200)}: ${node.any.map((check) => check.message).join(" ")}`;
  return answer.violations.map((one) => [one.id, one.nodes.map(why)]);
}"""
# What a person reads or hears: texts that are shown, names, placeholders. Data is in `bdi` or `dir=auto`.
READ = """() => {
  const told = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!holder.closest("script, style, bdi, [dir=auto]") && holder.checkVisibility()) told.push(walker.currentNode.data);
  }
  for (const node of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
    for (const name of ["aria-label", "placeholder", "title", "alt"])
      if (node.checkVisibility() && node.hasAttribute(name)) told.push(node.getAttribute(name));
  return [...new Set(told.map((text) => text.trim()).filter(Boolean))];
}"""
# A text is cut where it leaves the window, its card, or a box that hides what does not fit.
CUT = """() => {
  const cut = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const hides = (box) => ["hidden", "clip"].includes(getComputedStyle(box).overflowX) && getComputedStyle(box).textOverflow !== "ellipsis";
  const unseen = (box) => getComputedStyle(box).clipPath !== "none";
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const holder = text.parentElement;
    if (!text.data.trim() || holder.closest("script, style, svg, select, .unseen, .scroll") || !holder.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const right = range.getBoundingClientRect().right;
    let edge = holder.closest(".card, .panel, dialog")?.getBoundingClientRect().right ?? innerWidth;
    for (let box = holder; box && box !== document.body; box = box.parentElement)
      if (unseen(box)) edge = Infinity;
      else if (hides(box)) edge = Math.min(edge, box.getBoundingClientRect().right);
    if (right > edge + 1) cut.push(text.data.trim().slice(0, 60));
  }
  return { cut, over: document.documentElement.scrollWidth - innerWidth };
}"""

# On how many lines each word of what is selected stands.
LINES = """(box) => {
  const range = document.createRange();
  const lines = (text, from, to) => { range.setStart(text, from); range.setEnd(text, to); return new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size; };
  const words = (text) => [...text.data.matchAll(/\\S+/g)].map((word) => lines(text, word.index, word.index + word[0].length));
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) found.push(...words(texts.currentNode));
  return Math.max(0, ...found);
}"""


def broken_words(opened: Opened, selector: str) -> list[str]:
    """What of the selected has a word on more than one line."""
    boxes = opened.widget.locator(selector)
    boxes.first.wait_for()
    return [box.inner_text() for box in boxes.all() if box.evaluate(LINES) > 1]


def english_left(opened: Opened, language: str) -> list[str]:
    """Texts of the English catalogue on a page that is read in another language."""
    if language == "en":
        return []
    wrong, right = _reading("en"), _reading(language)
    read = opened.frame().evaluate(READ)
    return [text for text in read if wrong.fullmatch(text) and not right.fullmatch(text)]


def does_not_fit(opened: Opened) -> dict[str, Any]:
    """Texts that are cut, and a page wider than its window; empty when all is well."""
    found = opened.frame().evaluate(CUT)
    return {} if not found["cut"] and found["over"] <= 0 else dict(found)


def axe(opened: Opened) -> list[Any]:
    """What axe finds; the script is taken in once per page."""
    frame = opened.frame()
    if not frame.evaluate("() => Boolean(window.axe)"):
        frame.evaluate(AXE)
    return list(frame.evaluate(FINDS))


def _forms(held: str | Mapping[str, str]) -> list[str]:
    return [held] if isinstance(held, str) else list(held.values())


@cache
def _reading(language: str) -> re.Pattern[str]:
    """Every text of a language, whatever is put in it; what is nothing but a place is left out."""
    told = {form for held in words(language).values() for form in _forms(held)}
    worth = [text for text in told if len(re.sub(r"\{\w+\}|\W", "", text)) > 1]
    return re.compile("|".join(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)) for text in worth))
