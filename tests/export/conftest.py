"""A small database of invented guidance for three years, a board paper and a commentary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.export.about import About
from pipeline.link import tell_stories
from pipeline.records import (
    Box,
    Change,
    Deadline,
    Document,
    Extraction,
    Figure,
    Format,
    Kind,
    Link,
    Modality,
    Passage,
    PassageKind,
    PlanningYears,
    Quantity,
    QuantityKind,
    Relation,
    Requirement,
    Role,
    StructuredDocument,
    Thread,
)
from pipeline.store.database import open_for_writing
from pipeline.store.save import SavedSource, finish, save_source, save_spanning

# Words that would act in a spreadsheet, browser, terminal or Markdown reader if they were let.
HOSTILE = (
    '=HYPERLINK("http://evil.example","x") | <script>alert(1)</script> [link](javascript:alert(1)) '
    "`code` *stars* \u202egnorw\x1b[31m\x07 & &amp; \U0001f600 http://evil.example"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a test says of a requirement; the rest is the same for all."""

    key: str
    statement: str
    topic: str | None = None
    modality: Modality = Modality.OBLIGATION
    bearer: str | None = "ICBs"
    canonical: tuple[str, ...] = ("integrated care board",)
    section: str = "Priorities > Urgent care"
    page: int | None = 3
    condition: str | None = None
    deadline: Deadline | None = None
    quantities: tuple[Quantity, ...] = ()
    reported: bool = False
    confidence: float = 0.9


def percent(value: float, **more: Any) -> Quantity:
    """A percentage to reach."""
    given = {"comparator": ">=", "metric": "patients seen within 4 hours", "measure": "ae-4-hour"}
    return Quantity(
        text=f"at least {value:g}%", kind=QuantityKind.PERCENTAGE, value=value, **(given | more)
    )


def make_document(
    name: str,
    years: PlanningYears | None,
    duties: tuple[Duty, ...],
    *,
    figures: tuple[Figure, ...] = (),
    **more: Any,
) -> tuple[StructuredDocument, Extraction]:
    """A document with one passage a duty, and each duty's numbers as figures, too."""
    stated: dict[str, Any] = {
        "kind": Kind.GUIDANCE,
        "title": f"Invented guidance {years}",
        "publisher": "Office for Invented Planning",
        "published": date(years.first - 1, 12, 20) if years else None,
        "source_url": f"https://guidance.example/{name}.pdf",
        "licence": "OGL-UK-3.0",
        "format": Format.PDF,
    }
    document = Document(
        id=name, file=f"{name}.pdf", sha256=name, planning_years=years, **(stated | more)
    )
    passages = tuple(
        Passage(
            id=f"{name}-p{at}", document_id=name, section_id=None, ordinal=at,
            kind=PassageKind.PARAGRAPH, text=duty.statement, page=duty.page,
        )
        for at, duty in enumerate(duties)
    )  # fmt: skip
    requirements = tuple(_requirement(name, at, duty) for at, duty in enumerate(duties))
    own = tuple(
        Figure(
            id=f"{r.id}-f{at}", document_id=name, passage_id=r.passage_id, section=r.section,
            page=r.page, quote=r.quote, quantity=quantity, requirement_id=r.id,
            deadline=quantity.deadline or (r.deadline.date if r.deadline else None),
        )
        for r in requirements
        for at, quantity in enumerate(r.quantities)
    )  # fmt: skip
    extraction = Extraction(requirements=requirements, figures=(*own, *figures))
    return StructuredDocument(document=document, sections=(), passages=passages), extraction


def _requirement(document: str, at: int, duty: Duty) -> Requirement:
    return Requirement(
        id=duty.key, document_id=document, passage_id=f"{document}-p{at}", ordinal=at,
        section=duty.section, page=duty.page, bbox=Box(x0=72, top=100.5, x1=520, bottom=130),
        quote=duty.statement, start=0, end=len(duty.statement), stem=None, statement=duty.statement,
        modality=duty.modality, cue="must", reported=duty.reported,
        reported_by="the regulator" if duty.reported else None, bearer=duty.bearer,
        bearer_canonical=duty.canonical, action="do so", condition=duty.condition,
        deadline=duty.deadline, quantities=duty.quantities, topic=duty.topic,
        confidence=duty.confidence,
    )  # fmt: skip


BY_MARCH_2025 = Deadline(text="by March 2025", date=date(2025, 3, 31))
BY_MARCH_2026 = Deadline(text="by March 2026", date=date(2026, 3, 31))

