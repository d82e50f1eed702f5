"""`./dev package`: the extension as one zip for Zoho, checked by Zoho's own toolkit and by us.

Zoho's toolkit drops files of kinds it does not know with a warning and still ends well, so what
is in the zip is compared with what has to be in it, content by content.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from backend.settings import ZOHO_CRM_HOSTS, ZOHO_SDK_URL
from backend.web.headers import page_policy
from dev_tools.console import ROOT, VAR, Stop, say

NAME: Final = "zoho_xero_sync"
MANIFEST: Final = ROOT / "plugin-manifest.json"
WIDGET: Final = ROOT / "widget" / "app"
TOOLKIT: Final = ROOT / "dev_tools" / "zet"
LEFT_BEHIND: Final = frozenset({"SHA256SUMS"})
"""Files that serve the repository alone; Zoho takes no file without an ending."""
FILES_AT_MOST, FILE_BYTES_AT_MOST, ZIP_BYTES_AT_MOST = 250, 5 * 1024**2, 20 * 1024**2


def main(arguments: list[str]) -> int:
    """Assemble, validate, pack, compare; the zip lands in `dist/`."""
    asked = argparse.ArgumentParser(prog="./dev package", description=__doc__)
    asked.add_argument(
        "--backend",
        default=os.environ.get("PUBLIC_URL") or "http://localhost:8000",
        help="where the widget finds the backend (default: PUBLIC_URL)",
    )
    backend = origin_of(asked.parse_args(arguments).backend)
    folder = assemble(VAR / "package" / NAME, backend)
    toolkit = installed()
    run(toolkit, "validate", folder)
    run(toolkit, "pack", folder)
    packed = folder / "dist" / f"{NAME}.zip"
    complaints = [*differences(folder / "app", packed), *too_large(packed)]
    if complaints:
        raise Stop("the zip is not what was to be packed:\n  " + "\n  ".join(complaints))
    kept = ROOT / "dist" / packed.name
    kept.parent.mkdir(exist_ok=True)
    shutil.copyfile(packed, kept)
    say(f"{kept.relative_to(ROOT)}: {len(contents(kept))} files, {kept.stat().st_size} bytes")
    say(f"the widget in it calls {backend}; next: docs/extension.md")
    return 0


def origin_of(address: str) -> str:
    """The origin of a backend address; `Stop` unless it is https, or http on this machine."""
    parts = urlsplit(address)
    local = parts.hostname in {"localhost", "127.0.0.1"}
    if parts.hostname is None or parts.scheme not in {"https", "http"}:
        raise Stop(f"{address!r} is no web address; say --backend https://sync.example.com")
    if parts.scheme == "http" and not local:
        raise Stop(f"{address}: pages inside Zoho CRM may only call https addresses")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise Stop(f"{address}: only scheme, host and port; the paths below are the backend's own")
    return f"{parts.scheme}://{parts.netloc}"


def assemble(folder: Path, backend: str) -> Path:
    """The extension's folder as the toolkit wants it: a manifest beside `app/`."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in wanted():
        target = folder / "app" / path.relative_to(WIDGET)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for page in (folder / "app").glob("*.html"):
        guarded = with_policy(page.read_text(encoding="utf-8"), page_policy(ZOHO_SDK_URL, backend))
        page.write_text(guarded, encoding="utf-8")
    (folder / "app" / "config.json").write_text(text_of(configuration(backend)), encoding="utf-8")
    (folder / "plugin-manifest.json").write_text(text_of(manifest(backend)), encoding="utf-8")
    return folder


def with_policy(page: str, policy: str) -> str:
    """A page that carries the policy our backend would send as a header: Zoho sends none of ours.
    Who may frame a page cannot be said this way; that is Zoho's to decide there."""
    first = '<meta charset="utf-8">\n'
    meta = f'  <meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    if page.count(first) != 1:
        raise Stop("a page has no single <meta charset> for its policy to follow")
    return page.replace(first, first + meta)


