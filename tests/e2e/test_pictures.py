"""The pictures of the documents show the pages as they are: made here, never by hand.

`PICTURES=docs/pictures ./dev test -k pictures` takes anew those that are old; without that the test
makes sure that each can be made, and that the committed one is small and shows the page as it is.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e import test_first_day, test_settings_pictures
from tests.e2e.conftest import Opened, Stage
from tests.e2e.pictured import COMMITTED, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
CHOSEN = ",".join(str(4001 + n) for n in range(7))


def conflict(stage: Stage) -> Opened:
    """Two choices made, nothing applied yet."""
    opened = stage.open("conflict", page="record.html", width=664, height=700, scale=1.5)
    opened.widget.get_by_role("radio", name="15 Dec 2026").check()
    opened.widget.get_by_role("radio", name="PO 7731-2").check()
    expect(opened.widget.get_by_role("button", name="Apply 2 choices")).to_be_visible()
    return opened


def chosen(stage: Stage) -> Opened:
    """The list button's page after its run, one record refused."""
    opened = stage.open(CHOSEN, list="1", width=664, height=640, scale=1.5)
    opened.widget.get_by_role("button", name="Sync now").click()
    again = opened.widget.get_by_role("button", name="Try 1 record again")
    expect(again).to_be_visible(timeout=20_000)
    return opened


def dashboard(stage: Stage, **how: Any) -> Opened:
    """The dashboard of a company whose first syncs are behind it."""
    stage.fake.accepted = True
    return stage.open("1", page="dashboard.html", **how)


PICTURES = {
    "record-conflict.png": conflict,
    "record.png": lambda stage: stage.open("with_payments", width=664, height=600, scale=1.5),
    "record-customer.png": lambda stage: stage.open(
        "customer", entity="Accounts", width=664, height=640, scale=1.5
    ),
    "record-german-dark.png": lambda stage: stage.open(
        "needs_attention", language="de", theme="dark", width=376, height=640, scale=1.5
    ),
    "list-button.png": chosen,
    "dashboard.png": lambda stage: dashboard(stage, width=1180, height=1480),
    "dashboard-320.png": lambda stage: dashboard(stage, language="fr", width=320, height=1400),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_show_the_pages_as_they_are(stage: Stage, tmp_path: Path, name: str) -> None:
    keep_picture(PICTURES[name](stage).page, name, tmp_path)


def test_every_picture_of_the_documents_is_taken_by_a_test() -> None:
    views = {f"{name}.png" for name in test_settings_pictures.VIEWS}
    taken = {*PICTURES, *views, test_first_day.PICTURE}
    assert {file.name for file in COMMITTED.iterdir()} == taken
