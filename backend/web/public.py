"""Pages anybody may read: help with every message, privacy, support; in three languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Blueprint, Response, abort, make_response, render_template, request

from backend.i18n import LANGUAGES, filled, known, translate
from backend.settings import Settings
from backend.texts import TEXTS
from backend.texts.pages import ASK_ADMINISTRATOR, EVERY_MESSAGE, PAGES, WRITE_TO, Page, Section
from backend.web.context import bridge, language

public = Blueprint("public", __name__, template_folder="pages")

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
)
NAMES = {"en": "English", "fr": "Français", "de": "Deutsch"}


@public.get("/help", defaults={"name": "help"})
@public.get("/privacy", defaults={"name": "privacy"})
@public.get("/support", defaults={"name": "support"})
def page(name: str) -> Response:
    """One page in the language asked for by ``?lang=``, else the browser's."""
    if name not in PAGES:
        abort(404)
    spoken = known(request.args.get("lang")) if request.args.get("lang") else language()
    response = make_response(
        render_template(
            "public.html",
            language=spoken,
            languages=[(one, NAMES[one]) for one in LANGUAGES],
            name=name,
            pages=[(key, translate(held.title, spoken)) for key, held in PAGES.items()],
            **_told(PAGES[name], spoken, bridge().settings, contact=name == "support"),
        )
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Content-Language"] = spoken
    response.headers["Vary"] = "Accept-Language"
    return response


@public.get("/public.css")
def style() -> Response:
    """The looks of these pages."""
    response = make_response(render_template("public.css"))
    response.headers["Content-Type"] = "text/css; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _told(page: Page, spoken: str, settings: Settings, *, contact: bool) -> dict[str, object]:
    params = {
        "minutes": str(settings.sync_minutes),
        "attempts": str(settings.sync_attempts),
        "days": str(settings.log_days),
    }
    return {
        "title": translate(page.title, spoken),
        "lead": translate(page.lead, spoken),
        "sections": [_section(one, spoken, params) for one in page.sections],
        "contact": _contact(settings, spoken) if contact else None,
        "messages_title": translate(EVERY_MESSAGE, spoken),
        "messages": list(messages(spoken)) if page.messages else [],
    }


def _section(section: Section, spoken: str, params: Mapping[str, str]) -> dict[str, object]:
    return {
        "heading": translate(section.heading, spoken),
        "lines": [filled(translate(line, spoken), params) for line in section.lines],
    }


def _contact(settings: Settings, spoken: str) -> str:
    if settings.support_contact is None:
        return translate(ASK_ADMINISTRATOR, spoken)
    return filled(translate(WRITE_TO, spoken), {"contact": settings.support_contact})


def messages(spoken: str) -> Iterator[dict[str, str]]:
    """Every message that has a remedy, by its cause; the places in it are named in brackets."""
    told: dict[tuple[str, str], str] = {}
    for key, text in TEXTS.items():
        if text.fix is not None:
            told.setdefault((_said(text.cause, spoken), _said(text.fix, spoken)), key)
    for cause, fix in sorted(told, key=lambda said: said[0].casefold()):
        yield {"key": told[cause, fix], "cause": cause, "fix": fix}


def _said(text: str, spoken: str) -> str:
    return filled(translate(text, spoken), {})
