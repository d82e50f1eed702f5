"""Adding a module is one file: one more is known everywhere (and `tests/test_module_names.py` lets
no other file name one)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

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
