"""Which sentences that are no requirements tell a number of a known measure."""

from __future__ import annotations

import pytest

from pipeline.lexicon import Lexicon
from pipeline.link.mentions import _read_figures
from pipeline.records import Figure, Quantity, QuantityKind, Role

WEEKS = Quantity(
    text="52 weeks", kind=QuantityKind.DURATION, value=52, unit="weeks", role=Role.STATISTIC,
    measure="waits-over-52-weeks",
)  # fmt: skip
PEOPLE = Quantity(text="240", kind=QuantityKind.COUNT, value=240, role=Role.STATISTIC)
LIMIT = Quantity(text="9%", kind=QuantityKind.PERCENTAGE, value=9, role=Role.THRESHOLD)


@pytest.mark.parametrize(
    ("quote", "quantities", "requirement", "told"),
    [
        pytest.param(
            "By May 240 were on the list beyond 52 weeks.", (PEOPLE, WEEKS), None, True, id="number"
        ),
        pytest.param(
            "Surgeons have a plan for 52-week waits.", (WEEKS,), None, False, id="its-own-name"
        ),
        pytest.param("Waits over 52 weeks: 9%.", (WEEKS, LIMIT), None, False, id="threshold"),
        pytest.param("240 | 52 weeks", (PEOPLE, WEEKS), None, False, id="bare-cells"),
        pytest.param("Another 240 people are there.", (PEOPLE,), None, False, id="no-measure"),
        pytest.param(
            "Keep below 240 those who wait over 52 weeks.", (PEOPLE, WEEKS), "r1", False,
            id="a-requirement",
        ),
    ],
)  # fmt: skip
def test_narrative(
    quote: str,
    quantities: tuple[Quantity, ...],
    requirement: str | None,
    told: bool,
    lexicon: Lexicon,
) -> None:
    figures = [
        Figure(
            id=f"f{n}", document_id="board", passage_id="p", section="", page=None, quote=quote,
            quantity=quantity, deadline=None, requirement_id=requirement,
        )
        for n, quantity in enumerate(quantities)
    ]  # fmt: skip
    assert [r.quote for r in _read_figures(figures, lexicon)] == [quote] * told