OLD = (
    Duty(
        key="a1", statement="ICBs must see at least 76% of patients within 4 hours by March 2025.",
        topic="urgent care", deadline=BY_MARCH_2025, quantities=(percent(76),),
    ),
    Duty(key="a2", statement="Trusts should review ward rounds weekly.", topic="urgent care",
         modality=Modality.RECOMMENDATION, bearer="Trusts", canonical=("NHS trust",)),
    Duty(key="a3", statement="ICBs must publish a joint winter plan.", topic="urgent care"),
    Duty(key="a4", statement="ICBs must agree and publish a workforce plan.", topic="workforce"),
    Duty(key="a5", statement="ICBs must staff a crisis line at night.", topic="mental health"),
    Duty(key="a6", statement="ICBs must staff a crisis line by day.", topic="mental health"),
    Duty(key="a7", statement="ICBs must not close beds without consent.", topic="urgent care",
         modality=Modality.PROHIBITION),
    Duty(key="a8", statement="ICBs must keep a register of estates.", topic="estates"),
)  # fmt: skip
NEW = (
    Duty(
        key="b1", statement="ICBs must see at least 78% of patients within 4 hours by March 2026.",
        topic="urgent care", deadline=BY_MARCH_2026,
        quantities=(
            percent(78),
            Quantity(text="by 5 percentage points", kind=QuantityKind.PERCENTAGE_POINTS, value=5,
                     role=Role.CHANGE, metric="long waits", deadline=date(2025, 9, 30)),
            Quantity(text="4 hours", kind=QuantityKind.DURATION, value=4, unit="hours",
                     comparator="<=", role=Role.THRESHOLD),
        ),
    ),
    Duty(key="b2", statement="Trusts must review ward rounds weekly.", topic="urgent care",
         bearer="Trusts", canonical=("NHS trust",), page=4),
    Duty(key="b3", statement="ICBs must publish one joint winter plan with partners.",
         topic="urgent care"),
    Duty(key="b4", statement="ICBs must agree a workforce plan.", topic="workforce",
         section="People"),
    Duty(key="b5", statement="ICBs must publish a workforce plan.", topic="workforce",
         section="People", condition="where funding is agreed"),
    Duty(key="b6", statement="ICBs must staff a crisis line by day and at night.",
         topic="mental health"),
    Duty(key="b7", statement="ICBs must not close beds without consent.", topic="urgent care",
         modality=Modality.PROHIBITION),
    Duty(key="b8", statement="Providers may pool spare capital.", topic=None,
         modality=Modality.PERMISSION, bearer="Providers", canonical=("provider",), page=None,
         deadline=Deadline(text="during this Parliament", date=None)),
    Duty(key="b9", statement=HOSTILE, topic="finance", bearer="@evil|*x*", canonical=(),
         section="=1+1 > <b>Money</b>",
         quantities=(
             Quantity(text="£2.5bn", kind=QuantityKind.MONEY, value=2.5e9, unit="GBP",
                      role=Role.ALLOCATION, metric="-growth"),
         )),
)  # fmt: skip
NEXT = (
    Duty(key="c1", statement="ICBs must see at least 82% of patients within 4 hours by March 2027.",
         topic="urgent care", deadline=Deadline(text="by March 2027", date=date(2027, 3, 31)),
         quantities=(percent(82),)),
    Duty(key="c2", statement="Trusts must review ward rounds weekly.", topic="urgent care",
         bearer="Trusts", canonical=("NHS trust",)),
)  # fmt: skip
PAPER = (
    Duty(key="p1", statement="The regulator asks ICBs to see 78% of patients within 4 hours.",
         topic="urgent care", reported=True),
    Duty(key="p2", statement="The board will open a second ward.", topic="urgent care",
         modality=Modality.COMMITMENT, bearer="The board", canonical=()),
)  # fmt: skip
COMMENT = (
    Duty(key="m1", statement="Systems must now find 4% savings, we are told.", topic="finance",
         reported=True, page=None),
)  # fmt: skip

LINKS = (
    Link(from_id="a1", to_id="b1", from_year="2024/25", to_year="2025/26",
         relation=Relation.TARGET_CHANGED, score=0.97, evidence="same measure; 76% became 78%",
         from_value=76, to_value=78, unit="%", ambition="harder"),
    Link(from_id="a2", to_id="b2", from_year="2024/25", to_year="2025/26",
         relation=Relation.STRENGTHENED, score=0.9, evidence="should became must"),
    Link(from_id="a3", to_id="b3", from_year="2024/25", to_year="2025/26",
         relation=Relation.REWORDED, score=0.8, evidence="like wording"),
    Link(from_id="a4", to_id="b4", from_year="2024/25", to_year="2025/26",
         relation=Relation.SPLIT, score=0.8, evidence="one part of it"),
    Link(from_id="a4", to_id="b5", from_year="2024/25", to_year="2025/26",
         relation=Relation.SPLIT, score=0.8, evidence="the other part of it"),
    Link(from_id="a5", to_id="b6", from_year="2024/25", to_year="2025/26",
         relation=Relation.MERGED, score=0.8, evidence="both in one"),
    Link(from_id="a6", to_id="b6", from_year="2024/25", to_year="2025/26",
         relation=Relation.MERGED, score=0.8, evidence="both in one"),
    Link(from_id="a7", to_id="b7", from_year="2024/25", to_year="2025/26",
         relation=Relation.SAME, score=1.0, evidence="same words"),
    Link(from_id="b1", to_id="c1", from_year="2025/26", to_year="2026/27",
         relation=Relation.TARGET_CHANGED, score=0.97, evidence="78% became 82%",
         from_value=78, to_value=82, unit="%", ambition="harder"),
    Link(from_id="b2", to_id="c2", from_year="2025/26", to_year="2026/27",
         relation=Relation.SAME, score=1.0, evidence="same words"),
    Link(from_id="p1", to_id="b1", from_year="2025/26", to_year="2025/26",
         relation=Relation.MENTIONS, score=0.7, evidence="shared measure", stance="repeats"),
)  # fmt: skip
UNLINKED = (
    ("2024/25", "2025/26", "dropped", "a8", None, "estates"),
    ("2024/25", "2025/26", "new", None, "b8", None),
    ("2024/25", "2025/26", "new", None, "b9", "finance"),
    *(("2025/26", "2026/27", "dropped", f"b{n}", None, "urgent care") for n in (3, 7)),
)


