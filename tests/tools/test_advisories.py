"""Known weaknesses of pinned packages are found without the network."""

from typing import Any

import pytest

from dev_tools import advisories


def test_what_is_pinned_has_no_weakness_we_know_of() -> None:
    assert advisories.complaints() == []


@pytest.mark.parametrize(
    ("version", "than", "answer"),
    [
        ("2.9", "2.10", True),
        ("2.10", "2.10.0", True),
        ("3.0", "2.10", False),
        ("1.2", "1.2", False),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, than: str, answer: bool) -> None:
    assert advisories.older(version, than) is answer


def test_old_pins_and_pins_without_a_hash_are_named() -> None:
    locked: list[dict[str, Any]] = [
        {"name": "flask", "version": "3.0.0", "source": {"registry": "x"}, "wheels": []},
        {"name": "odd", "version": "1", "source": {"git": "https://x.example"}},
        {
            "name": "bare",
            "version": "1",
            "source": {"registry": "x"},
            "wheels": [{"hash": "md5:1"}],
        },
    ]
    known = [{"package": "flask", "mended": "3.1.1", "id": "CVE-2025-47278"}]
    assert advisories.weak(locked, known) == ["flask 3.0.0: CVE-2025-47278, mended in 3.1.1"]
    assert [each.split(":")[0] for each in advisories.unpinned(locked)] == ["odd", "bare"]
