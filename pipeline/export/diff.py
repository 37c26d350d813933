"""What changed between two planning years, or two documents, ready to be rendered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Final

import sqlite_utils

from pipeline.errors import UsageError
from pipeline.export.about import About, SourceDocument, load_about
from pipeline.export.compared import Compared, Pair, Story, find_pairs, find_sides, tell_stories
from pipeline.export.filters import (
    DiffFilters,
    Filters,
    Selection,
    match_values,
    select,
    values_of,
)
from pipeline.export.redline import Piece, redline
from pipeline.export.rows import Row, requirements_by_id
from pipeline.export.text import one_line
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.wording import (
    RELATIONS,
    amount_words,
    count_words,
    places_words,
    quantity_words,
    target_words,
    targets_of,
    topic_words,
)

SAME: Final = "same"
# Relations whose two sides are worth a redline.
_REDLINED: Final = ("target_changed", "strengthened", "weakened", "reworded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change: requirements before and after it, and the links that say so.

    A new one has nothing before, a dropped one nothing after, a split one several after, a merged
    one several before; all others have one on each side. Where the document of a side says the same
    in other places, too, `again_before` and `again_after` hold those.
    """

    relation: str
    topic: str | None
    before: tuple[Row, ...]
    after: tuple[Row, ...]
    links: tuple[Row, ...] = ()
    again_before: tuple[Row, ...] = ()
    again_after: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every requirement that it tells of."""
        return (*self.before, *self.after, *self.again_before, *self.again_after)

    @property
    def again(self) -> str:
        """Where it is said again: "before on page 4; after on pages 2 and 7"; "" for nowhere."""
        sides = (("before", self.again_before), ("after", self.again_after))
        return "; ".join(f"{name} {places_words(rows)}" for name, rows in sides if rows)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """How the statement changed word by word; empty where there are no two wordings."""
        if self.relation not in _REDLINED or not (self.before and self.after):
            return ()
        return redline(one_line(self.before[0]["statement"]), one_line(self.after[0]["statement"]))

    @property
    def numbers(self) -> str:
        """How its numbers moved: "at least 76% → at least 78% (harder)"; of one side targets."""
        moved = [self._moved(link) for link in self.links if link["from_value"] != link["to_value"]]
        if moved or (self.before and self.after):
            return "; ".join(dict.fromkeys(moved))
        return "; ".join(
            words for row in (*self.before, *self.after) for words in target_words(row)
        )

    @property
    def evidence(self) -> str:
        """Why the two are held to belong together."""
        return "; ".join(dict.fromkeys(link["evidence"] for link in self.links if link["evidence"]))

    def _moved(self, link: Row) -> str:
        before = _number_words(link["from_value"], link["unit"], self.before)
        after = _number_words(link["to_value"], link["unit"], self.after)
        ambition = f" ({link['ambition']})" if link["ambition"] else ""
        return f"{before} → {after}{ambition}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What changed: entries by relation, topic and reading order.

    `from_` and `to` are years or document ids.

    `note` says what a reader must know of the comparison as a whole, where there is something.
    """

    from_: str
    to: str
    before: tuple[SourceDocument, ...]
    after: tuple[SourceDocument, ...]
    entries: tuple[Entry, ...]
    about: About
    note: str | None = None

    @property
    def title(self) -> str:
        """A heading: "What changed: 2024/25 to 2025/26"."""
        return self.about.title

    @property
    def counts(self) -> dict[str, int]:
        """How many changes there are of each relation that there is, in the order for readers.

        What a document says several times is counted once.
        """
        counts = Counter(entry.relation for entry in self.entries)
        return {relation: counts[relation] for relation in RELATIONS if counts[relation]}

    @property
    def repeats(self) -> int:
        """How many requirements say again what another of their document says."""
        return len({r["id"] for e in self.entries for r in (*e.again_before, *e.again_after)})

    @property
    def repeat_words(self) -> str:
        """That repeats are listed and not counted, with how many there are; "" for none."""
        if not self.repeats:
            return ""
        said = count_words(self.repeats, "requirement repeats", "requirements repeat")
        return f"{said} another of the same document: listed with it, and not counted."

    @property
    def same_by_topic(self) -> dict[str, int]:
        """How many requirements of each topic stayed the same."""
        same = Counter(topic_words(e.topic) for e in self.entries if e.relation == SAME)
        return dict(same)

    def by_topic(self, relation: str) -> dict[str, list[Entry]]:
        """The changes of a relation under the words of their topics."""
        grouped: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.relation == relation:
                grouped.setdefault(topic_words(entry.topic), []).append(entry)
        return grouped


def load_diff(
    db: sqlite_utils.Database,
    from_: str,
    to: str,
    *,
    filters: DiffFilters | None = None,
    lexicon: Lexicon | None = None,
) -> Diff:
    """What changed from one planning year, or document, to another.

    Neighbouring years come as the build compared them; others, and documents, are compared now.
    Raises UsageError for a year or document that the database does not have, and for filters that
    nothing answers to.
    """
    wanted = filters or DiffFilters()
    lexicon = lexicon or load_lexicon()
    if from_.strip() == to.strip():
        raise UsageError(f"{from_} is compared with itself. Name two different years or documents.")
    sides = find_sides(db, from_.strip(), to.strip())
    compared = find_pairs(db, sides, lexicon)
    rows = requirements_by_id(
        db, {*_ends(compared.pairs), *compared.first_of, *compared.first_of.values()}
    )
    entries = _enter(compared, rows)
    about = load_about(
        db,
        title=f"What changed: {sides.from_} to {sides.to}",
        filters=Filters(),
        selection=Selection(documents=frozenset((*sides.before, *sides.after))),
        topics=[entry.id for entry in lexicon.topics],
    )
    kept = _keep(db, entries, wanted, lexicon)
    known = {document.id: document for document in about.documents}
    return Diff(
        from_=sides.from_,
        to=sides.to,
        before=tuple(known[i] for i in sides.before),
        after=tuple(known[i] for i in sides.after),
        entries=tuple(sorted(kept, key=lambda entry: _order(entry, about))),
        about=replace(about, filters=wanted.in_words()),
        note=compared.note,
    )


