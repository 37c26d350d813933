"""Bodies of health, care, local government and regulation: their names, and who followed whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from pipeline.errors import UsageError
from pipeline.lexicon.abbreviations import singular
from pipeline.lexicon.load import expand, load_file, parse_entries, parse_vocabulary
from pipeline.lexicon.words import CLAUSE, COMMA, JOINED, Found, PhraseFinder, Words, fold

SAME_LINE: Final = 0.9
MEMBER: Final = 0.7
MEMBER_BY_LINE: Final = 0.6
_SLACK: Final = timedelta(days=366)  # people speak of a body before it is there, and after


class Succession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` took over on a date; where `how` is "functions", some work only, and no lineage."""

    id: str
    on: date
    how: Literal["renamed", "replaced", "merged", "functions"]
    source: str


class Guard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name that is also a common word, and what must stand around it.

    `after`: words one of which must come before the singular (none: any may); `not_after`,
    `not_before`: words, or two in a row, that rule it out. `opening`: where it opens a
    sentence, words one of which must follow. `cased`: only as written.
    """

    words: str
    after: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    cased: bool = False
    plural_too: bool = False  # the plural wants one of `after` as well


class Organisation(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"start": "from"}
):
    """A body or a type of body; `id` is its name in the singular."""

    id: str
    kind: Literal[
        "government", "national", "regulator", "commissioner", "provider", "partnership",
        "local government", "education", "voluntary", "governance", "role", "group",
    ]  # fmt: skip
    level: Literal[
        "national", "regional", "system", "place", "neighbourhood", "organisation", "any"
    ]
    plural: str | None = None
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    guarded: tuple[Guard, ...] = ()
    named: bool = True  # False: the id is a label of ours and is not looked for
    start: date | None = None
    to: date | None = None
    successors: tuple[Succession, ...] = ()
    members: tuple[str, ...] = ()
    close: dict[str, float] = {}
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A body named at the code points [start, end) of a text; `text` is exactly text[start:end]."""

    id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Name:
    """One way to write a body: `cased` exactly so, `guard` with that around it."""

    id: str
    cased: str | None = None
    guard: Guard | None = None


