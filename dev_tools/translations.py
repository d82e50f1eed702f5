"""Texts: collected from code, kept in one catalogue per language, handed to the widget as JSON.

`./dev translations` writes the widget's list of modules, collects every marked text of backend and
widget, updates `translations/<language>/LC_MESSAGES/messages.po`, compiles it, writes the widget's
JSON and says what nobody has translated yet. A text that vanished is kept as obsolete and comes
back with its translation when the text returns.
"""

import gettext
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from dev_tools import guides, widget_modules
from dev_tools.console import ROOT, say

LANGUAGES: Final = ("en", "fr", "de")
SOURCE: Final = "en"
FOLDER: Final = ROOT / "translations"
WIDGET: Final = ROOT / "widget" / "app" / "translations"
LEFT_OUT: Final = {"tests", "vendor", "translations", "node_modules", "migrations", "__pycache__"}
PLACEHOLDER: Final = re.compile(r"\{(\w+)\}|%\((\w+)\)s")
# The first day of the catalogues; a fixed date keeps an update without news from changing a file.
FIRST_DAY: Final = datetime(2026, 11, 22, tzinfo=UTC)
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "counted": (1, 2),
    "t": None,
    "n": (1, 2),
}
PLURAL_SAMPLES: Final = (*range(201), 1000, 10_000, 1_000_000)


def main(arguments: list[str]) -> int:
    """Update everything; answer 1 when a translation is missing or wrong."""
    del arguments
    widget_modules.write()
    template = collect()
    for language in LANGUAGES:
        catalogue = update(language, template)
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_bytes(po_bytes(catalogue))
    compile_catalogues()
    export_to_widget()
    guides.write()
    found = complaints()
    for complaint in found:
        say(complaint)
    say(f"{len(template)} texts in {len(LANGUAGES)} languages, {len(found)} complaints")
    return 1 if found else 0


def path_of(language: str) -> Path:
    """Where the catalogue of a language lives."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def collect() -> Catalog:
    """Every text marked in backend and widget, with the files it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as configuration:
        methods, options = parse_mapping_cfg(configuration)  # type: ignore[no-untyped-call]
    template = Catalog(project="zoho-xero-sync", charset="utf-8", creation_date=FIRST_DAY)
    found = extract_from_dir(
        str(ROOT),
        method_map=methods,
        options_map=options,
        keywords=KEYWORDS,
        directory_filter=may_hold_texts,
    )
    for name, _line, text, comments, context in found:
        template.add(text, None, [(name, 0)], auto_comments=comments, context=context)
    return template


def may_hold_texts(folder: str | Path) -> bool:
    """Whether a folder below the root is worth reading."""
    name = Path(folder).name
    below_root = Path(folder).parent == ROOT
    return name in {"backend", "widget"} if below_root else name not in LEFT_OUT


def load(language: str) -> Catalog:
    """The committed catalogue of a language; an empty one when there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", creation_date=FIRST_DAY)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, template: Catalog) -> Catalog:
    """The catalogue with the texts of the code, keeping every translation there ever was."""
    catalogue = load(language)
    for message in list(catalogue.obsolete.values()):
        catalogue.add(message.id, message.string, context=message.context)
    catalogue.obsolete.clear()
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.project = "zoho-xero-sync"
    catalogue.creation_date = catalogue.revision_date = FIRST_DAY
    catalogue.last_translator = "zoho-xero-sync"
    catalogue.language_team = language
    catalogue.header_comment = f"# The words of the bridge in {Locale(language).english_name}."
    catalogue.fuzzy = False
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as its file, without line numbers that change with every edit."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_by_file=True, include_lineno=False, width=100)
    return buffer.getvalue()


def texts(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def compile_catalogues() -> None:
    """Write the binary catalogues beside the texts where they are missing or older."""
    for language in LANGUAGES:
        source = path_of(language)
        target = source.with_suffix(".mo")
        if source.exists() and not (target.exists() and target.read_bytes() == mo_bytes(language)):
            target.write_bytes(mo_bytes(language))


def mo_bytes(language: str) -> bytes:
    """The binary catalogue as the committed texts make it."""
    buffer = io.BytesIO()
    write_mo(buffer, load(language))
    return buffer.getvalue()


def export_to_widget() -> None:
    """Write the widget's share of each catalogue as JSON."""
    WIDGET.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        (WIDGET / f"{language}.json").write_text(widget_json(language), encoding="utf-8")