DIFF_FORMATS: Final = ("text", "md", "html", "json", "csv", "xlsx", "docx")


def find_renderer(format_: str) -> Callable[[Diff, BinaryIO], None]:
    """What writes a Diff in a format; raises UsageError for a format there is not."""
    # Each is loaded when it is asked for: the libraries for Office files are slow to load.
    if format_ == "html":
        from pipeline.export.diff_html import render_html

        return render_html
    if format_ == "xlsx":
        from pipeline.export.diff_xlsx import render_xlsx

        return render_xlsx
    if format_ == "docx":
        from pipeline.export.diff_docx import render_docx

        return render_docx
    from pipeline.export import diff_text

    plain = {
        "text": diff_text.render_text,
        "md": diff_text.render_markdown,
        "json": diff_text.render_json,
        "csv": diff_text.render_csv,
    }
    if format_ not in plain:
        raise UsageError(
            f"There is no format {format_!r} for changes. Choose one of: {', '.join(DIFF_FORMATS)}."
        )
    return plain[format_]


def _ends(pairs: Iterable[Pair]) -> set[str]:
    return {end for pair in pairs for end in (pair.from_id, pair.to_id) if end}


def _is_whole(pair: Pair, rows: Mapping[str, Row]) -> bool:
    return all(end is None or end in rows for end in (pair.from_id, pair.to_id))


def _enter(compared: Compared, rows: Mapping[str, Row]) -> list[Entry]:
    """What is told, story by story, each with all the places that say it."""
    pairs = [pair for pair in compared.pairs if _is_whole(pair, rows)]
    places: dict[str, list[str]] = {}
    for member, first in compared.first_of.items():
        places.setdefault(first, [first]).append(member)
    # A requirement that tells a change of its own is no mere repeat of another.
    told = {end for pair in pairs if not pair.again for end in (pair.from_id, pair.to_id) if end}
    return [_entry(s, compared.first_of, places, told, rows) for s in tell_stories(pairs) if s.told]


def _entry(
    story: Story,
    first_of: Mapping[str, str],
    places: Mapping[str, Sequence[str]],
    told: Collection[str],
    rows: Mapping[str, Row],
) -> Entry:
    sides = []
    for name in ("from_id", "to_id"):
        leads: dict[str, str] = {}
        ends = [end for pair in story.told if (end := getattr(pair, name))]
        for end in ends:
            leads.setdefault(first_of.get(end, end), end)
        others = [end for pair in story.again if (end := getattr(pair, name))]
        others += [end for first in leads for end in places.get(first, ()) if end not in told]
        again = {*ends, *others} - set(leads.values())
        sides += [
            tuple(sorted((rows[i] for i in ids if i in rows), key=_place))
            for ids in (leads.values(), again)
        ]
    return Entry(
        relation=story.relation,
        topic=story.topic,
        before=sides[0],
        after=sides[2],
        links=tuple(pair.link for pair in story.told if pair.link is not None),
        again_before=sides[1],
        again_after=sides[3],
    )


def _keep(
    db: sqlite_utils.Database, entries: Sequence[Entry], filters: DiffFilters, lexicon: Lexicon
) -> list[Entry]:
    topics: Collection[str] | None = None
    if values_of(filters.topic):
        there = sorted({entry.topic for entry in entries if entry.topic})
        topics = match_values("topic", values_of(filters.topic), there, check=True)
    relations: Collection[str] | None = None
    if values_of(filters.relation):
        codes = {words.casefold().replace(" ", "_"): code for code, words in RELATIONS.items()}
        asked = [value.casefold().replace(" ", "_") for value in values_of(filters.relation)]
        relations = match_values(
            "relation", [codes.get(value, value) for value in asked], list(RELATIONS), check=True
        )
    bound = select(db, Filters(bearer=filters.bearer), lexicon=lexicon)
    return [
        entry
        for entry in entries
        if (topics is None or entry.topic in topics)
        and (relations is None or entry.relation in relations)
        and _binds(entry, bound)
        and (not filters.only_targets or any(targets_of(row) for row in entry.rows))
    ]


def _binds(entry: Entry, bound: Selection) -> bool:
    return bound.bearer_words is None or any(
        bound.takes_bearer(row["bearer"], row["bearer_canonical"]) for row in entry.rows
    )


def _place(row: Row) -> tuple[str, int, str]:
    return row["document"], row["ordinal"], row["id"]


def _order(entry: Entry, about: About) -> tuple[object, ...]:
    place = list(RELATIONS).index(entry.relation) if entry.relation in RELATIONS else len(RELATIONS)
    return place, about.rank(entry.topic), _place((entry.after or entry.before)[0])


def _number_words(value: Any, unit: str | None, rows: Sequence[Row]) -> str:
    """A value in the words of its own requirement where that has it, else with the link's unit."""
    if value is None:
        return "no number"
    for row in rows:
        for quantity in targets_of(row):
            if quantity["value"] == value:
                return quantity_words(quantity)
    return amount_words(value, unit=unit)
