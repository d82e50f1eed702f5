"""The direction of imports: `web, sync -> texts, store, apis -> core <- modules <- texts`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What each room of the backend may import besides itself and the standard library.
ROOMS: dict[str, set[str]] = {
    "core": set(),
    "modules": {"core"},
    "apis": {"core"},
    "store": {"core"},
    "texts": {"core", "modules"},
    "sync": {"core", "modules", "apis", "store", "texts"},
    "web": {"core", "modules", "apis", "store", "sync", "texts"},
}
FREE_OF_PACKAGES = {"core", "modules"}
FREE_OF_FLASK = {"core", "modules", "apis", "store", "texts", "sync"}
# Small modules at the top of the package that any room but core may read.
COMMON = {"settings", "i18n"}


def python_files(folder: str) -> Iterator[Path]:
    """Every Python file below a folder of the project."""
    yield from sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The dotted names of all modules a file imports, wherever in the file it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def rooms_of(names: set[str]) -> set[str]:
    """The rooms of the backend among imported names."""
    return {name.split(".")[1] for name in names if name.startswith("backend.")}


def complaints(room: str) -> list[str]:
    """What the files of one room import against the rules."""
    allowed = ROOMS[room] | {room} | (COMMON if room != "core" else set())
    found = []
    for path in python_files(f"backend/{room}"):
        names = imported(path)
        where = path.relative_to(ROOT)
        others = rooms_of(names) & (set(ROOMS) | COMMON) - allowed
        found += [f"{where} imports backend.{other}" for other in sorted(others)]
        tops = {name.split(".")[0] for name in names} - {"backend", ""}
        if room in FREE_OF_PACKAGES:
            found += [f"{where} imports {top}" for top in sorted(tops - sys.stdlib_module_names)]
        if room in FREE_OF_FLASK:
            found += [f"{where} imports {top}" for top in sorted(tops & {"flask", "werkzeug"})]
    return found


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_room_imports_only_what_the_architecture_allows(room: str) -> None:
    assert not complaints(room), "\n".join(complaints(room))


def test_core_touches_neither_clock_nor_network_nor_files() -> None:
    forbidden = {"socket", "urllib.request", "http", "http.client", "subprocess", "sqlite3", "time"}
    found = {
        str(path.relative_to(ROOT)): sorted(imported(path) & forbidden)
        for path in python_files("backend/core")
        if imported(path) & forbidden
    }
    assert not found, found


@pytest.mark.parametrize(
    ("folder", "stranger"),
    [
        ("backend", "simulator"),
        ("backend", "dev_tools"),
        ("backend", "tests"),
        ("simulator", "backend"),
        ("simulator", "dev_tools"),
        ("simulator", "tests"),
        ("dev_tools", "tests"),
    ],
)
def test_parts_of_the_project_stay_apart(folder: str, stranger: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in python_files(folder)
        if stranger in {name.split(".")[0] for name in imported(path)}
    ]
    assert not found, "\n".join(found)


def test_only_apis_speaks_http() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in python_files("backend")
        if {"requests", "urllib3", "http.client"} & imported(path)
        and path.parts[-2] != "apis"
        # sub-rooms such as apis/xero count as apis
        and "apis" not in path.relative_to(ROOT).parts
    ]
    assert not found, "\n".join(found)


def test_rules_would_notice_a_breach(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from backend.web import app\n    import requests\n")
    assert rooms_of(imported(bad)) == {"web"}
    assert "requests" in imported(bad)
