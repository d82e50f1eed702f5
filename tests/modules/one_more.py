"""What the product knows of a module that was added as one file; run by `test_one_file.py` with
the plugin `grown`, because everything that follows from the modules follows when it starts."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from backend.__main__ import main
from backend.core.spec import Side
from backend.modules import all_specs, module_keys
from backend.sync.consent import zoho_scopes
from backend.texts import field_label, module_label
from dev_tools import widget_modules
from dev_tools.widget_checks import node_program
from tests.modules.samples import sample
from tests.sync.bridge import Bridge
from tests.web.conftest import Person, admin, stage

__all__ = ["admin", "stage"]
KEY = "services"


def test_it_stands_at_the_end_of_its_group() -> None:
    assert module_keys().index(KEY) == module_keys().index("products") + 1
    assert set(module_keys()) == set(all_specs())


def test_the_settings_have_its_switches_and_take_them(admin: Person) -> None:
    held = admin.get("/api/settings")["modules"][KEY]
    assert [held["enabled"], held["to_xero"]["allow"], held["to_zoho"]["allow"]] == [True] * 3
    answer = admin("PUT", "/api/settings", {"modules": {KEY: {"conflict": "xero"}}})
    assert answer.get_json()["modules"][KEY]["conflict"] == "xero"
    (row,) = (
        one for one in admin.get("/api/preflight")["checks"] if one["key"] == f"preview.{KEY}"
    )
    assert row["state"] == "gap"


def test_the_pages_are_told_what_it_is_called(admin: Person) -> None:
    rows = admin.get("/api/modules", Accept_Language="de")["rows"]
    (row,) = (one for one in rows if one["key"] == KEY)
    assert (row["label"], row["group"]) == ("Katalog", "catalogue")
    assert KEY in admin.get("/api/health")["modules"]
    assert (module_label(KEY, "fr"), field_label("remark", "de")) == ("Catalogue", "Beschreibung")


def test_its_mapping_is_drawn_with_both_sides_fields(admin: Person) -> None:
    found = admin.get(f"/api/mapping/{KEY}")
    assert {row["name"]: row["xero"] for row in found["rows"]}["remark"] == "Description"
    assert "Remark" in {one["path"] for one in found["fields"]["zoho"]}
    assert "SalesDetails.UnitPrice" in {one["path"] for one in found["fields"]["xero"]}


def test_it_has_its_addresses_and_they_are_described(admin: Person) -> None:
    assert admin.get(f"/api/records/{KEY}/5001")["state"] == "not_linked"
    text = json.dumps(admin.get("/api/openapi.json"))
    assert f'"{KEY}"' in text


def test_crm_is_asked_for_it_and_tells_of_its_changes(bridge: Bridge) -> None:
    assert "ZohoCRM.modules.services.ALL" in zoho_scopes()
    watched = {module for one in bridge.world.zoho.channels.alive() for module in one.modules()}
    assert "Services" in watched


def test_a_click_brings_a_record_across(bridge: Bridge) -> None:
    bridge.accept(KEY)
    link = bridge.click(KEY, sample(bridge, all_specs()[KEY]))
    assert link.state == "in_sync", (link.message_key, link.message_params)
    there = bridge.xero(all_specs()[KEY].resource(Side.XERO).path, str(link.xero_id))
    assert there["Description"].startswith("Sample services remark")


def test_an_operator_may_name_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sweep", "--help"])
    assert KEY in capsys.readouterr().out


def test_the_widget_knows_it(tmp_path: Path) -> None:
    scripts = tmp_path / "js"
    shutil.copytree(widget_modules.TARGET.parent, scripts)
    widget_modules.write(scripts / widget_modules.TARGET.name)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "ask.js").write_text(
        """
        import { readPageLoad } from "./js/host.js";
        import { ORDER, moduleName } from "./js/modules.js";
        import { matrixOf } from "./js/state/modules.js";
        import { notInXero } from "./js/words.js";
        const { module } = readPageLoad({ Entity: "Services", EntityId: "1" });
        const [row] = matrixOf(null, { modules: { services: {} } });
        console.log(JSON.stringify({ module, order: ORDER, name: moduleName(module),
          absent: notInXero(module), group: row.group }));
        """
    )
    asked = subprocess.run(
        [node_program(), "ask.js"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert json.loads(asked.stdout) == {
        "module": KEY, "order": list(module_keys()), "name": "Catalogue", "group": "catalogue",
        "absent": "This record is not in Xero yet.",
    }  # fmt: skip
