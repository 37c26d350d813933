"""What a document says of itself, and board papers' items."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.records import Block, BlockKind, Format, Kind, PlanningYears, Source, Stated
from pipeline.structure import structure
from pipeline.structure.describe import parse_years


def _source(*texts: str, file: str = "a-file.html", **metadata: str) -> Source:
    """A source whose texts are headings where they begin with "#" """
    blocks = [
        Block(kind=BlockKind.HEADING, text=text.lstrip("# "), level=text.count("#"))
        if text.startswith("#")
        else Block(kind=BlockKind.PARAGRAPH, text=text)
        for text in texts
    ]
    return Source(
        file=file,
        sha256="0" * 64,
        format=Format.HTML,
        blocks=tuple(blocks),
        metadata=tuple(metadata.items()),
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("Guidance for 2031/32", "2031/32", id="slash"),
        pytest.param("Plans, 2031-32", "2031/32", id="hyphen"),
        pytest.param("From 2031/32 to 2033/34", "2031/32-2033/34", id="run"),
        pytest.param("Contracting 2031-2033", "2031/32-2032/33", id="two-years"),
        pytest.param("In 2031/2032", "2031/32", id="in-full"),
        pytest.param("Published 2031-05-04", None, id="date"),
        pytest.param("Rooms 2031/45", None, id="no-year"),
    ],
)
def test_years(text: str, wanted: str | None) -> None:
    found = parse_years(text)
    assert (str(found) if found is not None else None) == wanted


def test_what_is_stated_stands_and_the_rest_is_named_as_inferred() -> None:
    source = _source(
        "# Priorities for 2031/32",
        "Published 4 May 2030",
        "NHS England asks boards to plan. Boards must agree.",
        title="Priorities for 2031/32 | A site",
    )
    (found,) = structure(source, Stated(id="a", title="Our own title", published=date(2030, 1, 1)))
    document = found.document
    assert (document.title, document.published) == ("Our own title", date(2030, 1, 1))
    assert document.kind is Kind.GUIDANCE
    assert set(document.inferred) == {"publisher", "planning_years", "kind"}

    (found,) = structure(source, Stated(id="a"))
    document = found.document
    assert document.title == "Priorities for 2031/32"
    assert document.planning_years == PlanningYears(first=2031, last=2031)
    assert document.published == date(2030, 5, 4)
    assert document.publisher == "NHS England"
    assert set(document.inferred) == {"title", "publisher", "planning_years", "published", "kind"}


@pytest.mark.parametrize(
    ("source", "title"),
    [
        pytest.param(
            _source("# A plan", "Text.", title="Microsoft Word - plan.docx"), "A plan", id="word"
        ),
        pytest.param(
            _source("Text of some length here.", title="A plan for beds | Trust"),
            "A plan for beds",
            id="site",
        ),
        pytest.param(
            _source("Text of some length here.", file="plan-for-beds.html"),
            "plan for beds",
            id="file",
        ),
    ],
)
def test_titles(source: Source, title: str) -> None:
    assert structure(source, Stated(id="a"))[0].document.title == title


@pytest.mark.parametrize(
    ("created", "wanted"),
    [
        pytest.param("2031-01-20", date(2031, 1, 20), id="before-its-year"),
        pytest.param("2013-12-23", None, id="a-template-made-long-before"),
        pytest.param("2033-05-01", None, id="printed-again-years-after"),
    ],
)
def test_when_the_file_was_made_counts_if_it_goes_with_the_year(
    created: str, wanted: date | None
) -> None:
    source = _source("# Guidance for 2031/32", "Boards must plan.", created=created)
    assert structure(source, Stated(id="a"))[0].document.published == wanted


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        pytest.param(["# Operational guidance", "Boards must plan."], Kind.GUIDANCE, id="guidance"),
        pytest.param(
            ["# Agenda of the trust board meeting", "Apologies came from two."],
            Kind.BOARD_PAPER,
            id="board",
        ),
        pytest.param(
            ["# Monday", "I think, as I said, that I am right, and my readers agree with me."],
            Kind.COMMENTARY,
            id="column",
        ),
    ],
)
def test_kinds(texts: list[str], kind: Kind) -> None:
    assert structure(_source(*texts), Stated(id="a"))[0].document.kind is kind


def test_items_of_board_papers_are_sections_over_their_headings() -> None:
    source = _source(
        "## Attendance",
        "The chair and six others were there.",
        "Item 2031-32 (28)",
        "## Minutes of the last meeting",
        "They were agreed.",
        "Agenda item: 5",
        "## Finance",
        "The plan was agreed.",
    )
    (found,) = structure(source, Stated(id="a", title="Board", kind=Kind.BOARD_PAPER))
    assert [s.path for s in found.sections] == [
        "Attendance",
        "Item 2031-32 (28)",
        "Item 2031-32 (28) > Minutes of the last meeting",
        "Agenda item: 5",
        "Agenda item: 5 > Finance",
    ]


def test_an_item_takes_the_title_of_its_cover_sheet() -> None:
    texts = ("Agenda item:", "2031-32 (4ai)", "Title of report:", "Winter plan", "It was agreed.")
    (found,) = structure(_source(*texts), Stated(id="a", title="Board", kind=Kind.BOARD_PAPER))
    assert [s.heading for s in found.sections] == ["2031-32 (4ai): Winter plan"]


def test_items_that_head_their_papers_already_stay() -> None:
    source = _source("# Board", "## Item 5: Finance", "### Summary", "The plan was agreed.")
    (found,) = structure(source, Stated(id="a", title="Board", kind=Kind.BOARD_PAPER))
    assert [s.path for s in found.sections] == ["Item 5: Finance", "Item 5: Finance > Summary"]
