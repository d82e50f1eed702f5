"""1,500 random documents over both simulators: equal to the cent, or held with both figures.

`./dev bench papers` runs 10,000. Both simulators compute their totals by themselves.
"""

from __future__ import annotations

import pytest

from bench.rig.random_papers import Tally, run

COUNT = 1_500


@pytest.fixture(scope="module")
def tally() -> Tally:
    """What became of them."""
    return run(COUNT)


def test_what_is_sent_adds_up_on_both_sides(tally: Tally) -> None:
    assert tally.broken == []
    assert tally.seen >= COUNT


def test_cents_crm_rounds_otherwise_go_into_its_adjustment(tally: Tally) -> None:
    assert tally.adjusted > 0


def test_what_is_held_tells_both_figures(tally: Tally) -> None:
    assert tally.figures_missing == []
    assert set(tally.held) <= {"totals_differ", "discount_not_exact"}


def test_nearly_everything_goes(tally: Tally) -> None:
    assert tally.equal / tally.seen > 0.93
