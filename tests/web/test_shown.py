"""How pages word numbers, mark words, draw lines and describe tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.store.schema import TABLES
from pipeline.web.charts import TargetCell, draw
from pipeline.web.marks import Span, find_words, legend, split_at_marks
from pipeline.web.metadata import load_metadata


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param("must", "must", id="whole-word"),
        pytest.param("ICB", None, id="not-inside-a-word"),
        pytest.param("icbs MUST", "ICBs must", id="whatever-its-case"),
        pytest.param("A&E (all)", "A&E (all)", id="signs"),
        pytest.param("  ", None, id="blank"),
        pytest.param(None, None, id="none"),
    ],
)
def test_find_words(wanted: str | None, found: str | None) -> None:
    text = "ICBs must mind A&E (all), and must report."
    spans = find_words(text, wanted, "cue")
    assert [text[span.start : span.end] for span in spans] == ([found] if found else [])


_SPANS = st.lists(
    st.builds(
        lambda start, length, kind: Span(start=start, end=start + length, kind=kind),
        st.integers(-5, 40),
        st.integers(0, 30),
        st.sampled_from(["cue", "bearer", "number"]),
    ),
    max_size=6,
)


@given(st.text(max_size=40), _SPANS)
def test_marking_loses_and_adds_nothing(text: str, spans: list[Span]) -> None:
    segments = split_at_marks(text, spans)
    assert "".join(segment.text for segment in segments) == text
    place = 0
    for segment in segments:
        for offset in range(len(segment.text)):
            over = {s.kind for s in spans if s.start <= place + offset < s.end}
            assert set(segment.kinds) == over
        place += len(segment.text)


def test_the_legend_explains_what_is_marked_and_no_more() -> None:
    segments = split_at_marks(
        "abc", [Span(start=0, end=1, kind="number"), Span(start=1, end=2, kind="cue")]
    )
    assert [kind for kind, _ in legend(segments)] == ["cue", "number"]


def _cell(year: int, value: float | None, *, dropped: bool = False) -> TargetCell:
    return TargetCell(
        year=f"{year}/{(year + 1) % 100:02}",
        words="" if value is None else f"{value:g}%",
        value=value,
        requirement_id=None,
        document_id=None,
        due="",
        dropped=dropped,
        also=(),
    )


def _chart(*values: float | None) -> list[TargetCell]:
    return [_cell(2020 + n, value) for n, value in enumerate(values)]


def test_a_line_breaks_where_a_target_was_dropped_and_bridges_silence() -> None:
    cells = [
        *_chart(76, 78, None),
        _cell(2023, 80),
        _cell(2024, None, dropped=True),
        _cell(2025, 82),
    ]
    chart = draw("A&E", cells, kind="percentage", unit="%")
    assert chart is not None
    assert [point.label for point in chart.points] == ["76%", "78%", "80%", "82%"]
    assert len(chart.lines) == 1
    assert len(chart.bridges) == 1
    assert [drop.year for drop in chart.drops] == ["2024/25"]
    assert "2024/25: dropped" in chart.summary


@pytest.mark.parametrize(
    "values", [(), (5.0,), (None, 5.0, None)], ids=["none", "one", "one-among-gaps"]
)
def test_too_few_values_make_no_chart(values: tuple[float | None, ...]) -> None:
    assert draw("x", _chart(*values), kind="percentage", unit="%") is None


@given(st.lists(st.floats(-1e12, 1e12, allow_nan=False), min_size=2, max_size=20))
def test_points_stay_within_the_picture(values: list[float]) -> None:
    chart = draw("x", _chart(*values), kind="count", unit=None)
    assert chart is not None
    for point in chart.points:
        assert chart.left <= point.x <= chart.right
        assert 0 <= point.y <= chart.bottom
    assert 2 <= len(chart.ticks) <= 12


def test_a_point_of_change_is_drawn_as_no_cliff() -> None:
    chart = draw("x", _chart(78, 79), kind="percentage", unit="%")
    assert chart is not None
    first, second = chart.points
    assert abs(first.y - second.y) < 15


@pytest.mark.parametrize(
    ("count", "labels"),
    [
        pytest.param(3, ["2020/21", "2021/22", "2022/23"], id="few"),
        pytest.param(6, ["20/21", "21/22", "22/23", "23/24", "24/25", "25/26"], id="many"),
        pytest.param(8, ["21/22", "23/24", "25/26", "27/28"], id="more-than-fit"),
    ],
)
def test_years_under_a_chart_have_room(count: int, labels: list[str]) -> None:
    chart = draw("x", _chart(*range(70, 70 + count)), kind="percentage", unit="%")
    assert chart is not None
    assert [year.label for year in chart.years] == labels


@pytest.mark.parametrize(
    ("kind", "unit", "labels", "over"),
    [
        pytest.param("duration", "minutes", ["30", "25"], "minutes", id="words-stand-once"),
        pytest.param("percentage", "%", ["30%", "25%"], None, id="a-sign-at-each-number"),
        pytest.param("percentage_points", None, ["30", "25"], "percentage points", id="points"),
        pytest.param("count", None, ["30", "25"], None, id="no-unit"),
    ],
)
def test_a_chart_s_labels_are_short(
    kind: str, unit: str | None, labels: list[str], over: str | None
) -> None:
    chart = draw("x", _chart(30, 25), kind=kind, unit=unit)
    assert chart is not None
    assert [point.label for point in chart.points] == labels
    assert chart.unit == over
    assert all(len(tick.label) <= 6 for tick in chart.ticks)


def test_every_table_and_column_is_described_under_the_database_s_name() -> None:
    metadata = load_metadata("our plans")
    tables = metadata["databases"]["our plans"]["tables"]
    assert "mustdo" not in metadata["databases"]
    for definition in TABLES:
        assert tables[definition.name]["description"]
        assert list(tables[definition.name]["columns"]) == [c.name for c in definition.columns]
    assert tables["sources"]["allow"] is False
    for query in metadata["databases"]["our plans"]["queries"].values():
        assert query["title"]
        assert query["description"]
    assert metadata["databases"]["our plans-reviews"]["tables"]["reviews"]["columns"]


@pytest.mark.parametrize("content", [b"a: [", b"- a list", b"\xff"])
def test_metadata_that_cannot_be_used_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "metadata.yml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"metadata\.yml"):
        load_metadata("x", path)


def test_metadata_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yml"):
        load_metadata("x", tmp_path / "none.yml")


def test_metadata_of_ones_own_is_laid_over_ours(tmp_path: Path) -> None:
    own = tmp_path / "plans-metadata.yml"
    own.write_text(
        "title: Our plans\nplugins: {x: {y: 1}}\ndatabases: {plans: {allow: {id: ann}}}\n"
    )
    metadata = load_metadata("plans", own=own)
    assert metadata["title"] == "Our plans"
    assert metadata["plugins"]["x"] == {"y": 1}
    assert metadata["databases"]["plans"]["allow"] == {"id": "ann"}
    assert metadata["databases"]["plans"]["tables"]["requirements"]["columns"]
