"""The page that plays CRM speaks the language of whoever is signed in, in its own words."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.world import World
from simulator.zoho.metadata import visible_fields

STATIC = Path(__file__).parents[3] / "simulator" / "host" / "static"
SAID = re.compile(r'\bt\("([^"]+)"')
MADE_HERE = (
    "account", "contact", "vendor", "product", "quote", "sales order", "invoice", "purchase order",
)  # fmt: skip


def said() -> Iterator[str]:
    """Every text of the page, and every name CRM has for modules and fields."""
    for file in sorted((STATIC / "js").glob("*.js")):
        yield from SAID.findall(file.read_text(encoding="utf-8"))
    yield from (f"New {one}" for one in MADE_HERE)
    world = World()
    for module in world.zoho.modules.values():
        if module.parent is None:
            yield from (module.singular, module.plural)
            yield from (one.label for one in visible_fields(world.zoho, module))


def gaps(text: str) -> list[str]:
    """The values a text waits for."""
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", ["fr", "de"])
def test_every_text_is_there_in_other_languages_with_its_values(language: str) -> None:
    file = STATIC / "words" / f"{language}.json"
    held = json.loads(file.read_text(encoding="utf-8"))
    wanted = set(said())
    assert wanted - set(held) == set()
    assert set(held) - wanted == set()
    for english, text in held.items():
        assert text.strip(), english
        assert set(gaps(text)) <= set(gaps(english)), english