def widget_json(language: str) -> str:
    """The widget's texts of one language; plural forms under the names of Intl.PluralRules."""
    catalogue = load(language)
    forms = plural_forms(catalogue, language)
    messages: dict[str, str | dict[str, str]] = {}
    for message in texts(catalogue):
        if not any(name.startswith("widget/") for name, _ in message.locations):
            continue
        if isinstance(message.id, tuple):
            strings = plural_strings(message, language)
            messages[message.id[0]] = {name: strings[index] for name, index in forms.items()}
        else:
            messages[str(message.id)] = str(message.string or message.id)
    document = {"language": language, "messages": dict(sorted(messages.items()))}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def plural_strings(message: Message, language: str) -> tuple[str, ...]:
    """The forms of a counted text; English speaks with the text itself."""
    strings = tuple(str(string) for string in message.string or ())
    if language == SOURCE and not all(strings):
        return tuple(str(part) for part in message.id)
    return strings


def plural_forms(catalogue: Catalog, language: str) -> dict[str, int]:
    """For each plural name of CLDR the index of the form gettext would take."""
    index_of = gettext.c2py(catalogue.plural_expr)
    name_of = Locale(language).plural_form
    return {name_of(count): index_of(count) for count in PLURAL_SAMPLES}


def complaints() -> list[str]:
    """What is missing, fuzzy, differs in its placeholders or is not the newest export."""
    template = collect()
    found: list[str] = []
    for language in LANGUAGES:
        catalogue = load(language)
        found += missing_texts(language, catalogue, template)
        for message in texts(catalogue):
            found += message_complaints(language, message)
        found += stale_files(language)
    return found + guides.complaints() + widget_modules.complaints()


def missing_texts(language: str, catalogue: Catalog, template: Catalog) -> list[str]:
    """Texts of the code that the catalogue lacks, and texts that left the code."""
    there = {(message.id, message.context) for message in texts(catalogue)}
    wanted = {(message.id, message.context) for message in texts(template)}
    lacking = [f"{language}: not in the catalogue: {text!r}" for text, _ in wanted - there]
    gone = [f"{language}: no longer in the code: {text!r}" for text, _ in there - wanted]
    return sorted(lacking) + sorted(gone)


def message_complaints(language: str, message: Message) -> list[str]:
    """What is wrong with one translation."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    if message.fuzzy:
        return [f"{language}: fuzzy: {ids[0]!r}"]
    if not all(strings):
        return [] if language == SOURCE else [f"{language}: not translated: {ids[0]!r}"]
    wanted = set(PLACEHOLDER.findall(" ".join(map(str, ids))))
    allowed_to_lack = wanted if len(ids) > 1 else set()
    for string in strings:
        used = set(PLACEHOLDER.findall(str(string)))
        if used - wanted or wanted - used - allowed_to_lack:
            return [f"{language}: placeholders differ: {ids[0]!r} / {string!r}"]
    none, many = str(strings[0]), str(strings[-1])
    if counts_nothing_as_one(language) and "{n}" in many and "{n}" not in none:
        return [f"{language}: says one where it may be none, write {{n}}: {none!r}"]
    return []


def counts_nothing_as_one(language: str) -> bool:
    """Whether the language puts none and one in the same form, as French does."""
    name_of = Locale(language).plural_form
    return name_of(0) == name_of(1)


def stale_files(language: str) -> list[str]:
    """Compiled and exported files that do not follow from the catalogue."""
    found = []
    compiled = path_of(language).with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != mo_bytes(language):
        found.append(f"{language}: messages.mo is not the newest; run ./dev translations")
    exported = WIDGET / f"{language}.json"
    if not exported.exists() or exported.read_text(encoding="utf-8") != widget_json(language):
        found.append(f"{language}: the widget's JSON is not the newest; run ./dev translations")
    return found
