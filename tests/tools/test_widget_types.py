"""The type check of the widget says what it needs; it is never silently left out."""

import json
from pathlib import Path

import pytest

from dev_tools import widget_types
from dev_tools.check import CHECKS
from dev_tools.widget_types import LOCK, NoCompiler


def test_without_npm_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NoCompiler, match="apt-get install npm"):
        widget_types.compiler(folder=tmp_path, path=str(tmp_path))


def test_an_npm_that_fails_is_quoted(tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho registry away >&2\nexit 1\n")
    npm.chmod(0o755)
    with pytest.raises(NoCompiler, match="registry away"):
        widget_types.compiler(folder=tmp_path / "tsc", path=str(tmp_path))
    assert not (tmp_path / "tsc" / ".installed").exists()


def test_what_is_installed_by_this_lock_file_is_used_again(tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nmkdir -p node_modules/typescript/bin\n"
                   "echo >> runs\ntouch node_modules/typescript/bin/tsc\n")  # fmt: skip
    npm.chmod(0o755)
    folder = tmp_path / "tsc"
    for _ in range(2):
        assert widget_types.compiler(folder=folder, path=f"{tmp_path}:/bin:/usr/bin").exists()
    assert (folder / "runs").read_text() == "\n"


def test_the_compiler_is_pinned_by_checksum_and_part_of_the_checks() -> None:
    lock = json.loads((LOCK / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert "widget types" in CHECKS
