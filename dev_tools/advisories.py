"""Are the pinned packages free of the weaknesses we know of? Asked without the network.

`advisories.json` is a list kept by hand from the packages' own security advisories: it can only
say what it holds, and from which day it is. Where `pip-audit` is installed and the network is
there, `pip-audit -r requirements.lock` asks the living database; this check never needs either.
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from dev_tools.console import ROOT

LIST: Final = Path(__file__).with_name("advisories.json")


def complaints() -> list[str]:
    """Pinned versions with a known weakness, and pins without a hash or from elsewhere."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    known = json.loads(LIST.read_text(encoding="utf-8"))
    return [*weak(locked, known["advisories"]), *unpinned(locked)]


def weak(locked: list[dict[str, Any]], advisories: list[dict[str, str]]) -> list[str]:
    """Packages older than the version that mends something."""
    versions = {package["name"]: package.get("version", "") for package in locked}
    return [
        f"{one['package']} {versions[one['package']]}: {one['id']}, mended in {one['mended']}"
        for one in advisories
        if one["package"] in versions and older(versions[one["package"]], one["mended"])
    ]


def unpinned(locked: list[dict[str, Any]]) -> list[str]:
    """Packages that do not come from the index, or whose files carry no hash."""
    found = []
    for package in locked:
        source = package.get("source", {})
        files = [*package.get("wheels", []), package.get("sdist")]
        if "registry" not in source:
            if not {"virtual", "editable"} & set(source):
                found.append(f"{package['name']}: does not come from the package index")
        elif not all(each["hash"].startswith("sha256:") for each in files if each):
            found.append(f"{package['name']}: a file without a hash")
    return found


def older(version: str, than: str) -> bool:
    """Whether one version comes before another, by their numbers."""
    return _numbers(version) < _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
