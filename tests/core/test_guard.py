"""Plans that look wrong as a whole stop and ask."""

import pytest

from backend.core.errors import Message
from backend.core.guard import side_suddenly_empty, too_many_deletions


@pytest.mark.parametrize(
    ("planned", "in_scope", "limit", "stops"),
    [(500, 1000, 10, True), (100, 1000, 10, False), (101, 1000, 10, True), (9, 9, 10, False), (10, 10, 10, True), (10, 10, 100, False), (10, 0, 10, True)],
)  # fmt: skip
def test_more_deletions_than_the_limit_stop(
    planned: int, in_scope: int, limit: int, stops: bool
) -> None:
    assert (too_many_deletions(planned, in_scope, limit) is not None) == stops


def test_the_question_names_the_figures() -> None:
    assert too_many_deletions(500, 1000, 10) == Message(
        "too_many_deletions", {"planned": "500", "in_scope": "1000", "limit": "10"}
    )


@pytest.mark.parametrize(("before", "now", "stops"), [(200, 0, True), (10, 0, True), (9, 0, False), (200, 1, False)])  # fmt: skip
def test_a_list_that_is_suddenly_empty_is_not_believed(before: int, now: int, stops: bool) -> None:
    assert (side_suddenly_empty(before, now) is not None) == stops
