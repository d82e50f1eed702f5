"""The widget's files are loaded once and for good, and anew as soon as one of them changes."""

import os
import re
from pathlib import Path

from backend.web.widget import FOLDER, files
from backend.web.widget_files import Files
from dev_tools import widget_checks
from tests.web.conftest import Stage

ADDRESS = re.compile(r'(?:src|href)="([^"]+)"')


def test_a_page_is_asked_for_each_time_and_names_files_that_are_not(stage: Stage) -> None:
    for name in ("record.html", "settings.html", "dashboard.html"):
        page = stage.browser.get(f"/widget/{name}")
        assert page.headers["Cache-Control"] == "no-cache"
        loaded = [one for one in ADDRESS.findall(page.text) if not one.startswith("data:")]
        assert len(loaded) == len(ADDRESS.findall((FOLDER / name).read_text())) - 1 > 4
        for one in loaded:
            assert one.startswith(f"files-{files.version()}/"), one
            file = stage.browser.get(f"/widget/{one}")
            assert file.status_code == 200
            assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert file.data == (FOLDER / one.partition("/")[2]).read_bytes()
            assert "frame-ancestors" in file.headers["Content-Security-Policy"]


def test_the_record_page_asks_for_all_its_scripts_at_once() -> None:
    assert len(widget_checks.imported("js/main.js")) > 20
    assert widget_checks.preload_differences() == []


def test_what_a_page_of_another_version_asks_for_is_not_kept(stage: Stage) -> None:
    answer = stage.browser.get("/widget/files-0123456789abcdef/js/main.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert stage.browser.get("/widget/js/main.js").headers["Cache-Control"] == "no-cache"


def test_a_versioned_address_leads_nowhere_else(stage: Stage) -> None:
    start = f"/widget/files-{files.version()}"
    for path in ("../record.py", "..%2f..%2fREADME.md", "js/../../../pyproject.toml", "none.js"):
        assert stage.browser.get(f"{start}/{path}").status_code == 404, path
    told = stage.browser.get(f"{start}/config.json")
    assert told.get_json() == stage.browser.get("/widget/config.json").get_json()
    assert told.headers["Cache-Control"] == "no-store"


def test_the_version_is_that_of_the_content_and_of_nothing_else(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    for folder in (first, second):
        (folder / "js").mkdir(parents=True)
        (folder / "js" / "main.js").write_text("let a = 1;")
    os.utime(second / "js" / "main.js", (1, 1))
    here = Files(first)
    before = here.version()
    assert before == Files(second).version()
    (first / "js" / "main.js").write_text("let a = 22;")
    changed = here.version()
    assert changed != before
    (first / "js" / "main.js").rename(first / "js" / "other.js")
    assert here.version() not in {before, changed}
