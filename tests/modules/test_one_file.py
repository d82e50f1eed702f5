"""Adding a module is one file: nothing else in the product lists modules, and one more is known."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from backend.modules import module_keys
from dev_tools import widget_modules

ROOT = Path(__file__).resolve().parents[2]
INNER = "tests/modules/one_more.py"
LAWS = "tests/modules/test_every_module.py"

SERVICES = '''\
"""Services: what is sold by the hour is an item of Xero as well, told apart by its code."""

from __future__ import annotations

from dataclasses import replace

from backend.core.shown import CATALOGUE, Shown
from backend.core.spec import Field, Resource, Side, Withdrawal
from backend.i18n import N_, ngettext
from backend.modules.products import SPEC as PRODUCTS

FIELDS = (
    Field(name="code", zoho="Service_Code", xero="Code", keys=1, key_codec="code",
          required=frozenset({Side.XERO}), zoho_length=40, xero_length=30),
    Field(name="name", zoho="Service_Name", xero="Name", keys=1, key_codec="name",
          required=frozenset({Side.ZOHO}), zoho_length=200, xero_length=50),
    Field(name="remark", zoho="Remark", xero="Description", codec="multiline", xero_length=4000),
)

SPEC = replace(
    PRODUCTS,
    key="services",
    shown=Shown(
        group=CATALOGUE,
        name=N_("Catalogue"),
        xero=N_("Items"),
        partner=N_("Xero item"),
        absent=N_("This record is not in Xero yet."),
        sending=N_("Sending it links the record Xero already has, or creates one."),
        chosen=ngettext("1 record chosen", "{n} records chosen"),
        words={"remark": N_("Description")},
    ),
    zoho=Resource(path="Services", id="id", number="Service_Code", label="Service_Name",
                  modified="Modified_Time", back_reference="Xero_ID", event="Services",
                  scopes=("ZohoCRM.modules.services.ALL",),
                  deep_link="{crm_url}/tab/CustomModule1/{id}"),
    fields=FIELDS,
    withdraw=lambda _raw: Withdrawal(operation="none", refused="cannot_be_withdrawn"),
)
'''


@pytest.mark.timeout(400)
def test_a_module_more_is_known_everywhere_by_its_file_alone(tmp_path: Path) -> None:
    (tmp_path / "services.py").write_text(SERVICES)
    ours = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.modules.grown", INNER, LAWS,
         "-k", "one_more or services"],
        cwd=ROOT, env={**ours, "ONE_MORE_MODULE": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) >= 20, done.stdout


def test_the_committed_widget_knows_the_modules_there_are() -> None:
    assert widget_modules.complaints() == []


# --- no other file names one -------------------------------------------------------------------

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