class Organisations:
    """The bodies of the lexicon; finds them in text and knows how they are related."""

    def __init__(self, entries: Iterable[Organisation]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        names = list(_all_names(self._entries.values()))
        self._finder = PhraseFinder(names)
        self._cased = {(name.cased, name.id) for _, name in names if name.cased is not None}
        self._modifiers = _modifiers(self._entries.values())
        self._lines = {id_: self._head_of_line(id_) for id_ in self._entries}
        self._members = {id_: self._all_members(id_, frozenset()) for id_ in self._entries}
        self._local_finder = lru_cache(maxsize=64)(self._build_local_finder)

    @classmethod
    def load(cls, path: Path) -> Organisations:
        """The bodies of a YAML file; raises UsageError naming file, entry and field."""
        content = load_file(path)
        lists = parse_vocabulary(path, content)
        entries = [
            _expand_guards(path, e, lists)
            for e in parse_entries(path, content, "organisations", Organisation)
        ]
        _check_references(path, entries)
        return cls(entries)

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self._entries.values())

    def __getitem__(self, id_: str) -> Organisation:
        return self._entries[id_]

    def find(
        self, text: str, *, on: date | None = None, abbreviations: Mapping[str, str] | None = None
    ) -> tuple[Mention, ...]:
        """The bodies that a text names, in order and never overlapping; the longest name wins.

        `on` tells apart bodies that share a name (None: today's); `abbreviations` are those the
        document defines (`learn_abbreviations`), which go before the usual ones. Where several
        words share a noun ("acute and community providers"), each is a mention.
        """
        words = fold(text)
        found = self._names_in(words, abbreviations)
        mentions: list[Mention] = []
        free_from = 0
        for first in sorted(found):
            if first < free_from:
                continue
            last = max(hit.last for hit in found[first])
            id_ = self._in_force([hit.value for hit in found[first] if hit.last == last], on)
            if id_ is None:
                continue
            mentions.extend(self._elided(words, first, last, free_from))
            mentions.append(_mention(words, id_, first, last))
            free_from = last
        return tuple(mentions)

    def _names_in(
        self, words: Words, abbreviations: Mapping[str, str] | None
    ) -> dict[int, list[Found[_Name]]]:
        """The names whose conditions are met, by first word; a document's own hide the usual."""
        found: dict[int, list[Found[_Name]]] = {}
        own: set[int] = set()
        if abbreviations:
            for short in self._local_finder(frozenset(abbreviations.items())).find(words):
                if short.value is None:
                    own.add(short.first)
                elif _holds(words, short.first, short.last, short.value):
                    own.add(short.first)
                    found.setdefault(short.first, []).append(
                        Found(short.first, short.last, short.value)
                    )
        for hit in self._finder.find(words):
            hidden = hit.first in own and hit.last == hit.first + 1
            if not hidden and _holds(words, hit.first, hit.last, hit.value):
                found.setdefault(hit.first, []).append(hit)
        return found

    def canonical(
        self, text: str, *, on: date | None = None, abbreviations: Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        """The ids of the bodies that a text names, in order, each once."""
        return tuple(
            dict.fromkeys(m.id for m in self.find(text, on=on, abbreviations=abbreviations))
        )

    def line_of(self, id_: str) -> str:
        """The latest body in the line of `id_`: "integrated care board" of "primary care trust".

        An id that the lexicon does not know is its own line.
        """
        return self._lines.get(id_, id_)

    def predecessors(self, id_: str) -> tuple[str, ...]:
        """The bodies that `id_` took over from directly, wholly or in part."""
        return tuple(e.id for e in self if any(s.id == id_ for s in e.successors))

    def members(self, id_: str) -> frozenset[str]:
        """The types of body that a group takes in ("provider": "NHS trust", ...), at any depth."""
        return self._members.get(id_, frozenset())

    def related(self, a: str, b: str) -> float:
        """How far a duty on one is a duty on the other, 0..1.

        1.0 the same, 0.9 of one line, 0.7 group and member, 0.6 these by lineage; else what the
        lexicon says of the two (`close`), else 0.
        """
        if a == b:
            return 1.0
        if a not in self._entries or b not in self._entries:
            return 0.0
        line_a, line_b = self._lines[a], self._lines[b]
        if line_a == line_b:
            return SAME_LINE
        if b in self._members[a] or a in self._members[b]:
            return MEMBER
        stated = max(self._close(a, b), self._close(line_a, line_b))
        by_line = line_b in self._members[line_a] or line_a in self._members[line_b]
        return max(stated, MEMBER_BY_LINE) if by_line else stated

    def _close(self, a: str, b: str) -> float:
        return max(self._entries[a].close.get(b, 0.0), self._entries[b].close.get(a, 0.0))

    def _head_of_line(self, id_: str) -> str:
        seen = {id_}
        while True:
            following = [s.id for s in self._entries[id_].successors if s.how != "functions"]
            if not following or following[0] in seen:
                return id_
            id_ = following[0]
            seen.add(id_)

    def _all_members(self, id_: str, above: frozenset[str]) -> frozenset[str]:
        if id_ in above:
            return frozenset()
        own = self._entries[id_].members
        return frozenset(own).union(*(self._all_members(m, above | {id_}) for m in own))

    def _in_force(self, names: list[_Name], on: date | None) -> str | None:
        """Of bodies that share a name, the one there was on a date, or else about then.

        None where the name is a common word and there was no such body.
        """
        ids = list(dict.fromkeys(name.id for name in names))
        if on is None:
            return next((i for i in ids if self._entries[i].to is None), ids[0])
        for slack in (timedelta(0), _SLACK):
            for id_ in ids:
                entry = self._entries[id_]
                begun = entry.start is None or entry.start - slack <= on
                if begun and (entry.to is None or on <= entry.to + slack):
                    return id_
        if all(name.guard is not None and not name.guard.cased for name in names):
            return None
        return ids[0]

    def _elided(self, words: Words, first: int, last: int, free_from: int) -> list[Mention]:
        """Mentions that share the noun of the one at [first, last), in order.

        As "acute" does in "acute and community providers".
        """
        modifiers = self._modifiers.get(words.forms[last - 1])
        if modifiers is None or last - first < 2:
            return []
        shared: list[Mention] = []
        at = first
        while (end := _end_of_conjunct(words, at, listing=bool(shared))) > free_from:
            starts = range(max(free_from, end - _LONGEST_MODIFIER), end)
            start = next(
                (i for i in starts if words.forms[i:end] in modifiers and words.joined(i, end)),
                None,
            )
            if start is None:
                break
            shared.insert(0, _mention(words, modifiers[words.forms[start:end]], start, end))
            at = start
        return shared

    def _build_local_finder(
        self, abbreviations: frozenset[tuple[str, str]]
    ) -> PhraseFinder[_Name | None]:
        """A finder of a document's own short forms; None is filed for one that is no body's."""
        names: list[tuple[str, _Name | None]] = []
        for short, long in sorted(abbreviations):
            bodies = self.find(long)
            named = len({b.id for b in bodies}) == 1 and bodies[-1].end == len(long.rstrip())
            # "Northtown Care NHS Trust" is such a body, "contract for NHS trusts" is not.
            named = named and not _PREPOSITIONS.intersection(fold(long[: bodies[0].start]).forms)
            form = singular(short)
            # What the lexicon knows already it knows with its conditions: "the NHS App".
            if not named:
                names.append((form, None))
            elif (form, bodies[0].id) not in self._cased:
                names.append((form, _Name(bodies[0].id, cased=form)))
        return PhraseFinder(names)


_COORDINATORS: Final = frozenset({"and", "or", "&"})
_PREPOSITIONS: Final = frozenset(("of", "for", "to", "by", "in", "with", "from", "between", "and"))
_LONGEST_MODIFIER: Final = 3


def _end_of_conjunct(words: Words, at: int, *, listing: bool) -> int:
    """Where the conjunct before the word `at` ends; 0 where there is none.

    `listing`: a comma alone may part them, as in "acute, community and ambulance trusts".
    """
    if at > 1 and words.forms[at - 1] in _COORDINATORS and words.breaks[at] == JOINED:
        return at - 1 if words.breaks[at - 1] <= COMMA else 0
    return at if listing and words.breaks[at] == COMMA else 0


def _mention(words: Words, id_: str, first: int, last: int) -> Mention:
    start, end = words.starts[first], words.ends[last - 1]
    return Mention(id=id_, start=start, end=end, text=words.text[start:end])


def _all_names(entries: Iterable[Organisation]) -> Iterator[tuple[str, _Name]]:
    for entry in entries:
        if entry.named:
            yield entry.id, _Name(entry.id)
            if entry.plural is not None:
                yield entry.plural, _Name(entry.id)
        for alias in entry.aliases:
            yield alias, _Name(entry.id)
        for short in entry.abbreviations:
            yield short, _Name(entry.id, cased=short)
        for guard in entry.guarded:
            yield (
                guard.words,
                _Name(entry.id, cased=guard.words if guard.cased else None, guard=guard),
            )


def _modifiers(entries: Iterable[Organisation]) -> dict[str, dict[tuple[str, ...], str]]:
    """What stands before the noun that names end in: provider -> (acute,) -> "acute provider"."""
    modifiers: dict[str, dict[tuple[str, ...], str]] = {}
    for entry in entries:
        for name in (entry.id, *entry.aliases) if entry.named else entry.aliases:
            forms = fold(name).forms
            if 2 <= len(forms) <= _LONGEST_MODIFIER + 1:
                modifiers.setdefault(forms[-1], {}).setdefault(forms[:-1], entry.id)
    return modifiers


@lru_cache(maxsize=1024)
def _writings(cased: str) -> frozenset[str]:
    """How an abbreviation may be written: with a plural s, a capital one where it is not short."""
    plurals = {cased + "s", cased + "S"} if len(cased) > 2 else {cased + "s"}
    return frozenset({cased, *plurals})


def _holds(words: Words, first: int, last: int, name: _Name) -> bool:
    """Whether a name's conditions are met where it was found."""
    if name.cased is not None:
        raw = words.text[words.starts[first] : words.ends[last - 1]]
        if raw not in _writings(name.cased):
            return False
    guard = name.guard
    if guard is None:
        return True
    before = [
        " ".join(words.forms[first - n : first])
        for n in (1, 2)
        if first >= n and words.joined(first - n, first + 1)
    ]
    after = [
        " ".join(words.forms[last : last + n]) for n in (1, 2) if words.joined(last - 1, last + n)
    ]
    ruled_out = any(phrase in guard.not_after for phrase in before)
    if ruled_out or any(phrase in guard.not_before for phrase in after):
        return False
    if guard.opening and (first == 0 or words.breaks[first] >= CLAUSE):
        return bool(after) and after[0] in guard.opening
    noun = words.raw(last - 1).lower()
    plural = noun.endswith("s") and words.forms[last - 1] != noun
    return (
        not guard.after
        or (plural and not guard.plural_too)
        or bool(before and before[0] in guard.after)
    )


def _expand_guards(
    path: Path, entry: Organisation, lists: dict[str, tuple[str, ...]]
) -> Organisation:
    """The entry with the word lists of its guards filled in and folded."""
    guards = []
    for guard in entry.guarded:
        filled = {
            field: tuple(
                " ".join(fold(word).forms)
                for word in expand(
                    path, f"entry {entry.id!r}", f"guarded.{field}", getattr(guard, field), lists
                )
            )
            for field in ("after", "not_after", "not_before", "opening")
        }
        guards.append(msgspec.structs.replace(guard, **filled))
    return msgspec.structs.replace(entry, guarded=tuple(guards))


def _check_references(path: Path, entries: list[Organisation]) -> None:
    """Raise UsageError for an id that no entry has, and for dates that run backwards."""
    ids = {entry.id for entry in entries}
    for entry in entries:
        named = {
            "successors": [s.id for s in entry.successors],
            "members": entry.members,
            "close": list(entry.close),
        }
        for field, others in named.items():
            for other in others:
                if other not in ids:
                    raise UsageError(
                        f"{path.name}, entry {entry.id!r}: {field}: there is no entry {other!r}. "
                        "Add it, or correct the name."
                    )
        if entry.start and entry.to and entry.to < entry.start:
            raise UsageError(
                f"{path.name}, entry {entry.id!r}: to: ends before it starts. Correct the dates."
            )
