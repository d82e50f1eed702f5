"""The README's picture shows the page as it is: it is made here, on request, and never by hand.

`PICTURES=docs/pictures ./dev test -k pictures` writes it; without that the test only makes sure
that the picture can be made and that the committed one is there and small.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]
COMMITTED = Path(__file__).parents[2] / "docs" / "pictures"
SMALL = 200 * 1024


def test_the_record_picture_can_be_made_and_is_small(stage: Stage, tmp_path: Path) -> None:
    folder = Path(os.environ.get("PICTURES", tmp_path))
    opened = stage.open("conflict", page="record.html", width=664, height=700, scale=1.5)
    opened.widget.get_by_role("radio", name="15 Dec 2026").check()
    opened.widget.get_by_role("radio", name="PO 7731-2").check()
    expect(opened.widget.get_by_role("button", name="Apply 2 choices")).to_be_visible()
    opened.page.screenshot(path=folder / "record-conflict.png")
    calm = stage.open("with_payments", width=664, height=560, scale=1.5)
    calm.page.screenshot(path=folder / "record.png")
    for name in ("record.png", "record-conflict.png"):
        assert (folder / name).stat().st_size <= SMALL
        assert (COMMITTED / name).stat().st_size <= SMALL
