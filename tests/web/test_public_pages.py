"""Help, privacy and support: public, in three languages, with nothing that needs permission."""

import html
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backend.i18n import translate
from backend.texts import TEXTS
from backend.texts.pages import PAGES
from tests.web.conftest import Stage

NAMES = sorted(PAGES)
WORDS = Path(__file__).parents[2] / "widget" / "app" / "translations"


@pytest.fixture
def web(stage: Stage) -> FlaskClient:
    """A browser of somebody who has not signed in."""
    return stage.browser


@pytest.mark.parametrize("language", ["en", "fr", "de"])
@pytest.mark.parametrize("name", NAMES)
def test_page_speaks_the_language_asked_for(web: FlaskClient, name: str, language: str) -> None:
    answer = web.get(f"/{name}", headers={"Accept-Language": f"{language};q=0.9"})
    assert answer.status_code == 200
    text = html.unescape(answer.text)
    assert f'<html lang="{language}">' in text
    assert translate(PAGES[name].title, language) in text
    for section in PAGES[name].sections:
        assert translate(section.heading, language) in text
    assert not re.search(r"\{\w+\}", text)


def test_language_of_the_address_wins(web: FlaskClient) -> None:
    answer = web.get("/privacy?lang=de", headers={"Accept-Language": "fr"})
    assert '<html lang="de">' in answer.text


@pytest.mark.parametrize("odd", ["xx", "<script>", "de'\"", "x" * 5000])
def test_language_nobody_knows_speaks_english(web: FlaskClient, odd: str) -> None:
    answer = web.get("/help", query_string={"lang": odd})
    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text
    assert "<script" not in answer.text


def test_help_lists_every_remedy(web: FlaskClient) -> None:
    text = html.unescape(web.get("/help?lang=en").text)
    wanted = {key for key, one in TEXTS.items() if one.fix and "{" not in one.fix}
    missing = [key for key in wanted if (TEXTS[key].fix or "") not in text]
    assert not missing


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_every_button_a_page_names_is_called_so_in_the_widget(language: str) -> None:
    told = json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8"))["messages"]
    lines = [line for page in PAGES.values() for part in page.sections for line in part.lines]
    quoted = {"en": "“(.*?)”", "fr": "«\u202f(.*?)\u202f»", "de": "„(.*?)“"}[language]
    named = [name for line in lines for name in re.findall(quoted, translate(line, language))]
    assert len(named) == 3, named
    assert set(named) <= {words for words in told.values() if isinstance(words, str)}


def test_pages_set_no_cookie_and_load_nothing_foreign(web: FlaskClient) -> None:
    for path in (*(f"/{name}" for name in NAMES), "/public.css"):
        answer = web.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert not re.search(r"(src|href)=\"https?://", answer.text)
    assert "script-src" not in web.get("/help").headers["Content-Security-Policy"]