def build(path: Path, *, built: str = "2025-02-03T10:11:12+00:00") -> Path:
    """Write the database of these tests to `path`."""
    db = open_for_writing(path)
    db.table("organisations").insert_all(
        {"id": name, "line": name, "level": "system", "aliases": aliases, "successors": "[]"}
        for name, aliases in (
            ("integrated care board", '["ICB"]'),
            ("NHS trust", '["acute trust"]'),
            ("provider", "[]"),
        )
    )  # fmt: skip
    db.table("measures").insert({"id": "ae-4-hour", "name": "A&E four hours"})
    loose = Figure(
        id="loose", document_id="guidance-2025-26", passage_id="guidance-2025-26-p7",
        section="Facts", page=9, quote="Last year 71% were seen in time.",
        quantity=Quantity(text="71%", kind=QuantityKind.PERCENTAGE, value=71, role=Role.STATISTIC),
        deadline=None, requirement_id=None,
    )  # fmt: skip
    year = PlanningYears.parse
    documents = (
        make_document("guidance-2024-25", year("2024/25"), OLD),
        make_document("guidance-2025-26", year("2025/26"), NEW, figures=(loose,)),
        make_document("framework", year("2026/27-2028/29"), NEXT, licence=None),
        make_document("board", year("2025/26"), PAPER, kind=Kind.BOARD_PAPER, title="Board paper",
                      source_url="javascript:alert(1)"),
        make_document("blog", year("2025/26"), COMMENT, kind=Kind.COMMENTARY, title="A blog",
                      format=Format.HTML, licence="CC-BY-4.0"),
        make_document("draft", year("2025/26"), (replace(NEW[0], key="d1"),), title="A draft"),
    )  # fmt: skip
    for structured, extraction in documents:
        name = structured.document.id
        source = SavedSource(path=Path(name), sha256=name, size=1, modified_ns=1, key=name,
                             document_ids=(name,))  # fmt: skip
        save_source(db, source, [(structured, extraction)])
    changes = [
        Change(from_year=link.from_year or "", to_year=link.to_year or "",
               relation=link.relation.value, from_id=link.from_id, to_id=link.to_id,
               topic=next((d.topic for d in (*NEW, *NEXT) if d.key == link.to_id), None))
        for link in LINKS
        if link.relation is not Relation.MENTIONS
    ]  # fmt: skip
    changes += [
        Change(from_year=a, to_year=b, relation=c, from_id=d, to_id=e, topic=f)
        for a, b, c, d, e, f in UNLINKED
    ]
    place_of = {r.id: (r.document_id, r.ordinal) for _, e in documents for r in e.requirements}
    changes = [
        told
        for years in (("2024/25", "2025/26"), ("2025/26", "2026/27"))
        for told in tell_stories(
            [c for c in changes if (c.from_year, c.to_year) == years], LINKS, (), place_of
        )
    ]
    thread = Thread(id="t1", requirement_ids=("a1", "b1", "c1"))
    save_spanning(db, links=LINKS, threads=[thread], changes=changes, target_lines=(),
                  superseded=[("draft", "guidance-2025-26")])  # fmt: skip
    finish(db, {"id": 1, "started": built, "finished": built, "version": "0.1.0", "read": 6,
                "unchanged": 0, "removed": 0, "quarantined": 0})  # fmt: skip
    db.conn.close()
    return path


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of these tests, to be read only."""
    return build(tmp_path_factory.mktemp("export") / "small.db")


@pytest.fixture
def make_database() -> Callable[[Path], Path]:
    """Writes such a database anew, for tests that change it or compare two."""
    return build


@pytest.fixture
def hostile() -> str:
    """The statement of requirement b9."""
    return HOSTILE


@pytest.fixture
def about() -> About:
    """What goes with rows that no database gave."""
    return About(title="Planning checklist")
