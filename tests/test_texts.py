"""Every message key has words, in three languages, and parameters cannot do harm."""

import ast
import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import texts
from backend.core.errors import Message
from backend.i18n import LANGUAGES, amount, catalogue, day, filled, known, translate
from backend.modules import all_specs
from backend.texts import FIELDS, TEXTS, find, own_words, render, sentence
from backend.texts.entry import Text

ROOT = Path(__file__).resolve().parents[1]
RAISED = {
    "Gone",
    "Message",
    "NotConfigured",
    "Problem",
    "Refused",
    "Stale",
    "Stop",
    "SyncError",
    "Transient",
    "Unsafe",
    "ConnectionLost",
    "ValidationError",
    "_about_field",
    "_row",
}


def keys_in_code() -> Iterator[tuple[str, str]]:
    """Every literal key of a message in the backend, with the place it stands in."""
    for path in sorted((ROOT / "backend").rglob("*.py")):
        if "texts" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED:
                for key in literal_keys(node):
                    yield key, f"{path.relative_to(ROOT)}:{node.lineno}"


def literal_keys(call: ast.Call) -> Iterator[str]:
    """The first argument that is a key: small letters and underscores alone."""
    for argument in call.args[:2]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            text = argument.value
            if text.replace("_", "").isalpha() and text.islower() and "_" in text:
                yield text
                return


def has_text(key: str) -> bool:
    """Whether some variant of the key is in the table."""
    return any(name == key or name.startswith(f"{key}.") for name in TEXTS)


def test_every_key_raised_anywhere_has_words() -> None:
    wordless = sorted({f"{key} ({at})" for key, at in keys_in_code() if not has_text(key)})
    assert wordless == []


def test_keys_made_of_parts_have_words() -> None:
    made = [
        *(f"rate_{scope}.{side}" for scope in ("minute", "day", "concurrent")
          for side in ("xero", "zoho")),
        "rate_app", "rate_credits",
        *(f"match_{why}" for why in ("several", "weak", "contradicted", "already_linked")),
        *(f"{what}{way}_is_off" for what in ("", "create_") for way in ("to_xero", "to_zoho")),
        "update_is_off", "delete_is_off", "conflict", "conflict_locked", "supplier_only",
        "already_withdrawn", "paid_cannot_be_voided",
        "direction_impossible_to_xero", "direction_impossible_to_zoho",
    ]  # fmt: skip
    assert [key for key in made if not has_text(key)] == []


def test_every_field_and_module_has_a_name() -> None:
    fields = {row.name for spec in all_specs().values() for row in spec.fields}
    assert sorted(fields - {*FIELDS, *own_words()}) == []
    assert [key for key, spec in all_specs().items() if not spec.shown.name] == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_sentence_is_translated(language: str) -> None:
    words = [
        sentence_
        for text in TEXTS.values()
        for sentence_ in (text.cause if text.many is None else None, text.fix, text.act)
        if sentence_
    ]
    held = catalogue(language)
    same = [one for one in words if held.gettext(one) == one]
    assert same == []


def test_french_and_german_keep_their_typography() -> None:
    for text in TEXTS.values():
        for english in filter(None, (text.cause, text.fix)):
            french, german = translate(english, "fr"), translate(english, "de")
            assert "'" not in french, french
            for sign in ";?!":
                assert f" {sign}" not in french, french
            assert " :" not in french, french
            assert "« " not in french, french
            assert "“" not in german or "„" in german, german


def test_a_module_may_have_its_own_sentence() -> None:
    message = Message("currency_not_enabled", {"code": "USD"})
    assert sentence(message, "en", module="invoices") == (
        "Currency USD is not enabled in Xero. "
        "Add it under Settings › Currencies; this invoice then goes by itself."
    )
    assert "this record" in sentence(message, "en", module="accounts")


def test_the_sentences_of_the_design_are_word_for_word() -> None:
    message = Message("currency_not_enabled", {"code": "USD"})
    assert sentence(message, "fr", module="invoices") == (
        "La devise USD n’est pas activée dans Xero. Ajoutez-la sous "
        "«\u202fSettings › Currencies\u202f»\u202f; cette facture partira ensuite d’elle-même."
    )
    assert sentence(message, "de", module="invoices") == (
        "Die Währung USD ist in Xero nicht aktiviert. Fügen Sie sie unter "
        "„Settings › Currencies“ hinzu; diese Rechnung wird danach von selbst übertragen."
    )


def test_a_parameter_nobody_knows_chooses_the_plain_sentence() -> None:
    told = render(Message("currency_not_enabled"), "en")
    assert told is not None
    assert told["text"] == "The currency is not enabled in Xero."
    assert told["act"]["url"].startswith("https://go.xero.com/")


def test_counts_are_said_in_singular_and_plural() -> None:
    said = [sentence(Message("conflict", {"count": n}), "fr") for n in ("0", "1", "2")]
    assert "1 champ." in said[1]
    assert "0 champ" in said[0] or "1 champ" in said[0]
    assert "2 champs" in said[2]


def test_amounts_and_dates_follow_the_language() -> None:
    message = Message("totals_differ", {"amount": "0.01", "zoho": "12480.00", "xero": "12479.99"})
    assert "12,480.00" in sentence(message, "en")
    assert "12.480,00" in sentence(message, "de")
    assert "12\u202f480,00" in sentence(message, "fr")
    assert day("2026-12-14", "de") == "14.12.2026"
    assert amount("8480.00", "de") == "8.480,00"


@pytest.mark.parametrize("odd", ["", "NaN", "1e9999999", "abc", "Infinity"])
def test_an_amount_that_is_none_is_shown_as_it_is(odd: str) -> None:
    assert amount(odd, "en") == odd


def test_parameters_are_never_taken_for_places() -> None:
    assert filled("{a} and {b}", {"a": "{b}", "b": "{a.__class__}"}) == "{b} and {a.__class__}"


def test_an_unknown_key_is_shown_not_hidden() -> None:
    told = render(Message("no_such_key"), "de")
    assert told is not None
    assert told["text"] == "no_such_key"
    assert find("no_such_key", {}) is None


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fr_FR", "fr"), ("de-AT", "de"), ("en_GB", "en"), ("pt_BR", "en"), ("", "en"), (None, "en")],
)
def test_a_locale_nobody_knows_speaks_english(locale: str | None, language: str) -> None:
    assert known(locale) == language


def test_no_key_has_words_in_two_places() -> None:
    """The later of them would win in silence."""
    told = Counter[str]()
    for found in pkgutil.iter_modules(texts.__path__):
        for name, value in vars(importlib.import_module(f"backend.texts.{found.name}")).items():
            if name.isupper() and isinstance(value, dict):
                told.update(key for key, text in value.items() if isinstance(text, Text))
    assert {key: n for key, n in told.items() if n > 1} == {}
    assert set(told) == set(TEXTS)
