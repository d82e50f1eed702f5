"""The lock files say the same: pyproject.toml, uv.lock and the two requirements files."""

import re
import shutil
import subprocess
import tomllib
from typing import Final

from dev_tools.console import ROOT, say

EXPORTS: Final = {"requirements.lock": ["--no-dev"], "requirements-dev.lock": ["--all-groups"]}
HOW: Final = "uv export --frozen --no-emit-project --no-header {options} -o {name}"


def complaints() -> list[str]:
    """Every way in which the lock files disagree; without uv names and versions only."""
    uv = shutil.which("uv")
    if uv:
        return uv_complaints(uv)
    say("uv is not on PATH: the lock files are compared by names and versions, not re-exported")
    return [line for name in EXPORTS for line in differences(name)]


def uv_complaints(uv: str) -> list[str]:
    """Ask uv whether its lock is current and whether the exports are what it would write."""
    found = []
    if subprocess.run([uv, "lock", "--check", "-q"], cwd=ROOT, check=False).returncode:
        found.append("uv.lock is older than pyproject.toml; run uv lock")
    for name, options in EXPORTS.items():
        command = [uv, "export", "--frozen", "--no-emit-project", "--no-header", "-q", *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.stdout != (ROOT / name).read_text(encoding="utf-8"):
            how = HOW.format(options=" ".join(options), name=name)
            found.append(f"{name} is not what uv.lock exports; run {how}")
    return found


def differences(name: str) -> list[str]:
    """Requirements of one file whose version differs from uv.lock."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    versions = {package["name"]: package.get("version") for package in locked["package"]}
    pinned = re.findall(
        r"^([a-z0-9._-]+)(?:\[[^]]*])?==([^ ;\\]+)",
        (ROOT / name).read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return [
        f"{name}: {package} {version}, but uv.lock has {versions.get(package)}"
        for package, version in pinned
        if versions.get(package) != version
    ]
