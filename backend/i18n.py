"""Words in three languages, for the web and for jobs that run without it.

Texts are marked where they are written (``N_``) and looked up when somebody reads them, in that
reader's language. Amounts and dates follow the same locale.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

LANGUAGES = ("en", "fr", "de")
DEFAULT = "en"
FOLDER = Path(__file__).resolve().parents[1] / "translations"

_AMOUNT = re.compile(r"-?[0-9]{1,20}(?:\.([0-9]{1,6}))?")
_PLACE = re.compile(r"\{(\w+)\}")


def N_(text: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Mark a text for the catalogues; it is translated when it is read."""
    return text


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Mark both forms of a counted text for the catalogues."""
    return one, many


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The compiled catalogue of a language; English speaks with the texts themselves."""
    return gettext.translation("messages", FOLDER, [language], fallback=language == DEFAULT)


def translate(text: str, language: str) -> str:
    """``text`` in ``language``; the text itself where the catalogue has none."""
    return catalogue(known(language)).gettext(text)


def counted(one: str, many: str, count: int, *, language: str) -> str:
    """The form of a counted text for ``count``, which fills the place {n}; other places stay."""
    return catalogue(known(language)).ngettext(one, many, count).replace("{n}", str(count))


def filled(text: str, params: Mapping[str, str]) -> str:
    """``text`` with its {places} filled once; a place nobody fills shows its name.

    Not ``str.format``: parameters come from records, and neither a brace in them nor an attribute
    in a place may mean anything.
    """
    return _PLACE.sub(lambda place: params.get(place[1], f"[{place[1]}]"), text)


def known(language: str | None) -> str:
    """The language of a locale such as ``fr_FR`` or ``de-AT``; English when it is none of ours."""
    start = re.split(r"[-_]", (language or "").strip().lower())[0]
    return start if start in LANGUAGES else DEFAULT


def amount(value: str, language: str) -> str:
    """An amount as its readers write it, with the decimals it came with, two at least.

    What is no plain number is shown as it is.
    """
    found = _AMOUNT.fullmatch(value)
    if found is None:
        return value
    places = "0" * max(len(found[1] or ""), 2)
    return str(format_decimal(Decimal(value), format=f"#,##0.{places}", locale=known(language)))


def day(value: str, language: str) -> str:
    """An ISO date as its readers write it."""
    try:
        return str(format_date(date.fromisoformat(value), "medium", locale=known(language)))
    except ValueError:
        return value


def moment(value: str, language: str) -> str:
    """An ISO date and time as its readers write it, in UTC and saying so."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{format_datetime(at, 'medium', locale=known(language))} UTC"
