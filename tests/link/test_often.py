"""How often something is to be done."""

from __future__ import annotations

import pytest

from pipeline.link.often import times_a_year


@pytest.mark.parametrize(
    ("text", "times"),
    [
        pytest.param("reviewed each term", 3, id="each"),
        pytest.param("reported quarterly", 4, id="adverb"),
        pytest.param("done every other month", 6, id="every-other"),
        pytest.param("checked every 26 weeks", 2, id="every-so-many"),
        pytest.param("read aloud three times in each week", 156, id="times-in-each"),
        pytest.param("open seven days a week", 364, id="days-a-week"),
        pytest.param("inspected at least once in two years", 0.5, id="once-in-years"),
        pytest.param("reviewed yearly and reported monthly", 12, id="the-most-frequent-counts"),
        pytest.param("every working day", 365, id="working-day"),
        pytest.param("a cap of £1,000 a week", None, id="a-rate-is-no-frequency"),
        pytest.param("by the end of the year", None, id="a-date-is-no-frequency"),
    ],
)
def test_times_a_year(text: str, times: float | None) -> None:
    assert times_a_year(text) == times
