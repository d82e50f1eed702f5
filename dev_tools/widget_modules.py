"""The widget's list of modules, as the backend's files declare them.

The pages need it before anybody has signed in, and where Zoho hosts them; so it is a file of theirs
that `./dev translations` writes and `./dev check` compares, with the texts in it as calls that are
collected and looked up like every other.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from backend.core.spec import ModuleSpec, Side
from backend.modules import all_specs, module_keys
from dev_tools.console import ROOT

TARGET: Final = ROOT / "widget" / "app" / "js" / "modulelist.js"
HEAD: Final = """\
// @ts-check
/**
 * The modules there are, in the order people think of them, and what each is called. Written by
 * `./dev translations` from backend/modules; do not edit.
 */
import { n, t } from "./i18n.js";

/**
 * @typedef {object} Module
 * @property {string} key
 * @property {string | null} entity what CRM calls it; null where CRM has no such records
 * @property {string} title the field of CRM that names a record
 * @property {string} group
 * @property {boolean} attached whether its records show on those of another module
 * @property {boolean} dated whether a record counts by the date it bears
 * @property {string | null} only the one direction it takes; null for both
 * @property {() => string} name CRM's own name of it
 * @property {() => string} partner what a record becomes in Xero
 * @property {() => string} [absent] that a record is not in Xero yet
 * @property {() => string} [sending] what sending such a record does
 * @property {() => string} [always] asks to decide fields this way from now on
 * @property {(records: number) => string} [chosen]
 * @property {() => string} [closed] why it takes but one direction
 * @property {() => string} [along] what its records come along with
 */

/** @type {readonly Readonly<Module>[]} */
export const MODULES = Object.freeze([
"""
TEXTS: Final = ("name", "partner", "absent", "sending", "always", "closed", "along")


def text() -> str:
    """The file as it should be."""
    specs = all_specs()
    return HEAD + "".join(_module(specs[key]) for key in module_keys()) + "]);\n"


def write(target: Path = TARGET) -> None:
    """Write the file."""
    target.write_text(text(), encoding="utf-8")


def complaints() -> list[str]:
    """Whether the committed file is not what the modules say."""
    held = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    where = TARGET.relative_to(ROOT)
    return [] if held == text() else [f"{where} is out of date: run ./dev translations"]


def _module(spec: ModuleSpec) -> str:
    rows = "".join(f"    {row},\n" for row in (*_facts(spec), *_words(spec)))
    return f"  {{\n{rows}  }},\n"


def _facts(spec: ModuleSpec) -> Iterator[str]:
    only = f"to_{spec.only_to.value}" if spec.only_to else None
    told = {
        "key": spec.key,
        "entity": None if spec.attached_to else spec.zoho.path,
        "title": spec.zoho.label,
        "group": spec.shown.group,
        "attached": spec.attached_to is not None,
        "dated": any(row.name == "date" and row.path(Side.XERO) for row in spec.fields),
        "only": only,
    }
    yield from (f"{name}: {json.dumps(value)}" for name, value in told.items())


def _words(spec: ModuleSpec) -> Iterator[str]:
    for name in TEXTS:
        told = getattr(spec.shown, name)
        if told is not None:
            yield f"{name}: () => t({_quoted(told)})"
    if spec.shown.chosen is not None:
        one, many = map(_quoted, spec.shown.chosen)
        yield f"chosen: (records) => n({one}, {many}, records)"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)
