"""Last year's checklist carried forward: owner, notes and status go where a requirement went."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import sqlite_utils
from rapidfuzz import fuzz

from pipeline.errors import UsageError
from pipeline.export import checklist
from pipeline.export.about import load_about
from pipeline.export.checklist import Checklist, Entry, Row, arrange
from pipeline.export.checklist_book import CARRIED, write_checklist
from pipeline.export.filled_in import FilledChecklist, FilledRow, read_checklist
from pipeline.export.filters import Decisions, Filters, parse_years, select
from pipeline.export.rows import count_left_out, requirement_rows, requirements_by_id
from pipeline.export.workbook import Book, SheetColumn
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.records import PlanningYears
from pipeline.wording import (
    RELATIONS,
    amount_words,
    bearer_words,
    count_words,
    quantity_words,
    source_words,
    targets_of,
    topic_words,
)

# Of several steps over the years the one that tells most names the whole way.
_TELLING: Final = (
    "split", "merged", "target_changed", "strengthened", "weakened", "reworded", "same",
)  # fmt: skip
_NOT_LISTED: Final = "Not on last year's list"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A link from one requirement to a later one."""

    to_id: str
    relation: str
    from_value: float | None
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    """A row of last year's checklist that leads to a requirement of the new year, and how."""

    filled: FilledRow
    relation: str
    from_value: float | None = None
    unit: str | None = None


@dataclass(slots=True)
class _Routes:
    """Where last year's rows lead: new id -> its origins in order; rows that lead nowhere."""

    origins: dict[str, list[_Origin]] = field(default_factory=lambda: defaultdict(list))
    ended: list[FilledRow] = field(default_factory=list)


def carry_checklist(
    path: Path,
    db: sqlite_utils.Database,
    to_year: str,
    *,
    lexicon: Lexicon | None = None,
    decisions: Decisions | None = None,
) -> bytes:
    """Next year's checklist as an Excel file, with what people noted on last year's.

    Owner, notes and columns of people's own go along each requirement's links: copied to every part
    of a split one, joined where several were merged. Status starts anew, and last year's stands
    beside it. What is no longer asked, and rows that people added themselves, have sheets of their
    own. A checklist that was exported for some bearer, topic or modality stays narrowed to them.
    Raises UsageError for a file that is no checklist of ours, a year that the database does not
    have, and a checklist none of whose rows the database knows.
    """
    filled = read_checklist(path)
    lexicon = lexicon or load_lexicon()
    asked = Filters.from_words(filled.filters)
    year = str(parse_years(to_year))
    of_year = select(db, Filters(year=year), decisions=decisions)
    everything = list(requirement_rows(db, selection=of_year, decisions=decisions))
    filters = replace(asked, year=year, document=None)
    about = load_about(
        db,
        title=f"Planning checklist: {year}",
        filters=filters,
        selection=of_year,
        left_out=count_left_out(db, of_year, decisions),
        topics=[topic.id for topic in lexicon.topics],
    )
    arranged = arrange(everything, about)
    old = requirements_by_id(db, (row.id for row in filled.rows if row.id), decisions=decisions)
    if not old:
        raise UsageError(
            f"{path} names no requirement of this database. Build it from the documents that the "
            "checklist was made from as well, or name another with --db."
        )
    _check_order(year, old)
    routes = _routes(db, filled, old, arranged.rows)
    kept = _narrowed(db, arranged, filters, lexicon, decisions, routes)
    linked = {
        row["to_id"] for row in db.query("SELECT to_id FROM links WHERE relation <> 'mentions'")
    }
    entries = [
        _entry(row, routes.origins.get(row["id"], []), old, row["id"] in linked) for row in kept
    ]
    out = io.BytesIO()
    write_checklist(
        entries,
        out,
        about=about,
        aside=arranged.aside,
        further=(*CARRIED, *(SheetColumn(header=name, width=18) for name in filled.own_columns)),
        notes=[("Carried forward", _summary(entries, routes, path))],
        more=lambda book: _write_rest(book, filled, routes, old),
    )
    return out.getvalue()


