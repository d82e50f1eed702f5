"""Habits of the house that no linter counts."""

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ("backend", "simulator", "dev_tools", "bench", "tests")
OURS = ("backend", "simulator", "dev_tools")
LONGEST_FUNCTION = 60
LONGEST_FILE = 500
# How often a checker may be silenced in the whole project; lower it when you can.
SILENCED_AT_MOST = 40
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b")
GENERIC_NAME = re.compile(r"(Manager|Helper|Helpers|Utils?)$|^Base[A-Z]")


def python_files(*folders: str) -> Iterator[Path]:
    """Every Python file of these folders."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def committed_text_files() -> Iterator[Path]:
    """Every text file a reader of the repository meets, vendored ones aside."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if "vendor" in path.parts or path.suffix in {".lock", ".png", ".mo", ".po", ".woff2"}:
            continue
        if path.is_file() and path != Path(__file__):
            yield path


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in committed_text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found, "\n".join(found)


def test_checkers_are_rarely_silenced() -> None:
    silence = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover|mypy:)")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files(*CODE)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silence.search(line)
    ]
    assert len(found) <= SILENCED_AT_MOST, "\n".join(found)


def test_no_test_is_skipped() -> None:
    skipping = re.compile(r"pytest\.(skip|importorskip)\(|mark\.(skip|skipif|xfail)\b")
    found = [
        str(path.relative_to(ROOT))
        for path in python_files("tests")
        if path != Path(__file__) and skipping.search(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_functions_and_files_stay_short() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in python_files(*OURS)
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    for path in python_files(*OURS):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            found.append(f"{path.relative_to(ROOT)} has {lines} lines")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", OURS)
def test_modules_and_public_functions_say_what_they_promise(folder: str) -> None:
    found = []
    for path in python_files(folder):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            found.append(str(path.relative_to(ROOT)))
        found += [
            f"{path.relative_to(ROOT)}:{node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert not found, "\n".join(found)


def test_migrations_stand_in_one_row() -> None:
    told = {
        path.stem: dict(re.findall(r'^(revision|down_revision).*?= "(\w+)"$', text, re.MULTILINE))
        for path in python_files("backend/migrations/versions")
        if (text := path.read_text(encoding="utf-8"))
    }
    numbers = [f"{number:04}" for number in range(1, len(told) + 1)]
    assert [name.split("_")[0] for name in told] == numbers
    assert [one["revision"] for one in told.values()] == numbers
    assert [one.get("down_revision") for one in told.values()] == [None, *numbers[:-1]]


def test_names_come_from_the_field() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in python_files(*OURS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and GENERIC_NAME.search(node.name)
    ]
    assert not found, "\n".join(found)


def test_money_never_meets_a_float_in_pure_rooms() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("backend/core", "backend/modules")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "float"
        )
    ]
    assert not found, "\n".join(found)


def test_no_file_names_a_place_of_one_machine() -> None:
    places = re.compile(r"(?<![\w.])/(work|root|home/\w+)/")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in committed_text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if places.search(line)
    ]
    assert not found, "\n".join(found)


CALLED_BY_OTHERS = {"isclosed", "process_bind_param", "process_result_value", "send_webhooks"}
"""What a library calls by name."""


def used_in(*folders: str) -> Counter[str]:
    """How often each word stands in the code of these folders."""
    return Counter(
        word
        for path in python_files(*folders)
        for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (("backend", "simulator"), ("backend", "simulator", "dev_tools")),
        (("dev_tools", "bench"), CODE),
    ],
)
def test_nothing_is_written_that_nothing_uses(
    written: tuple[str, ...], read: tuple[str, ...]
) -> None:
    words = used_in(*read)
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in python_files(*written)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        if not node.decorator_list and words[node.name] == 1
        if not node.name.startswith("__") and node.name not in CALLED_BY_OTHERS
    ]
    assert not found, "\n".join(found)
