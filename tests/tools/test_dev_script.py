"""`./dev` on machines that are not as it wishes."""

import ast
import os
import subprocess
import sys
from pathlib import Path

from dev_tools.console import ROOT

SCRIPT = ROOT / "dev"


def run_script(
    *arguments: str, path: str = "", preamble: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the script's own main in a fresh interpreter, after a preamble that changes its world."""
    code = f"""
import runpy, sys
{preamble}
sys.argv = ["dev", *{list(arguments)!r}]
runpy.run_path({str(SCRIPT)!r}, run_name="__main__")
"""
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
        timeout=60,
    )


def test_script_can_be_read_by_old_pythons() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_old_python_gets_a_sentence_with_the_command_to_type() -> None:
    done = run_script("test", preamble="sys.version_info = (3, 9, 2, 'final', 0)")
    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in done.stderr
    assert "apt-get install" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_venv_module_names_the_package_to_install(tmp_path: Path) -> None:
    copy = tmp_path / "dev"
    copy.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_text("", encoding="utf-8")
    code = f"""
import runpy, sys
sys.modules["ensurepip"] = None
sys.argv = ["dev", "test"]
runpy.run_path({str(copy)!r}, run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": ""},
        timeout=60,
    )
    assert done.returncode == 1
    assert f"apt-get install python3.{sys.version_info[1]}-venv" in done.stderr


def test_unknown_command_is_named_and_changes_nothing() -> None:
    done = run_script("dmeo")
    assert done.returncode == 2
    assert "there is no command 'dmeo'" in done.stderr


def test_help_names_every_command() -> None:
    done = run_script("--help")
    assert done.returncode == 0
    for command in ("demo", "test", "check", "serve", "bench", "package"):
        assert f"  {command} " in done.stdout
