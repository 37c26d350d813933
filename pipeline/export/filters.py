"""What an export is narrowed to, and whether the database has anything of the kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import sqlite_utils
from rapidfuzz import process

from pipeline.errors import UsageError
from pipeline.lexicon import Lexicon
from pipeline.lexicon.words import fold
from pipeline.records import PlanningYears
from pipeline.wording import MODALITIES, RELATIONS, listed

Choice = str | Sequence[str] | None
Corrections = Mapping[str, Mapping[str, Any]]  # requirement id -> field -> the reviewer's value

# As a topic to filter by: what is of none.
NO_TOPIC: Final = "none"
# "Must" as the name of a force means what must be done.
_BY_WORD: Final = {words.casefold(): name for name, words in MODALITIES.items()}
_NEAREST: Final = 5  # values named where there are more than that
_SHOWN: Final = 12  # values named in an error message, where there are no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What reviewers decided, by requirement's id: the values that take the place of what was
    extracted, and the status (accepted, corrected, rejected or stale).
    """

    corrections: Corrections = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)

    @property
    def rejected(self) -> frozenset[str]:
        """The ids of what a reviewer said is no requirement."""
        return frozenset(i for i, status in self.statuses.items() if status == "rejected")


UNDECIDED: Final = Decisions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to keep; each field one value or several, of which any will do; None keeps everything.

    `year` is a planning year (a document of several years counts for each), `document` a document's
    id, `bearer` a type of body, one of its names or abbreviations, or words as a document has them.
    `topic` "none" keeps what is of no topic. What a reviewer rejected is left out unless
    `keep_rejected`.
    """

    year: Choice = None
    document: Choice = None
    bearer: Choice = None
    topic: Choice = None
    modality: Choice = None
    keep_rejected: bool = False

    def __bool__(self) -> bool:
        return any(values_of(getattr(self, name)) for name in _LABELS)

    def in_words(self) -> tuple[tuple[str, str], ...]:
        """Pairs of what is filtered by and its values: ("Topic", "cancer; urgent care")."""
        return tuple(
            (label, "; ".join(values))
            for name, label in _LABELS.items()
            if (values := values_of(getattr(self, name)))
        )

    @classmethod
    def from_words(cls, pairs: Iterable[tuple[str, str]]) -> Filters:
        """The filters that `in_words` gave; pairs that name none of them are passed over."""
        names = {label: name for name, label in _LABELS.items()}
        found: dict[str, Any] = {
            names[label]: words.split("; ") for label, words in pairs if label in names
        }
        return cls(**found)


_LABELS: Final[Mapping[str, str]] = {
    "year": "Planning year",
    "document": "Document",
    "bearer": "Who is bound",
    "topic": "Topic",
    "modality": "Force",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffFilters:
    """Which changes to keep; `topic`, `bearer` and `relation`: one value, or any of several.

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
class Selection:
    """Filters in the database's own values; None where a field is not filtered by."""

    documents: frozenset[str] | None = None
    bodies: frozenset[str] = frozenset()
    bearer_words: tuple[tuple[str, ...], ...] | None = None
    topics: frozenset[str] | None = None
    modalities: frozenset[str] | None = None
    left_out: frozenset[str] = frozenset()

    def takes(self, columns: Mapping[str, Any]) -> bool:
        """Whether a row of `requirements` is kept, its document apart."""
        if columns["id"] in self.left_out:
            return False
        if self.topics is not None and (columns["topic"] or NO_TOPIC) not in self.topics:
            return False
        if self.modalities is not None and columns["modality"] not in self.modalities:
            return False
        if self.bearer_words is None:
            return True
        return self.takes_bearer(columns["bearer"], json.loads(columns["bearer_canonical"]))

    def takes_bearer(self, bearer: str | None, canonical: Collection[str]) -> bool:
        """Whether a duty on these bodies, so named, is kept."""
        if self.bearer_words is None or not self.bodies.isdisjoint(canonical):
            return True
        written = fold(bearer or "").forms
        return any(_contains(written, words) for words in self.bearer_words)

    @property
    def by_requirement(self) -> bool:
        """Whether anything but the document is filtered by."""
        return any(value is not None for value in (self.bearer_words, self.topics, self.modalities))


def values_of(choice: Choice) -> tuple[str, ...]:
    """The values of a filter: none, one or several, without blanks."""
    if choice is None:
        return ()
    given = (choice,) if isinstance(choice, str) else choice
    return tuple(dict.fromkeys(value.strip() for value in given if value.strip()))


def select(
    db: sqlite_utils.Database,
    filters: Filters,
    *,
    lexicon: Lexicon | None = None,
    decisions: Decisions | None = None,
    check: bool = True,
) -> Selection:
    """The filters in the database's own values.

    Raises UsageError where `check` and the database has nothing of a value; the message names what
    it has.
    """
    documents = _years(db, values_of(filters.year), check=check)
    named = values_of(filters.document)
    if named:
        known = [row["id"] for row in db.query("SELECT id FROM documents ORDER BY id")]
        ids = match_values("document", named, known, check=check)
        documents = ids if documents is None else documents & ids
    decided = decisions or UNDECIDED
    corrected = decided.corrections
    selection = Selection(
        documents=documents,
        left_out=frozenset() if filters.keep_rejected else decided.rejected,
        topics=_column(db, "topic", filters.topic, corrected, check=check),
        modalities=_column(db, "modality", filters.modality, corrected, check=check),
    )
    bearers = values_of(filters.bearer)
    if not bearers:
        return selection
    return _with_bearers(db, selection, bearers, lexicon, corrected, check=check)


