"""The types of the widget and of the page that plays CRM, checked by the TypeScript compiler.

The sources stay plain JavaScript: every file begins with ``// @ts-check`` and says its types in
comments. The compiler is pinned with its checksum in `dev_tools/tsc/package-lock.json`, installed
into `var/tsc`, and emits nothing.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Final

from dev_tools.console import ROOT, VAR, say
from dev_tools.widget_checks import WIDGET, node_program

LOCK: Final = ROOT / "dev_tools" / "tsc"
FOLDER: Final = VAR / "tsc"
CONFIGURATION: Final = WIDGET / "tsconfig.json"
INSTALL: Final = (
    "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error",
)  # fmt: skip


class NoCompiler(Exception):
    """The compiler is not here and cannot be had; says what would help."""


def complaints() -> list[str]:
    """What the compiler says against the types; or why it could not be asked."""
    try:
        program = compiler()
    except NoCompiler as missing:
        return [str(missing)]
    command = [node_program(), str(program), "--project", str(CONFIGURATION), "--pretty", "false"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def compiler(*, folder: Path = FOLDER, path: str | None = None) -> Path:
    """The pinned compiler in ``folder``, installed when it is missing or another one.

    ``path`` is where npm is looked for, the usual places when None.
    """
    program, stamp = folder / "node_modules" / "typescript" / "bin" / "tsc", folder / ".installed"
    digest = hashlib.sha256((LOCK / "package-lock.json").read_bytes()).hexdigest()
    if program.exists() and stamp.exists() and stamp.read_text() == digest:
        return program
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise NoCompiler(
            "the widget's types need the TypeScript compiler, which npm installs;"
            " Debian, Ubuntu: apt-get install npm"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(LOCK / name, folder / name)
    say("installing the TypeScript compiler by its lock file into var/tsc")
    done = subprocess.run([npm, *INSTALL], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        told = " ".join(done.stderr.split())[:300]
        raise NoCompiler(f"npm could not install the TypeScript compiler: {told}")
    stamp.write_text(digest)
    return program