def wanted() -> Iterator[Path]:
    """The widget's files that belong into the zip."""
    for path in sorted(WIDGET.rglob("*")):
        if path.is_file() and path.name not in LEFT_BEHIND:
            yield path


def configuration(backend: str) -> dict[str, Any]:
    """What the backend tells pages it serves itself, written down for pages Zoho hosts."""
    return {
        "sdk_url": ZOHO_SDK_URL,
        "api_base": backend,
        "host_origins": list(ZOHO_CRM_HOSTS),
    }


def manifest(backend: str) -> dict[str, Any]:
    """The committed manifest with this backend as the only address pages may call."""
    held: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return {**held, "cspDomains": {"connect-src": [backend]}}


def text_of(document: Mapping[str, Any]) -> str:
    """JSON as people read it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


# --- Zoho's toolkit ----------------------------------------------------------------------------


def installed() -> Path:
    """The pinned toolkit in `var/zet`, installed by its lock file; `Stop` without npm."""
    lock = (TOOLKIT / "package-lock.json").read_bytes()
    folder = VAR / "zet"
    program, stamp = folder / "node_modules" / ".bin" / "zet", folder / ".installed"
    digest = hashlib.sha256(lock).hexdigest()
    if program.exists() and stamp.exists() and stamp.read_text() == digest:
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise Stop(
            "Zoho's toolkit needs Node.js 20 and npm. Debian, Ubuntu: apt-get install nodejs npm"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(TOOLKIT / name, folder / name)
    say("installing zoho-extension-toolkit by its lock file into var/zet")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
    if subprocess.run(command, cwd=folder, check=False).returncode:
        raise Stop("npm could not install zoho-extension-toolkit; is the npm registry reachable?")
    stamp.write_text(digest)
    return program


def run(toolkit: Path, command: str, folder: Path) -> None:
    """One command of the toolkit inside the extension's folder."""
    done = subprocess.run(
        [str(toolkit), command], cwd=folder, capture_output=True, text=True, check=False
    )
    told = (done.stdout + done.stderr).strip()
    if done.returncode:
        raise Stop(f"zet {command} ended with {done.returncode}:\n{told}")
    say(f"zet {command}: {told.splitlines()[-1] if told else 'done'}")


# --- what is really in it ----------------------------------------------------------------------


def contents(packed: Path) -> dict[str, str]:
    """Name to digest of every file in a zip."""
    with zipfile.ZipFile(packed) as held:
        return {
            one.filename: hashlib.sha256(held.read(one)).hexdigest()
            for one in held.infolist()
            if not one.is_dir()
        }


def differences(app: Path, packed: Path) -> list[str]:
    """Files missing from the zip, foreign to it, or changed on the way."""
    found = contents(packed)
    meant = {
        f"app/{path.relative_to(app).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in app.rglob("*")
        if path.is_file()
    }
    return [
        *(f"{name} was dropped" for name in sorted(meant.keys() - found.keys())),
        *(f"{name} does not belong there" for name in sorted(found.keys() - meant.keys())),
        *(
            f"{name} has changed"
            for name in sorted(meant.keys() & found.keys())
            if meant[name] != found[name]
        ),
    ]


def too_large(packed: Path) -> list[str]:
    """What goes beyond Zoho's limits: 250 files, 5 MB a file, 20 MB in all."""
    with zipfile.ZipFile(packed) as held:
        files = held.infolist()
    complaints = [
        f"{one.filename} has {one.file_size} bytes"
        for one in files
        if one.file_size > FILE_BYTES_AT_MOST
    ]
    if len(files) > FILES_AT_MOST:
        complaints.append(f"{len(files)} files, {FILES_AT_MOST} are allowed")
    if packed.stat().st_size > ZIP_BYTES_AT_MOST:
        complaints.append(f"the zip has {packed.stat().st_size} bytes")
    return complaints