def known_years(db: sqlite_utils.Database) -> tuple[str, ...]:
    """Each single planning year that a document counts for, in order."""
    rows = db.query("SELECT DISTINCT year FROM document_years ORDER BY year")
    return tuple(row["year"] for row in rows)


def parse_years(text: str) -> PlanningYears:
    """The planning years that a user names; raises UsageError where the words are no year."""
    try:
        return PlanningYears.parse(text)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is not a planning year. Write it like this: 2025/26."
        ) from error


def _years(
    db: sqlite_utils.Database, wanted: Sequence[str], *, check: bool
) -> frozenset[str] | None:
    if not wanted:
        return None
    found: set[str] = set()
    for text in wanted:
        labels = parse_years(text).labels
        marks = ", ".join("?" * len(labels))
        rows = db.query(
            f"SELECT DISTINCT document_id FROM document_years WHERE year IN ({marks})",  # noqa: S608
            list(labels),
        )
        ids = {row["document_id"] for row in rows}
        if check and not ids:
            years = known_years(db)
            has = f"has {', '.join(years)}" if years else "names no planning years"
            raise UsageError(f"No documents for {text}. The database {has}.")
        found |= ids
    return frozenset(found)


def _column(
    db: sqlite_utils.Database, column: str, choice: Choice, corrections: Corrections, *, check: bool
) -> frozenset[str] | None:
    wanted = values_of(choice)
    if column == "modality":
        wanted = tuple(_BY_WORD.get(value.casefold(), value) for value in wanted)
    if not wanted:
        return None
    rows = db.query(f"SELECT DISTINCT {column} AS value FROM requirements")  # noqa: S608
    known = {row["value"] for row in rows if row["value"]}
    known |= {str(fields_[column]) for fields_ in corrections.values() if fields_.get(column)}
    if column == "topic":
        known.add(NO_TOPIC)
    return match_values(column, wanted, sorted(known), check=check)


def match_values(
    what: str, wanted: Sequence[str], known: Sequence[str], *, check: bool
) -> frozenset[str]:
    """The known values that are wanted, in whatever case they are written."""
    by_form = {value.casefold(): value for value in known} | {value: value for value in known}
    found = set()
    for value in wanted:
        match = by_form.get(value) or by_form.get(value.casefold())
        if match is not None:
            found.add(match)
        elif check:
            raise UsageError(f"No {what} {value!r}. {_what_there_is(value, known)}")
    return frozenset(found)


def _with_bearers(
    db: sqlite_utils.Database,
    selection: Selection,
    wanted: Sequence[str],
    lexicon: Lexicon | None,
    corrections: Corrections,
    *,
    check: bool,
) -> Selection:
    names = _names_of_bodies(db, lexicon)
    there = Counter[tuple[str | None, tuple[str, ...]]]()
    for row in db.query(
        "SELECT bearer, bearer_canonical, count(*) AS n FROM requirements GROUP BY 1, 2"
    ):
        there[row["bearer"], tuple(json.loads(row["bearer_canonical"]))] += row["n"]
    for fields_ in corrections.values():
        if "bearer" in fields_ or "bearer_canonical" in fields_:
            there[fields_.get("bearer"), tuple(fields_.get("bearer_canonical") or ())] += 1
    bound = Counter[str]()
    for (_, canonical), count in there.items():
        bound.update(dict.fromkeys(canonical, count))
    bodies: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    for value in wanted:
        words = fold(value).forms
        # A type of body that something binds is that type: "board" is no "integrated care board".
        ids = names.get(words, frozenset()) & bound.keys()
        one = Selection(bodies=ids, bearer_words=(words,) if words and not ids else ())
        if check and not any(one.takes_bearer(bearer, canonical) for bearer, canonical in there):
            known = [body for body, _ in sorted(bound.items(), key=lambda b: (-b[1], b[0]))]
            raise UsageError(f"No requirements bind {value!r}. {_what_there_is(value, known)}")
        bodies |= ids
        phrases += one.bearer_words or ()
    return replace(selection, bodies=frozenset(bodies), bearer_words=tuple(phrases))


def _names_of_bodies(
    db: sqlite_utils.Database, lexicon: Lexicon | None
) -> dict[tuple[str, ...], frozenset[str]]:
    """Every name of every known body, folded, with the bodies that it may mean."""
    names: dict[tuple[str, ...], set[str]] = {}
    entries: Iterable[tuple[str, Iterable[str]]] = (
        (row["id"], json.loads(row["aliases"] or "[]"))
        for row in db.query("SELECT id, aliases FROM organisations ORDER BY id")
    )
    for identifier, others in entries:
        for name in (identifier, *others):
            names.setdefault(fold(name).forms, set()).add(identifier)
    for body in lexicon.organisations if lexicon else ():
        plural = (body.plural,) if body.plural else ()
        for name in (body.id, *plural, *body.aliases, *body.abbreviations):
            names.setdefault(fold(name).forms, set()).add(body.id)
            # "icbs" and "ICBS" mean the abbreviation, too, though in running text only "ICBs" does.
            names.setdefault(fold(name.lower()).forms, set()).add(body.id)
    return {words: frozenset(ids) for words, ids in names.items() if words}


def _contains(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the phrase stands in the words as a whole."""
    length = len(phrase)
    return any(
        tuple(words[at : at + length]) == tuple(phrase) for at in range(len(words) - length + 1)
    )


def _what_there_is(value: str, known: Sequence[str]) -> str:
    """A sentence that names the values there are: all, or of many those most like the one given."""
    if not known:
        return "The database has none."
    if len(known) <= _SHOWN:
        return f"The database has: {', '.join(known)}."
    near = [match for match, _, _ in process.extract(value, known, limit=_NEAREST)]
    return f"Of the {len(known)} in the database these are nearest: {listed(near)}."