def _check_order(year: str, old: Mapping[str, Row]) -> None:
    """Raise UsageError where the year lies before all that the checklist was made from."""
    years = [
        PlanningYears.parse(row["planning_year"]) for row in old.values() if row["planning_year"]
    ]
    if years and PlanningYears.parse(year).last < min(y.first for y in years):
        first = min(years, key=lambda y: y.first)
        raise UsageError(
            f"{year} comes before {first}, which the checklist is for. Name a later year with --to."
        )


# ------------------------------------------------------------------------------------------ the way


def _routes(
    db: sqlite_utils.Database,
    filled: FilledChecklist,
    old: Mapping[str, Row],
    new: Sequence[Row],
) -> _Routes:
    steps = _steps(db)
    targets = {row["id"] for row in new}
    routes = _Routes()
    stranded: list[FilledRow] = []
    for row in filled.rows:
        if row.id is None or row.id not in old:
            continue
        found = _follow(row.id, steps, targets)
        for identifier, origin in found.items():
            routes.origins[identifier].append(replace(origin, filled=row))
        if not found:
            stranded.append(row)
    _part_repeats(routes, old, {row["id"]: row for row in new})
    _follow_threads(routes, filled, old, new, stranded)
    return routes


def _steps(db: sqlite_utils.Database) -> dict[str, list[_Step]]:
    steps: dict[str, list[_Step]] = defaultdict(list)
    for row in db.query(
        "SELECT from_id, to_id, relation, from_value, unit FROM links"
        " WHERE relation <> 'mentions' ORDER BY from_id, to_id, relation"
    ):
        steps[row["from_id"]].append(
            _Step(
                to_id=row["to_id"],
                relation=row["relation"],
                from_value=row["from_value"],
                unit=row["unit"],
            )
        )
    return steps


def _follow(
    start: str, steps: Mapping[str, Sequence[_Step]], targets: set[str]
) -> dict[str, _Origin]:
    """The new year's requirements to which one leads, over any number of years, and how."""
    nobody = FilledRow(id=start, cells={})
    if start in targets:
        return {start: _Origin(filled=nobody, relation="same")}
    found: dict[str, _Origin] = {}
    seen = {start}
    ahead = [(start, _Origin(filled=nobody, relation="same"))]
    while ahead:
        here, so_far = ahead.pop(0)
        for step in steps.get(here, ()):
            if step.to_id in seen:
                continue
            seen.add(step.to_id)
            origin = _Origin(
                filled=nobody,
                relation=min(so_far.relation, step.relation, key=_TELLING.index),
                from_value=so_far.from_value if so_far.from_value is not None else step.from_value,
                unit=so_far.unit or step.unit,
            )
            if step.to_id in targets:
                found[step.to_id] = origin
            else:
                ahead.append((step.to_id, origin))
    return found


def _part_repeats(routes: _Routes, old: Mapping[str, Row], new: Mapping[str, Row]) -> None:
    """Give each row that its document repeats to the likest of its successors alone.

    Documents say a thing in the text and again in an annex, and links lead from each to each. What
    was split or merged keeps all its ways, and so does what has but one.
    """
    likeness: dict[tuple[str, str], float] = {}
    best: dict[str, str] = {}
    for target, origins in routes.origins.items():
        for origin in origins:
            source = origin.filled.id or ""
            alike = fuzz.ratio(old[source]["statement"], new[target]["statement"])
            likeness[source, target] = alike
            if source not in best or alike > likeness[source, best[source]]:
                best[source] = target
    for target, origins in routes.origins.items():
        kept = [
            o
            for o in origins
            if o.relation in ("split", "merged") or best[o.filled.id or ""] == target
        ]
        likest = max(origins, key=lambda o: likeness[o.filled.id or "", target])
        routes.origins[target] = kept or [o for o in origins if o.filled.id == likest.filled.id]


