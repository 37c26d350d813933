"""What changed between two planning years, or two documents: loaded from a database, ready to be rendered."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import sqlite_utils

from pipeline.errors import UsageError
from pipeline.export.about import About, SourceDocument, load_about
from pipeline.export.filters import (
    Choice,
    Filters,
    Selection,
    known_years,
    match_values,
    parse_years,
    select,
    values_of,
)
from pipeline.export.redline import Piece, redline
from pipeline.export.rows import Row, link_row, requirements_by_id
from pipeline.export.text import one_line
from pipeline.export.wording import (
    RELATIONS,
    amount_words,
    quantity_words,
    target_words,
    targets_of,
    topic_words,
)
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.store.database import open_for_reading
from pipeline.store.load import load_documents, load_requirements

SAME: Final = "same"
# Relations whose two sides are worth a redline.
_REDLINED: Final = ("target_changed", "strengthened", "weakened", "reworded")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffFilters:
    """Which changes to keep; `topic`, `bearer` and `relation` are one value or several, of which any will do.

    `only_targets` keeps what has a number to reach or to change by on either side.
    """

    topic: Choice = None
    bearer: Choice = None
    relation: Choice = None
    only_targets: bool = False

    def in_words(self) -> tuple[tuple[str, str], ...]:
        """Pairs of what is filtered by and its values."""
        pairs = list(Filters(topic=self.topic, bearer=self.bearer).in_words())
        relations = [RELATIONS.get(value, value) for value in values_of(self.relation)]
        if relations:
            pairs.append(("Change", ", ".join(relations)))
        if self.only_targets:
            pairs.append(("Targets", "only what has a number to reach"))
        return tuple(pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change: requirements before and after it, and the links that say so.

    A new one has nothing before, a dropped one nothing after, a split one several after, a merged one several
    before; all others have one on each side.
    """

    relation: str
    topic: str | None
    before: tuple[Row, ...]
    after: tuple[Row, ...]
    links: tuple[Row, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Word by word how the statement changed; empty where there are no two wordings to compare."""
        if self.relation not in _REDLINED or not (self.before and self.after):
            return ()
        return redline(one_line(self.before[0]["statement"]), one_line(self.after[0]["statement"]))

    @property
    def numbers(self) -> str:
        """How its numbers moved: "at least 76% → at least 78% (harder)"; of one side alone its targets; else ""."""
        moved = [self._moved(link) for link in self.links if link["to_value"] is not None]
        if moved or (self.before and self.after):
            return "; ".join(dict.fromkeys(filter(None, moved)))
        return "; ".join(
            words for row in (*self.before, *self.after) for words in target_words(row)
        )

    @property
    def evidence(self) -> str:
        """Why the two are held to belong together."""
        return "; ".join(dict.fromkeys(link["evidence"] for link in self.links if link["evidence"]))

    def _moved(self, link: Row) -> str:
        if link["from_value"] is None:
            return ""
        before = _number_words(link["from_value"], link["unit"], self.before)
        after = _number_words(link["to_value"], link["unit"], self.after)
        ambition = f" ({link['ambition']})" if link["ambition"] else ""
        return f"{before} → {after}{ambition}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What changed: entries by relation, topic and reading order. `from_` and `to` are years or document ids.

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
        """How many changes there are of each relation that there is, in the order for readers."""
        counts = Counter(entry.relation for entry in self.entries)
        return {relation: counts[relation] for relation in RELATIONS if counts[relation]}

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """One row of a comparison: a link's relation, or new, or dropped."""

    relation: str
    from_id: str | None
    to_id: str | None
    topic: str | None
    link: Row | None = None


def load_diff(
    db: sqlite_utils.Database,
    from_: str,
    to: str,
    *,
    topic: Choice = None,
    bearer: Choice = None,
    relation: Choice = None,
    only_targets: bool = False,
    lexicon: Lexicon | None = None,
) -> Diff:
    """What changed from one planning year, or document, to another.

    Neighbouring years come as the build compared them; others, and documents, are compared now. Raises UsageError
    for a year or document that the database does not have, and for filters that nothing answers to.
    """
    filters = DiffFilters(topic=topic, bearer=bearer, relation=relation, only_targets=only_targets)
    lexicon = lexicon or load_lexicon()
    if from_.strip() == to.strip():
        raise UsageError(f"{from_} is compared with itself. Name two different years or documents.")
    sides = _sides(db, from_.strip(), to.strip())
    pairs, note = _pairs(db, sides, lexicon)
    rows = requirements_by_id(db, _ends(pairs))
    entries = _group([pair for pair in pairs if _is_whole(pair, rows)], rows)
    about = load_about(
        db,
        title=f"What changed: {sides.from_} to {sides.to}",
        filters=Filters(),
        selection=Selection(documents=frozenset((*sides.before, *sides.after))),
        topics=[entry.id for entry in lexicon.topics],
    )
    kept = _keep(db, entries, filters, lexicon)
    known = {document.id: document for document in about.documents}
    return Diff(
        from_=sides.from_,
        to=sides.to,
        before=tuple(known[i] for i in sides.before),
        after=tuple(known[i] for i in sides.after),
        entries=tuple(sorted(kept, key=lambda entry: _order(entry, about))),
        about=replace(about, filters=filters.in_words()),
        note=note,
    )


def render_diff(
    db_path: Path, from_: str, to: str, format: str = "text", filters: DiffFilters | None = None
) -> bytes:
    """What changed as a file of a format: text, md, html, json, csv, xlsx or docx."""
    render = _renderer(format)
    wanted = filters or DiffFilters()
    with open_for_reading(db_path) as db:
        diff = load_diff(
            db,
            from_,
            to,
            topic=wanted.topic,
            bearer=wanted.bearer,
            relation=wanted.relation,
            only_targets=wanted.only_targets,
        )
    out = io.BytesIO()
    render(diff, out)
    return out.getvalue()


DIFF_FORMATS: Final = ("text", "md", "html", "json", "csv", "xlsx", "docx")


def _renderer(format_: str) -> Callable[[Diff, BinaryIO], None]:
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


# ----------------------------------------------------------------------------------- what is compared


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """The two sides by name and by the ids of their documents."""

    from_: str
    to: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    are_years: bool


def _sides(db: sqlite_utils.Database, from_: str, to: str) -> _Sides:
    ids = [row["id"] for row in db.query("SELECT id FROM documents ORDER BY id")]
    named = [name in ids for name in (from_, to)]
    if all(named):
        return _Sides(from_=from_, to=to, before=(from_,), after=(to,), are_years=False)
    if any(named) or not any(_is_year(name) for name in (from_, to)):
        wrong = to if named[0] else from_
        if _is_year(wrong):
            raise UsageError(
                f"{from_} and {to} are a document and a year. Name two documents, or two years."
            )
        match_values("document", [wrong], ids, check=True)
    first, last = _year(db, from_), _year(db, to)
    if first > last:
        raise UsageError(
            f"{from_} comes after {to}. Name the earlier first: mustdo diff {last} {first}"
        )
    if first == last:
        raise UsageError(f"{from_} is compared with itself. Name two different years.")
    before, after = _guidance(db, first), _guidance(db, last)
    for year, found in ((first, before), (last, after)):
        if not found:
            raise UsageError(
                f"The database has no guidance for {year}, only board papers or commentary, or drafts."
            )
    return _Sides(from_=first, to=last, before=before, after=after, are_years=True)


def _is_year(name: str) -> bool:
    try:
        parse_years(name)
    except UsageError:
        return False
    return True


def _year(db: sqlite_utils.Database, name: str) -> str:
    """The single planning year that a user names, as the database writes it."""
    years = parse_years(name)
    if len(years.labels) > 1:
        raise UsageError(f"{name} is several planning years. Name one of them: {years.labels[0]}.")
    if years.labels[0] not in (known := known_years(db)):
        has = f"has {', '.join(known)}" if known else "names no planning years"
        raise UsageError(f"No documents for {name}. The database {has}.")
    return years.labels[0]


def _guidance(db: sqlite_utils.Database, year: str) -> tuple[str, ...]:
    rows = db.query(
        "SELECT d.id FROM documents d JOIN document_years y ON y.document_id = d.id"
        " WHERE y.year = ? AND d.kind = 'guidance' AND d.superseded_by IS NULL ORDER BY d.id",
        [year],
    )
    return tuple(row["id"] for row in rows)


# -------------------------------------------------------------------------------------------- changes


def _pairs(
    db: sqlite_utils.Database, sides: _Sides, lexicon: Lexicon
) -> tuple[list[_Pair], str | None]:
    if sides.are_years:
        if sides.before == sides.after:
            return (
                [],
                f"The same documents count for {sides.from_} and {sides.to}: nothing changes.",
            )
        stored = list(
            db.query(
                "SELECT c.relation AS change, c.topic, c.from_id AS before, c.to_id AS after, l.*"
                " FROM changes c LEFT JOIN links l ON l.id = c.link_id"
                " WHERE c.from_year = ? AND c.to_year = ? ORDER BY c.rowid",
                [sides.from_, sides.to],
            )
        )
        if stored:
            return [
                _Pair(
                    relation=row["change"],
                    from_id=row["before"],
                    to_id=row["after"],
                    topic=row["topic"],
                    link=link_row(row) if row["relation"] else None,
                )
                for row in stored
            ], None
    return _compare(db, sides, lexicon), None


def _compare(db: sqlite_utils.Database, sides: _Sides, lexicon: Lexicon) -> list[_Pair]:
    """Compare documents that the build has not compared."""
    # Loaded only now: the linking model's libraries take seconds, and most comparisons are stored.
    from pipeline.link import compare_documents, load_link_model
    from pipeline.link.all import link_years, list_changes
    from pipeline.link.years import YearPair

    wanted = {*sides.before, *sides.after}
    requirements = {document: load_requirements(db, document) for document in sorted(wanted)}
    model = load_link_model()
    if sides.are_years:
        pair = YearPair(
            from_year=sides.from_, to_year=sides.to, before=sides.before, after=sides.after
        )
        found = link_years(pair, requirements, lexicon=lexicon, model=model)
        links, changes = found.links, tuple(list_changes(pair, requirements, found))
    else:
        documents = {document.id: document for document in load_documents(db)}
        comparison = compare_documents(
            documents[sides.from_], documents[sides.to], requirements, lexicon=lexicon, model=model
        )
        links, changes = comparison.links, comparison.changes
    by_ends = {(link.from_id, link.to_id, link.relation.value): link for link in links}
    pairs = []
    for change in changes:
        link = by_ends.get((change.from_id or "", change.to_id or "", change.relation))
        columns = link_row({name: getattr(link, name) for name in _LINK_FIELDS}) if link else None
        pairs.append(
            _Pair(
                relation=change.relation,
                from_id=change.from_id,
                to_id=change.to_id,
                topic=change.topic,
                link=columns,
            )
        )
    return pairs


_LINK_FIELDS: Final = (
    "from_id", "to_id", "from_year", "to_year", "relation", "score", "evidence", "from_value", "to_value",
    "unit", "ambition", "stance",
)  # fmt: skip


def _ends(pairs: Iterable[_Pair]) -> set[str]:
    return {end for pair in pairs for end in (pair.from_id, pair.to_id) if end}


def _is_whole(pair: _Pair, rows: Mapping[str, Row]) -> bool:
    return all(end is None or end in rows for end in (pair.from_id, pair.to_id))


def _group(pairs: Sequence[_Pair], rows: Mapping[str, Row]) -> list[Entry]:
    """Pairs as entries: those that one requirement was split into together, and those merged into one."""
    grouped: dict[tuple[str, ...], list[_Pair]] = {}
    for number, pair in enumerate(pairs):
        key: tuple[str, ...] = (str(number),)
        if pair.relation == "split" and pair.from_id:
            key = ("split", pair.from_id)
        elif pair.relation == "merged" and pair.to_id:
            key = ("merged", pair.to_id)
        grouped.setdefault(key, []).append(pair)
    return [_entry(group, rows) for group in grouped.values()]


def _entry(group: Sequence[_Pair], rows: Mapping[str, Row]) -> Entry:
    before = dict.fromkeys(pair.from_id for pair in group if pair.from_id)
    after = dict.fromkeys(pair.to_id for pair in group if pair.to_id)
    return Entry(
        relation=group[0].relation,
        topic=next((pair.topic for pair in group if pair.topic), None),
        before=tuple(sorted((rows[i] for i in before), key=_place)),
        after=tuple(sorted((rows[i] for i in after), key=_place)),
        links=tuple(pair.link for pair in group if pair.link is not None),
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
        and (not filters.only_targets or any(targets_of(r) for r in (*entry.before, *entry.after)))
    ]


def _binds(entry: Entry, bound: Selection) -> bool:
    return bound.bearer_words is None or any(
        bound.takes_bearer(row["bearer"], row["bearer_canonical"])
        for row in (*entry.before, *entry.after)
    )


def _place(row: Row) -> tuple[str, int, str]:
    return row["document"], row["ordinal"], row["id"]


def _order(entry: Entry, about: About) -> tuple[object, ...]:
    place = list(RELATIONS).index(entry.relation) if entry.relation in RELATIONS else len(RELATIONS)
    return place, about.rank(entry.topic), _place((entry.after or entry.before)[0])


def _number_words(value: Any, unit: str | None, rows: Sequence[Row]) -> str:
    """A value as its own requirement words it, where that holds the number; else with the link's unit."""
    for row in rows:
        for quantity in targets_of(row):
            if quantity["value"] == value:
                return quantity_words(quantity)
    return amount_words(value, unit=unit)
