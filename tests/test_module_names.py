"""No file but a module's own names it: what is said of modules elsewhere follows from them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from backend.modules import module_keys
from dev_tools import widget_modules

ROOT = Path(__file__).resolve().parents[1]
PICKER = "where the product for lines without one is looked for"
LEDGER = "the chart of accounts of Xero"
EXCEPTIONS: Mapping[tuple[str, str], str] = {
    **{
        ("backend/core/roles.py", key): "has a part in the business of other modules"
        for key in ("accounts", "contacts", "products", "invoices", "payments")
    },
    ("backend/sync/facts.py", "accounts"): LEDGER,
    ("backend/web/map_view.py", "accounts"): LEDGER,
    ("backend/web/settings_rules.py", "accounts"): LEDGER,
    ("widget/app/js/state/products.js", "products"): PICKER,
    ("widget/app/js/state/shell.js", "products"): PICKER,
    ("widget/app/js/words/maps.js", "accounts"): "a value of the setting `customers`",
    ("widget/app/js/words/maps.js", "contacts"): "a value of the setting `customers`",
}
"""What reads like a module by hand and is none, or has a reason; keep it short."""
COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
SCRIPT_WORDS = re.compile(r"""(["'`])(\w+)\1|\b(\w+)\s*:(?!:)""")


def words_of_python(text: str) -> Iterator[str]:
    """Every string of a file that stands for itself."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def words_of_script(text: str) -> Iterator[str]:
    """Every string of one word, and every key of an object."""
    return (found[2] or found[3] for found in SCRIPT_WORDS.finditer(COMMENT.sub("", text)))


def named_by_hand() -> set[tuple[str, str]]:
    """Files outside the modules themselves that name one, and which."""
    found = set()
    for path in (ROOT / "backend").rglob("*.py"):
        if path.is_relative_to(ROOT / "backend" / "modules"):
            continue
        found |= {(path, word) for word in words_of_python(path.read_text(encoding="utf-8"))}
    for path in (ROOT / "widget" / "app" / "js").rglob("*.js"):
        if path != widget_modules.TARGET and "vendor" not in path.parts:
            found |= {(path, word) for word in words_of_script(path.read_text(encoding="utf-8"))}
    keys = set(module_keys())
    return {(str(path.relative_to(ROOT)), word) for path, word in found if word in keys}


def test_no_other_file_names_a_module() -> None:
    assert sorted(named_by_hand() - set(EXCEPTIONS)) == []


def test_every_exception_is_still_needed() -> None:
    assert sorted(set(EXCEPTIONS) - named_by_hand()) == []


def test_the_rule_would_notice_a_list() -> None:
    assert {"quotes", "vendors"} <= set(words_of_python("KEYS = {'quotes': ('vendors',)}"))
    script = "const A = ['quotes', `payments`]; const B = { vendors: () => t(\"Vendors\") };"
    assert {"quotes", "payments", "vendors"} <= set(words_of_script(script))