def _follow_threads(
    routes: _Routes,
    filled: FilledChecklist,
    old: Mapping[str, Row],
    new: Sequence[Row],
    stranded: Sequence[FilledRow],
) -> None:
    """What no link reaches but a thread joins: a requirement that a document states twice."""
    by_thread: dict[str, list[FilledRow]] = defaultdict(list)
    for row in filled.rows:
        thread = old[row.id]["thread_id"] if row.id is not None and row.id in old else None
        if thread:
            by_thread[thread].append(row)
    reached: dict[str, str] = {}
    for target in new:
        thread = target["thread_id"]
        if not thread or thread not in by_thread:
            continue
        reached.setdefault(thread, target["id"])
        if target["id"] not in routes.origins:
            for row in by_thread[thread]:
                routes.origins[target["id"]].append(_in_thread(row, old, target))
    by_id = {row["id"]: row for row in new}
    for row in stranded:
        known = old[row.id or ""]
        target_id = reached.get(known["thread_id"] or "")
        if target_id is None:
            routes.ended.append(row)
        elif all(origin.filled is not row for origin in routes.origins[target_id]):
            routes.origins[target_id].append(_in_thread(row, old, by_id[target_id]))


def _in_thread(row: FilledRow, old: Mapping[str, Row], target: Row) -> _Origin:
    same = old[row.id or ""]["statement"] == target["statement"]
    return _Origin(filled=row, relation="same" if same else "reworded")


def _narrowed(
    db: sqlite_utils.Database,
    arranged: Checklist,
    filters: Filters,
    lexicon: Lexicon,
    decisions: Decisions | None,
    routes: _Routes,
) -> list[Row]:
    """The new year's rows that the old checklist's filters keep or its rows lead to."""
    selection = select(db, filters, lexicon=lexicon, decisions=decisions, check=False)
    wanted = {row["id"] for row in requirement_rows(db, selection=selection, decisions=decisions)}
    return [row for row in arranged.rows if row["id"] in wanted or row["id"] in routes.origins]


# --------------------------------------------------------------------------------------------- rows


def _entry(row: Row, origins: Sequence[_Origin], old: Mapping[str, Row], is_linked: bool) -> Entry:
    if not origins:
        return Entry(row=row, extra={checklist.CHANGE: _NOT_LISTED if is_linked else "New"})
    filled = [origin.filled for origin in origins]
    wordings = dict.fromkeys(old[f.id]["statement"] for f in filled if f.id is not None)
    changed = [words for words in wordings if words != row["statement"]]
    extra: dict[str, object] = {
        checklist.LAST_YEAR: _joined((_status(f) for f in filled), "; "),
        checklist.CHANGE: _change_words(origins, old),
        checklist.LAST_WORDING: "\n".join(changed) or None,
    }
    for name in dict.fromkeys(name for f in filled for name in f.own):
        extra[name] = _one_value([f.own.get(name) for f in filled])
    return Entry(
        row=row,
        owner=_joined((f.cells.get(checklist.OWNER, "") for f in filled), "; "),
        notes=_joined((f.cells.get(checklist.NOTES, "") for f in filled), "\n"),
        extra=extra,
    )


def _status(filled: FilledRow) -> str:
    """A status as the list writes it, or as somebody wrote it where the list has none like it."""
    written = filled.cells.get(checklist.STATUS, "")
    return next((s for s in checklist.STATUSES if s.casefold() == written.casefold()), written)


def _change_words(origins: Sequence[_Origin], old: Mapping[str, Row]) -> str:
    """ "Target changed (before: at least 76%)", "Split from one that was broader"."""
    relation = min((origin.relation for origin in origins), key=_TELLING.index)
    words = RELATIONS[relation]
    if relation == "split":
        return f"{words}: a part of last year's"
    if relation == "merged":
        return f"{words}: several of last year's in one"
    before = [_before(origin, old) for origin in origins if origin.from_value is not None]
    if relation == "target_changed" and before:
        return f"{words} (before: {'; '.join(dict.fromkeys(before))})"
    return words


