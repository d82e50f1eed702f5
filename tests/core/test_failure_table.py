"""One table says what each kind of trouble means; nothing decides beside it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from backend.core.errors import POLICY, Mode, Resumes, SyncError, Told
from backend.sync.cured import CAUSES

ROOT = Path(__file__).resolve().parents[2]


def test_every_kind_of_trouble_has_a_line() -> None:
    assert set(POLICY) == set(Mode)


@pytest.mark.parametrize("mode", Mode)
def test_trouble_costs_an_attempt_or_pauses_or_holds_and_never_two_of_these(mode: Mode) -> None:
    line = POLICY[mode]
    assert [line.costs_attempt, line.pauses, line.held].count(True) == 1
    assert line.told is not Told.NOBODY


@pytest.mark.parametrize("mode", Mode)
def test_what_stops_a_connection_is_told_to_those_who_can_mend_it(mode: Mode) -> None:
    line = POLICY[mode]
    assert line.pauses == (line.told is Told.ADMINISTRATORS)
    assert line.pauses == (line.resumes in {Resumes.TIME, Resumes.CONNECTION})


def test_every_error_belongs_to_a_line() -> None:
    todo, seen = [SyncError], set()
    while todo:
        kind = todo.pop()
        seen.add(kind.mode)
        todo += kind.__subclasses__()
    assert seen == set(Mode)


def test_whatever_waits_for_the_set_up_is_looked_at_again_when_that_changes() -> None:
    raised = set()
    for room in ("core", "modules"):
        for path in sorted((ROOT / "backend" / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and node.args):
                    continue
                first = node.args[0]
                called = getattr(node.func, "id", "") == "NotConfigured"
                if called and isinstance(first, ast.Constant):
                    raised.add(first.value)
    assert raised <= CAUSES, raised - CAUSES
