"""The pictures of the guides show the settings page as it is: made here, on request, never by hand."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Opened, Stage
from tests.e2e.pictured import keep_picture
from tests.e2e.test_settings_page import go, settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
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


@pytest.mark.parametrize("name", VIEWS)
def test_the_settings_pictures_show_the_views_as_they_are(
    stage: Stage, tmp_path: Path, name: str
) -> None:
    opened = guide(stage) if name == "settings-guide" else changed(stage)
    go(opened, VIEWS[name])
    opened.widget.locator(".card, .module-cards").first.wait_for()
    keep_picture(opened.page, f"{name}.png", tmp_path)


def guide(stage: Stage) -> Opened:
    """The settings before any module had its first sync."""
    return settings(stage, "guide", height=940)


def changed(stage: Stage) -> Opened:
    """The settings of a company at work, with one change that is not saved."""
    stage.fake.accepted = True
    opened = settings(stage, "modules", height=940)
    opened.widget.get_by_role("checkbox", name="Quotes: To Xero, Update").check()
    expect(opened.widget.get_by_role("button", name="Save and preview")).to_be_visible()
    return opened
