"""What every message key says: cause, remedy, and where to act, in the reader's language.

The database keeps keys with parameters; nothing is put into words before somebody reads it, so
that old log rows are read in today's language.

A key may have variants, named after a dot: after a side (``required_empty.xero``), after a module
(``currency_not_enabled.invoices``), or ``plain``, which is taken when a parameter that the other
variants show is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from backend.core.errors import Message
from backend.i18n import amount, counted, day, filled, moment, translate
from backend.modules import all_specs
from backend.texts.connections import CONNECTIONS
from backend.texts.documents import DOCUMENTS
from backend.texts.entry import Text
from backend.texts.fields import FIELDS
from backend.texts.lists import LISTS
from backend.texts.live import LIVE
from backend.texts.mapping import MAPPING, STATES
from backend.texts.matching import MATCHING
from backend.texts.notices import NOTICES
from backend.texts.people import PEOPLE
from backend.texts.records_a_k import RECORDS_A_K
from backend.texts.records_l_z import RECORDS_L_Z
from backend.texts.requests import REQUESTS
from backend.texts.xero_fields import XERO_FIELDS

TEXTS: Mapping[str, Text] = {
    **RECORDS_A_K,
    **RECORDS_L_Z,
    **CONNECTIONS,
    **DOCUMENTS,
    **MAPPING,
    **MATCHING,
    **REQUESTS,
    **LIVE,
    **NOTICES,
    **LISTS,
    **PEOPLE,
}

_PLACES = re.compile(r"\{(\w+)\}")
_AMOUNTS = frozenset(
    {"amount", "apart", "crm", "due", "paid", "total", "xero", "zoho", "limit_due"}
)
_DAYS = frozenset({"date", "lock", "start"})
_MOMENTS = frozenset({"at", "until"})


def render(
    message: Message | None,
    language: str,
    *,
    module: str = "",
    label: Callable[[str], str] | None = None,
) -> dict[str, Any] | None:
    """``{key, params, text, fix, act}`` in ``language``; None for no message.

    ``module`` chooses the sentence written for that module where there is one, ``label`` names
    fields as the reader's CRM does. A key without a text is shown as it is: wrong, never hidden.
    """
    if message is None:
        return None
    params = {name: str(value) for name, value in message.params.items()}
    text = find(message.key, params, module=module)
    told: dict[str, Any] = {
        "key": message.key,
        "params": params,
        "text": message.key,
        "fix": None,
        "act": None,
    }
    if text is None:
        return told
    shown = {name: _value(name, value, language) for name, value in params.items()}
    if label is not None and "field" in params:
        shown["field"] = label(params["field"])
    told["text"] = filled(_cause(text, params, language), shown)
    if text.fix is not None:
        told["fix"] = filled(translate(text.fix, language), shown)
    if text.act is not None:
        told["act"] = {"label": translate(text.act, language), "url": text.url}
    return told


def sentence(message: Message, language: str, *, module: str = "") -> str:
    """Cause and remedy in one string, for places that hold only one."""
    told = render(message, language, module=module) or {}
    return " ".join(part for part in (told.get("text"), told.get("fix")) if part)


def find(key: str, params: Mapping[str, str], *, module: str = "") -> Text | None:
    """The text of a key that says most with what is known; None for an unknown key."""
    found = list(_variants(key, params, module))
    fitting = (text for text in found if _places(text) <= params.keys())
    return next(fitting, found[-1] if found else None)


def field_label(name: str, language: str) -> str:
    """What people call a field of ours; its own name where the catalogue has no label."""
    label = FIELDS.get(name) or own_words().get(name)
    return translate(label, language) if label else name.replace("_", " ")


@cache
def own_words() -> Mapping[str, str]:
    """What modules call the fields and states that are theirs alone."""
    return {
        name: label for spec in all_specs().values() for name, label in spec.shown.words.items()
    }


def state_label(state: str, language: str) -> str:
    """What Xero's screens call a state of a document; its own word where nobody gave it one."""
    label = STATES.get(state) or own_words().get(state)
    return translate(label, language) if label else state


def xero_label(path: str, language: str) -> str:
    """What a field of Xero is called; its own path where nobody gave it a name."""
    label = XERO_FIELDS.get(path) or own_words().get(path)
    return translate(label, language) if label else path


def module_label(key: str, language: str) -> str:
    """What people call a module."""
    spec = all_specs().get(key)
    return translate(spec.shown.name, language) if spec else key


def _variants(key: str, params: Mapping[str, str], module: str) -> Iterator[Text]:
    for name in (
        f"{key}.{module}",
        f"{key}.{params.get('side', '')}",
        key,
        f"{key}.plain",
    ):
        if name in TEXTS:
            yield TEXTS[name]


def _cause(text: Text, params: Mapping[str, str], language: str) -> str:
    count = params.get("count", "")
    if text.many is None or not count.isdecimal():
        return translate(text.cause, language)
    return counted(*text.many, int(count), language=language)


def _places(text: Text) -> set[str]:
    return set(_PLACES.findall(text.cause + (text.fix or "")))


def _value(name: str, value: str, language: str) -> str:
    if name in _AMOUNTS:
        return amount(value, language)
    if name in _DAYS:
        return day(value, language)
    if name in _MOMENTS:
        return moment(value, language)
    if name == "field":
        return field_label(value, language)
    return module_label(value, language) if name == "module" else value
