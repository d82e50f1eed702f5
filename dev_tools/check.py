"""`./dev check`: everything that can be said about the project without running its tests."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

from dev_tools import advisories, lock_files, translations, widget_checks, widget_types
from dev_tools.console import ROOT, VAR

TYPED: Final = tuple(
    name for name in ("backend", "simulator", "dev_tools", "bench") if (ROOT / name).is_dir()
)


def main(arguments: list[str]) -> int:
    """Run every check, or those named; answer 1 when one of them complains."""
    VAR.mkdir(exist_ok=True)
    failed = []
    for name, check in CHECKS.items():
        if arguments and name not in arguments:
            continue
        began = time.monotonic()
        found = check()
        print(f"{'ok  ' if not found else 'FAIL'} {name} ({time.monotonic() - began:.1f} s)")
        for line in found:
            print(f"     {line}")
        sys.stdout.flush()
        if found:
            failed.append(name)
    print(f"./dev check: {'failed: ' + ', '.join(failed) if failed else 'all is well'}")
    return 1 if failed else 0


def tool(*command: str) -> list[str]:
    """Run a tool of the environment; its output are the complaints when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def types() -> list[str]:
    """Ask mypy; complaints count only when it repeats them without its memory of other days.

    Its cache keeps saying that a module is missing which has been added since.
    """
    command = ("mypy", "--no-error-summary", *TYPED)
    return tool(*command) and tool(*command, "--no-incremental")


def whitespace_of_commits() -> list[str]:
    """Broken characters and marks of unfinished merges in committed files."""
    if not shutil.which("git"):
        return []
    done = subprocess.run(
        ["git", "grep", "-nE", "^(<<<<<<<|>>>>>>>) ", "--", ":!*.lock"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


CHECKS: Final[dict[str, Callable[[], list[str]]]] = {
    "lint": lambda: tool("ruff", "check", "--quiet", "--output-format", "concise", "."),
    "format": lambda: tool("ruff", "format", "--check", "--output-format", "concise", "."),
    "types": types,
    "layers": lambda: tool(
        "pytest", "-q", "--no-header", "--tb=short", "tests/test_layers.py",
        "tests/test_house_rules.py", "tests/test_module_names.py",
    ),
    "translations": translations.complaints,
    "widget lint": widget_checks.lint,
    "widget types": widget_types.complaints,
    "widget tests": widget_checks.unit_tests,
    "lock files": lock_files.complaints,
    "known weaknesses": advisories.complaints,
    "merge marks": whitespace_of_commits,
}  # fmt: skip
