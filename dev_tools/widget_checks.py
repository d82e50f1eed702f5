"""What is checked about the widget: its source by rules, its units by Node's own test runner.

A machine without Node uses the Node that Playwright carries, so the tests run everywhere.
"""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dev_tools.console import ROOT, say

WIDGET: Final = ROOT / "widget"
APP: Final = WIDGET / "app"
IMPORTED: Final = re.compile(r'^(?:import|export)\s[^;]*?from\s+"(\.[^"]+)"', re.MULTILINE)
PRELOADED: Final = re.compile(r'rel="modulepreload" href="([^"]+)"')
VENDORED: Final = {"vendor", "node_modules"}
FORBIDDEN: Final[dict[str, str]] = {
    r"\b(inner|outer)HTML\b|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write\b": (
        "text from other systems must never be read as HTML"
    ),
    r"\beval\s*\(|\bnew Function\b|set(Timeout|Interval)\(\s*[\"'`]": (
        "the content security policy forbids code made from text"
    ),
    r"\bon(click|load|error|change|input|submit)\s*=\s*[\"'](?!\$)": (
        "handlers belong in scripts: the content security policy forbids them in HTML"
    ),
    r"\b(localStorage|document\.cookie)\b": (
        "what is kept lives in memory or in the tab, never longer"
    ),
    r"\bconsole\.(log|debug|info)\b|\bdebugger\b": "no output for developers in the product",
    r"postMessage\([^)]*[\"']\*[\"']": "a message goes to one exact origin",
    r"style\s*=\s*[\"'][^\"'$]": "the content security policy forbids inline styles",
    r"(src|href)\s*=\s*[\"']https?://(?!www\.w3\.org)": "nothing is loaded from other places",
}


def sources(*suffixes: str) -> Iterator[Path]:
    """The widget's own files of these kinds, tests and vendored ones aside."""
    for path in sorted(WIDGET.rglob("*")):
        if path.suffix in suffixes and not VENDORED & set(path.parts) and "tests" not in path.parts:
            yield path


def lint() -> list[str]:
    """Forbidden words, broken syntax, and vendored files that are not what they claim."""
    found = []
    for path in sources(".js", ".mjs", ".html"):
        lines = path.read_text(encoding="utf-8").splitlines()
        if path.suffix != ".html" and lines[:1] != ["// @ts-check"]:
            found.append(f"{path.relative_to(ROOT)}:1: the first line is // @ts-check")
        for number, line in enumerate(lines, 1):
            if line.lstrip().startswith(("//", "*", "/*")):
                continue
            found += [
                f"{path.relative_to(ROOT)}:{number}: {why}"
                for pattern, why in FORBIDDEN.items()
                if re.search(pattern, line)
            ]
    return found + syntax_errors() + vendored_differences() + preload_differences()


def syntax_errors() -> list[str]:
    """What Node cannot read as a module."""
    node = node_program()
    found = []
    for path in sources(".js", ".mjs"):
        done = subprocess.run(
            [node, "--check", "--input-type=module", "-"],
            input=path.read_text(encoding="utf-8"),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            found.append(f"{path.relative_to(ROOT)}: {' '.join(done.stderr.split()[:40])}")
    return found


def vendored_differences() -> list[str]:
    """Vendored files whose content is not the one recorded in SHA256SUMS beside them."""
    found = []
    for sums in sorted(WIDGET.rglob("SHA256SUMS")):
        for line in sums.read_text(encoding="utf-8").splitlines():
            expected, name = line.split(maxsplit=1)
            content = (sums.parent / name.lstrip("*")).read_bytes()
            if hashlib.sha256(content).hexdigest() != expected:
                found.append(f"{sums.parent.relative_to(ROOT)}/{name}: content has changed")
    return found


def preload_differences() -> list[str]:
    """Scripts the record page needs and does not ask for at once, or asks for in vain."""
    page = APP / "record.html"
    asked = set(PRELOADED.findall(page.read_text(encoding="utf-8")))
    needed = imported("js/main.js") - {"js/main.js"}
    where = f"widget/app/{page.name}"
    lacking = [f"{where}: no modulepreload of {name}" for name in sorted(needed - asked)]
    return lacking + [f"{where}: needs no {name}" for name in sorted(asked - needed)]


def imported(script: str) -> set[str]:
    """A script of the pages and everything it imports before it runs."""
    found, todo = set[str](), [script]
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        beside = (APP / name).parent
        text = (APP / name).read_text(encoding="utf-8")
        todo += [
            (beside / one).resolve().relative_to(APP).as_posix() for one in IMPORTED.findall(text)
        ]
    return found


def unit_tests() -> list[str]:
    """Run the widget's unit tests; their output when one fails or when none is found."""
    files = sorted(map(str, [*WIDGET.rglob("*.test.js"), *WIDGET.rglob("*.test.mjs")]))
    if not files:
        return ["no widget unit tests found (widget/**/*.test.js)"]
    done = subprocess.run(
        [node_program(), "--test", *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr).splitlines()[-60:] if done.returncode else []


def node_program() -> str:
    """Node on PATH, else the one inside the Playwright package."""
    found = shutil.which("node")
    if found:
        return found
    from playwright._impl._driver import compute_driver_executable

    carried = compute_driver_executable()[0]
    say(f"node is not on PATH: using the one Playwright carries ({carried})")
    return str(carried)
