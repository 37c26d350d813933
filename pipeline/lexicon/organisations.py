"""Bodies of health, care, local government and regulation: how they are named, and which followed which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
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


class Succession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` took over on a date. `how` "functions" means some of its work only, and carries no lineage."""

    id: str
    on: date
    how: Literal["renamed", "replaced", "merged", "functions"]
    source: str


class Guard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name that is also a common word, and what must stand around it.

    `after`: words one of which must come before the singular (none: any may); `not_after`, `not_before`: words that
    rule it out. `opening`: where it opens a sentence, words one of which must follow. `cased`: only as written.
    """

    words: str
    after: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    cased: bool = False


class Organisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"start": "from"}):
    """A body or a type of body; `id` is its name in the singular."""

    id: str
    kind: Literal[
        "government", "national", "regulator", "commissioner", "provider", "partnership", "local government",
        "education", "voluntary", "governance", "role", "group",
    ]  # fmt: skip
    level: Literal["national", "regional", "system", "place", "neighbourhood", "organisation", "any"]
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
    """One way to write a body; `cased` is the exact writing that is wanted, `guard` what must be around it."""

    id: str
    cased: str | None = None
    guard: Guard | None = None


class Organisations:
    """The bodies of the lexicon; finds them in text and knows how they are related."""

    def __init__(self, entries: Iterable[Organisation]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._finder = PhraseFinder(_all_names(self._entries.values()))
        self._heads = _heads(self._entries.values())
        self._lines = {id_: self._head_of_line(id_) for id_ in self._entries}
        self._members = {id_: self._all_members(id_, frozenset()) for id_ in self._entries}
        self._local: dict[frozenset[tuple[str, str]], PhraseFinder[_Name | None]] = {}

    @classmethod
    def load(cls, path: Path) -> Organisations:
        """The bodies of a YAML file; raises UsageError that names file, entry and field where it is wrong."""
        content = load_file(path)
        lists = parse_vocabulary(path, content)
        entries = [_expand_guards(path, e, lists) for e in parse_entries(path, content, "organisations", Organisation)]
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

        `on` tells apart bodies that share a name (None: today's); `abbreviations` are those the document defines
        (`learn_abbreviations`), which go before the usual ones. Where several words share a noun ("acute and
        community providers"), each is a mention.
        """
        words = fold(text)
        local = self._local_finder(abbreviations) if abbreviations else None
        found: list[Found[_Name]] = []
        own: set[int] = set()
        if local is not None:
            for hit in local.find(words):
                if hit.value is None or words.raw(hit.first) == hit.value.cased or _is_cased(words, hit):
                    own.add(hit.first)
                    if hit.value is not None:
                        found.append(Found(hit.first, hit.last, hit.value))
        for hit in self._finder.find(words):
            if not (hit.first in own and hit.last == hit.first + 1) and _holds(words, hit):
                found.append(hit)
        mentions: list[Mention] = []
        free_from = 0
        by_first = groupby(sorted(found, key=lambda f: f.first), key=lambda f: f.first)
        for first, group in by_first:
            if first < free_from:
                continue
            hits = list(group)
            longest = max(h.last for h in hits)
            id_ = self._in_force([h.value for h in hits if h.last == longest], on)
            if id_ is None:
                continue
            mentions.extend(self._elided(words, first, longest, free_from))
            mentions.append(_mention(words, id_, first, longest))
            free_from = longest
        return tuple(mentions)

    def canonical(
        self, text: str, *, on: date | None = None, abbreviations: Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        """The ids of the bodies that a text names, in order, each once."""
        return tuple(dict.fromkeys(m.id for m in self.find(text, on=on, abbreviations=abbreviations)))

    def line_of(self, id_: str) -> str:
        """The id of the latest body in the line of `id_`: that of a primary care trust is "integrated care board".

        An id that the lexicon does not know is its own line.
        """
        return self._lines.get(id_, id_)

    def predecessors(self, id_: str) -> tuple[str, ...]:
        """The bodies that `id_` took over from directly, wholly or in part, in the lexicon's order."""
        return tuple(e.id for e in self if any(s.id == id_ for s in e.successors))

    def members(self, id_: str) -> frozenset[str]:
        """The types of body that a group takes in ("provider": "NHS trust", ...), at any depth."""
        return self._members.get(id_, frozenset())

    def related(self, a: str, b: str) -> float:
        """How far a duty on one is a duty on the other, 0..1: 1.0 the same, 0.9 one line, 0.7 group and member.

        0.6 group and member by lineage, else what the lexicon says of the two ("close"), else 0.
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
        """Of the bodies that share a name, the one there was on a date; for a common word, none if there was none."""
        ids = list(dict.fromkeys(name.id for name in names))
        if on is None:
            return next((i for i in ids if self._entries[i].to is None), ids[0])
        for id_ in ids:
            entry = self._entries[id_]
            if (entry.start is None or entry.start <= on) and (entry.to is None or on <= entry.to):
                return id_
        if all(name.guard is not None and not name.guard.cased for name in names):
            return None
        return ids[0]

    def _elided(self, words: Words, first: int, last: int, free_from: int) -> Iterator[Mention]:
        """Mentions that share the noun of the one at [first, last): "acute" in "acute and community providers"."""
        heads = self._heads.get(words.forms[last - 1])
        if heads is None or last - first < 2:
            return
        shared: list[Mention] = []
        at = first - 1
        while at > free_from and words.forms[at] in _COORDINATORS and words.breaks[at] <= COMMA:
            at -= 1
            start = next((at - n for n in (2, 1, 0) if at - n >= free_from and _key(words, at - n, at) in heads), None)
            if start is None:
                break
            shared.append(_mention(words, heads[_key(words, start, at)], start, at + 1))
            at = start - 1
        # "acute, community and ambulance trusts": the earlier ones are parted by commas alone.
        at = words_before = (shared[-1].start if shared else -1)
        if words_before >= 0:
            index = words.starts.index(at)
            while index > free_from and words.breaks[index] == COMMA:
                modifier = heads.get((words.forms[index - 1],))
                if modifier is None:
                    break
                index -= 1
                shared.append(_mention(words, modifier, index, index + 1))
        yield from reversed(shared)

    def _local_finder(self, abbreviations: Mapping[str, str]) -> PhraseFinder[_Name | None]:
        key = frozenset(abbreviations.items())
        finder = self._local.get(key)
        if finder is None:
            names: list[tuple[str, _Name | None]] = []
            for short, long in abbreviations.items():
                ids = self.canonical(long)
                bodies = self.find(long)
                whole = len(ids) == 1 and bodies[0].end - bodies[0].start >= 0.8 * len(long.strip())
                names.append((singular(short), _Name(ids[0], cased=singular(short)) if whole else None))
            finder = PhraseFinder(names)
            self._local[key] = finder
        return finder


_COORDINATORS: Final = frozenset({"and", "or", "&"})


def _key(words: Words, first: int, last: int) -> tuple[str, ...]:
    """The words first..last, both included, as a key of what can stand before a shared noun."""
    return words.forms[first : last + 1]


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
            yield guard.words, _Name(entry.id, cased=guard.words if guard.cased else None, guard=guard)


def _heads(entries: Iterable[Organisation]) -> dict[str, dict[tuple[str, ...], str]]:
    """For each last word of a name, the words that can stand before it: provider -> (acute,) -> "acute provider"."""
    heads: dict[str, dict[tuple[str, ...], str]] = {}
    for entry in entries:
        if not entry.named:
            continue
        for name in (entry.id, *entry.aliases):
            forms = fold(name).forms
            if 2 <= len(forms) <= 4:
                heads.setdefault(forms[-1], {}).setdefault(forms[:-1], entry.id)
    return heads


def _is_cased(words: Words, hit: Found[_Name | None]) -> bool:
    return hit.value is not None and hit.value.cased is not None and _written(words, hit.first, hit.last, hit.value.cased)


def _written(words: Words, first: int, last: int, form: str) -> bool:
    """Whether the words stand exactly so, but for an s of the plural."""
    raw = words.text[words.starts[first] : words.ends[last - 1]]
    return raw == form or raw == form + "s"


def _holds(words: Words, hit: Found[_Name]) -> bool:
    """Whether a name's conditions are met where it was found."""
    name = hit.value
    if name.cased is not None and not _written(words, hit.first, hit.last, name.cased):
        return False
    guard = name.guard
    if guard is None:
        return True
    before = words.forms[hit.first - 1] if hit.first and words.breaks[hit.first] == JOINED else None
    touching = hit.last < len(words) and words.breaks[hit.last] == JOINED
    following = words.forms[hit.last] if touching else None
    if before in guard.not_after or following in guard.not_before:
        return False
    opens = hit.first == 0 or words.breaks[hit.first] >= CLAUSE
    if opens and guard.opening:
        return following in guard.opening
    last = words.raw(hit.last - 1).lower()
    plural = last.endswith("s") and words.forms[hit.last - 1] != last
    return not guard.after or plural or before in guard.after


def _expand_guards(path: Path, entry: Organisation, lists: dict[str, tuple[str, ...]]) -> Organisation:
    """The entry with the word lists of its guards filled in and folded."""
    guards = []
    for guard in entry.guarded:
        filled = {
            field: tuple(
                fold(word).forms[0]
                for word in expand(path, f"entry {entry.id!r}", f"guarded.{field}", getattr(guard, field), lists)
            )
            for field in ("after", "not_after", "not_before", "opening")
        }
        guards.append(Guard(words=guard.words, cased=guard.cased, **filled))
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
                        f"{path.name}, entry {entry.id!r}: {field}: there is no entry {other!r}. Add it, or correct the name."
                    )
        if entry.start and entry.to and entry.to < entry.start:
            raise UsageError(f"{path.name}, entry {entry.id!r}: to: ends before it starts. Correct the dates.")
