"""Blog archives, live pages and transcripts."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.read.text_plain import read_plain
from pipeline.records import (
    Block,
    BlockKind,
    Format,
    Kind,
    PassageKind,
    Source,
    Stated,
    StructuredDocument,
)
from pipeline.structure import structure
from pipeline.structure.dates import find_dates, infer_years, parse_date, parse_month_day

PROSE = "The board met and heard what it had been told to hear, and a good deal that it had not."


def _structure(
    text: str, *, kind: Kind | None = Kind.COMMENTARY, published: date | None = None
) -> tuple[StructuredDocument, ...]:
    source = Source(
        file="blog.txt", sha256="0" * 64, format=Format.TEXT, blocks=tuple(read_plain(text))
    )
    return structure(source, Stated(id="blog", kind=kind, title="A blog", published=published))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("18 March 2011", date(2011, 3, 18), id="day-month-year"),
        pytest.param("Friday 18th March, 2011", date(2011, 3, 18), id="weekday-and-ordinal"),
        pytest.param("March 18, 2011 10:45 am", date(2011, 3, 18), id="american-with-time"),
        pytest.param("18-03-2011", date(2011, 3, 18), id="figures-day-first"),
        pytest.param("18/03/11", date(2011, 3, 18), id="two-figures-of-the-year"),
        pytest.param("2011-03-18T09:00:00", date(2011, 3, 18), id="iso"),
        pytest.param("31 June 2011", None, id="no-such-day"),
        pytest.param("March 2011", None, id="no-day"),
        pytest.param("on 18 March 2011", None, id="more-than-a-date"),
        pytest.param("2011/12", None, id="financial-year"),
    ],
)
def test_dates(text: str, wanted: date | None) -> None:
    assert parse_date(text) == wanted


def test_dates_in_text_have_their_places() -> None:
    text = "Sent on 26/01/12 and again on 3 May 2012."
    found = find_dates(text)
    assert [(day.isoformat(), text[start:end]) for day, start, end in found] == [
        ("2012-01-26", "26/01/12"),
        ("2012-05-03", "3 May 2012"),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("Dec 24", (12, 24), id="month-first"),
        pytest.param("24 December", (12, 24), id="day-first"),
        pytest.param("Dec 32", None, id="no-such-day"),
        pytest.param("Dec 24 2012", None, id="with-a-year"),
    ],
)
def test_month_and_day(text: str, wanted: tuple[int, int] | None) -> None:
    assert parse_month_day(text) == wanted


@pytest.mark.parametrize(
    ("days", "texts", "latest", "years"),
    [
        pytest.param(
            [(1, 5), (9, 2), (2, 1), (11, 30)],
            ["", "as of 30 August 2022", "", "said on 28/11/21"],
            None,
            [2023, 2022, 2022, 2021],
            id="newest-first",
        ),
        pytest.param(
            [(11, 30), (2, 1), (9, 2), (1, 5)],
            ["said on 28/11/21", "", "as of 30 August 2022", ""],
            None,
            [2021, 2022, 2022, 2023],
            id="oldest-first",
        ),
        pytest.param(
            [(10, 24), (1, 30)],
            ["90% by March 2027, and no plan until 2029", "65% by March 2026"],
            date(2025, 10, 24),
            [2025, 2025],
            id="deadlines-lie-ahead-and-the-archive-is-dated",
        ),
        pytest.param(
            [(3, 1), (2, 1)], ["the plan for 2013/14", ""], None, [2013, 2013], id="financial-year"
        ),
    ],
)
def test_years_of_posts(
    days: list[tuple[int, int]], texts: list[str], latest: date | None, years: list[int]
) -> None:
    found = infer_years(days, texts, latest=latest)
    assert found is not None
    assert [day.year for day in found] == years
    assert [(day.month, day.day) for day in found] == days


def test_years_that_nothing_tells_stay_unknown() -> None:
    assert infer_years([(3, 1), (2, 1)], ["", ""]) is None


def test_an_archive_becomes_a_document_a_post() -> None:
    posts = "".join(
        f"{month}\n{day}\n\n{PROSE} It was {year}.\n\n, ,\n\n"
        for month, day, year in (
            ("Jan", "05", 2013),
            ("Dec", "20", 2012),
            ("Dec", "20", 2012),
            ("Feb", "11", 2012),
        )
    )
    documents = _structure(f"Archive\n\nArchive for the ‘Boards’ Category\n\n{posts}")
    assert [d.document.id for d in documents] == [
        "blog-2013-01-05",
        "blog-2012-12-20",
        "blog-2012-12-20-2",
        "blog-2012-02-11",
    ]
    assert all("published" in d.document.inferred for d in documents)
    assert all("only “" in d.document.warnings[0] for d in documents)
    assert all(p.text.startswith("The board met") for d in documents for p in d.passages)
    assert documents[0].document.title == "A blog: 5 January 2013"


def test_bylines_with_titles_over_them() -> None:
    text = (
        f"My aims\n\n{PROSE}\n\n"
        f"Why boards meet?\n\nFiled Under (Boards) by Jo on 18-03-2011\n\n{PROSE} Read the rest "
        "of this entry »\n\n"
        "Why boards do not meet\n\nFiled Under (Boards) by Jo on 16-03-2011\n\nTagged Under "
        f":\n\n{PROSE}\n"
    )
    documents = _structure(text, kind=None)
    assert [(d.document.id, d.document.title) for d in documents] == [
        ("blog", "A blog"),
        ("blog-2011-03-18", "Why boards meet?"),
        ("blog-2011-03-16", "Why boards do not meet"),
    ]
    assert [p.text for d in documents for p in d.passages] == [PROSE] * 3
    assert {d.document.kind for d in documents} == {Kind.COMMENTARY}


def test_titles_under_the_dates() -> None:
    text = "".join(f"{day} May 2020\n\nOn boards, part {day}\n\n{PROSE}\n\n" for day in (9, 8, 7))
    assert [d.document.title for d in _structure(text)] == [
        f"On boards, part {day}" for day in (9, 8, 7)
    ]


@pytest.mark.parametrize(
    "kind", [pytest.param(Kind.BOARD_PAPER, id="stated"), pytest.param(None, id="inferred")]
)
def test_dates_in_board_papers_part_nothing(kind: Kind | None) -> None:
    text = "".join(f"Board meeting minutes\n\n{day} May 2020\n\n{PROSE}\n\n" for day in (7, 8, 9))
    (document,) = _structure(text, kind=kind)
    assert document.document.kind is Kind.BOARD_PAPER


def test_a_live_page_becomes_timed_sections() -> None:
    text = "".join(
        f"{time}: {PROSE}\n\n“And so on,” said the chair of the board at the end of it.\n\n"
        for time in ("3.24pm", "1.03pm", "11.56am")
    )
    (document,) = _structure(text, kind=None)
    assert [s.heading for s in document.sections] == ["3.24pm", "1.03pm", "11.56am"]
    by_section = {s.id: s.heading for s in document.sections}
    assert [by_section[p.section_id or ""] for p in document.passages] == [
        "3.24pm",
        "3.24pm",
        "1.03pm",
        "1.03pm",
        "11.56am",
        "11.56am",
    ]
    assert document.passages[0].text == PROSE
    assert document.passages[0].offset is not None
    assert text[document.passages[0].offset :].startswith(PROSE)


def test_an_agenda_is_no_live_page() -> None:
    text = "".join(
        f"{time} - Item {n} of the agenda\n\n"
        for n, time in enumerate(("09:00", "09:10", "09:30"), 1)
    )
    (document,) = _structure(text + PROSE)
    assert document.sections == ()


def _cues(*cues: tuple[str, str]) -> Source:
    blocks: list[Block] = []
    for time, text in cues:
        blocks.append(Block(kind=BlockKind.ENTRY, text=time, start=0))
        blocks.append(Block(kind=BlockKind.PARAGRAPH, text=text, start=len(blocks)))
    return Source(file="t.txt", sha256="0" * 64, format=Format.TEXT, blocks=tuple(blocks))


def test_fragments_of_speech_become_sentences() -> None:
    source = _cues(
        ("00:00:01.000", "Good morning. We are"),
        ("00:00:05.000", "here to talk about beds."),
        ("00:00:09.000", "Jane Poe: We need more"),
        ("00:00:12.000", "of them, and soon. I have"),
        ("00:11:00.000", "a list."),
        ("00:11:03.000", ">> Thank you."),
    )
    (document,) = structure(source, Stated(id="t"))
    assert [(p.text, p.speaker, p.marker) for p in document.passages] == [
        ("Good morning. We are here to talk about beds.", None, "00:00:01.000"),
        ("We need more of them, and soon. I have a list.", "Jane Poe", "00:00:09.000"),
        ("Thank you.", None, "00:11:03.000"),
    ]
    assert {p.kind for p in document.passages} == {PassageKind.SPEECH}
    assert [s.heading for s in document.sections] == ["00:00", "00:10"]


def test_speech_without_full_stops_is_cut_all_the_same() -> None:
    source = _cues(*((f"00:00:{n:02d}.000", "and so we go on and on " * 3) for n in range(1, 40)))
    (document,) = structure(source, Stated(id="t"))
    assert len(document.passages) > 1
    assert max(len(p.text.split()) for p in document.passages) <= 200


def test_a_dialogue_without_time_marks() -> None:
    turns = (("CHAIR (Lady Poe)", 4), ("JO", 3), ("CHAIR", 2), ("JO", 2), ("CHAIR", 1), ("ANN", 1))
    text = "Board meeting\n\n" + "\n\n".join(f"{who}: {PROSE * count}" for who, count in turns)
    (document,) = _structure(text, kind=None)
    speech = [p for p in document.passages if p.kind is PassageKind.SPEECH]
    assert [p.speaker for p in speech] == ["CHAIR", "JO", "CHAIR", "JO", "CHAIR", "ANN"]
    assert all(p.text.startswith("The board met") for p in speech)