def _before(origin: _Origin, old: Mapping[str, Row]) -> str:
    value = origin.from_value if origin.from_value is not None else 0.0
    for quantity in targets_of(old[origin.filled.id or ""]):
        if quantity["value"] == value:
            return quantity_words(quantity)
    return amount_words(value, unit=origin.unit)


def _joined(texts: Iterable[str], between: str) -> str | None:
    """The texts that say something, each once."""
    return between.join(dict.fromkeys(text for text in texts if text)) or None


def _one_value(values: Sequence[object]) -> object:
    """The one value there is, as it is: a date stays a date. Of several their words."""
    said = list(dict.fromkeys(value for value in values if value is not None))
    if len(said) < 2:
        return said[0] if said else None
    return "\n".join(str(value) for value in said)


def _summary(entries: Sequence[Entry], routes: _Routes, path: Path) -> str:
    carried = sum(entry.extra[checklist.CHANGE] not in ("New", _NOT_LISTED) for entry in entries)
    new = sum(entry.extra[checklist.CHANGE] == "New" for entry in entries)
    return (
        f"From {path.name}: {count_words(carried, 'requirement')} go on from last year's; "
        f"new: {new:,}; no longer asked: {len(routes.ended):,}. Owners and notes are last year's; "
        "status starts anew, and last year's stands in its own column."
    )


# ------------------------------------------------------------------------------------------- sheets


def _write_rest(
    book: Book, filled: FilledChecklist, routes: _Routes, old: Mapping[str, Row]
) -> None:
    """Sheets for what has no place in the new checklist, so that nothing anybody wrote is lost."""
    own = filled.own_columns
    ended = [_ended_row(row, old[row.id], own) for row in routes.ended if row.id is not None]
    if ended:
        book.write_rows(book.add_sheet("No longer asked"), _columns(own), ended)
    unknown = [row for row in filled.rows if row.id is not None and row.id not in old]
    if unknown:
        rows = [_noted_row(row, own) for row in unknown]
        book.write_rows(book.add_sheet("Not in this database"), _columns(own), rows)
    added = [row for row in filled.rows if row.id is None]
    if added:
        rows = [_noted_row(row, own) for row in added]
        book.write_rows(book.add_sheet("Your own rows"), _columns(own), rows)


def _columns(own: Sequence[str]) -> list[SheetColumn]:
    widths = {
        checklist.TOPIC: 16, checklist.WHO: 20, checklist.WHAT: 60, checklist.STATUS: 14,
        checklist.OWNER: 18, checklist.NOTES: 36, checklist.SOURCE: 32, checklist.ID: 8,
    }  # fmt: skip
    columns = [SheetColumn(header=name, width=width) for name, width in widths.items()]
    return [*columns[:-1], *(SheetColumn(header=name, width=18) for name in own), columns[-1]]


def _ended_row(filled: FilledRow, row: Row, own: Sequence[str]) -> list[object]:
    """A row that leads nowhere: what was asked by the database, what was noted by the checklist."""
    said = {
        checklist.TOPIC: topic_words(row["topic"]),
        checklist.WHO: bearer_words(row),
        checklist.WHAT: row["statement"],
        checklist.SOURCE: source_words(row),
    }
    return _noted_row(replace(filled, cells={**filled.cells, **said}), own)


def _noted_row(filled: FilledRow, own: Sequence[str]) -> list[object]:
    names = [
        checklist.TOPIC,
        checklist.WHO,
        checklist.WHAT,
        checklist.STATUS,
        checklist.OWNER,
        checklist.NOTES,
        checklist.SOURCE,
    ]
    return [
        *(filled.cells.get(name) for name in names),
        *(filled.own.get(n) for n in own),
        filled.id,
    ]
