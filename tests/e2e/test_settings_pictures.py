"""The pictures of the guides show the settings page as it is: made here, on request, never by hand.

`PICTURES=docs/pictures ./dev test -k pictures` writes them; without that the test only makes sure
that they can be made and that the committed ones are there and small.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Stage
from tests.e2e.test_settings_page import go, settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
COMMITTED = Path(__file__).parents[2] / "docs" / "pictures"
SMALL = 240 * 1024
VIEWS = {
    "settings-modules": "modules",
    "settings-mapping": "mapping/invoices",
    "settings-maps": "maps",
    "settings-preview": "preview/preview",
    "settings-log": "log/10",
    "settings-conflicts": "conflicts",
    "settings-attention": "attention",
    "settings-health": "health",
    "settings-guide": "guide",
}


def test_the_settings_pictures_can_be_made_and_are_small(stage: Stage, tmp_path: Path) -> None:
    folder = Path(os.environ.get("PICTURES", tmp_path))
    stage.fake.accepted = True
    opened = settings(stage, "modules", height=940)
    opened.widget.get_by_role("checkbox", name="Quotes: To Xero, Update").check()
    expect(opened.widget.get_by_role("button", name="Save and preview")).to_be_visible()
    for name, view in VIEWS.items():
        if view == "guide":
            stage.fake.accepted = False
            opened = settings(stage, "guide", height=940)
        go(opened, view)
        opened.widget.locator(".card, .module-cards").first.wait_for()
        opened.page.wait_for_timeout(250)
        opened.page.screenshot(path=folder / f"{name}.png")
        assert (folder / f"{name}.png").stat().st_size <= SMALL
        assert (COMMITTED / f"{name}.png").stat().st_size <= SMALL
