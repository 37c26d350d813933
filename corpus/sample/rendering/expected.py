"""The relations between the sample documents that were intended when they were written.

`source/relations.yml` and `source/mentions.yml` name units by their keys; here the keys become the
units' own words, in JSON Lines. Every unit of both documents of a pair has to be accounted for:
linked, new or dropped. So a pair of units that is not listed is one without a link, and the lists
can serve as negatives too.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import Literal

import msgspec

from .source import SourceError

Units = Mapping[str, Mapping[str, str]]  # document -> key -> quote
Relation = Literal[
    "same", "reworded", "target_changed", "strengthened", "weakened", "split", "merged"
]
OCCURRENCES = ("-p", "-t")  # a key's ending in the list of priorities and in the table of measures


class Link(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either `keys`, each of which stands in both documents, or `from` and `to`."""

    relation: Relation
    keys: tuple[str, ...] = ()
    from_keys: tuple[str, ...] = msgspec.field(name="from", default=())
    to_keys: tuple[str, ...] = msgspec.field(name="to", default=())
    values: tuple[float, float] | None = None
    unit: str | None = None
    optional: bool = False  # careful readers could differ
    note: str = ""

    def pairs(self) -> Iterable[tuple[str, str]]:
        if self.keys:
            return zip(self.keys, self.keys, strict=True)
        return product(self.from_keys, self.to_keys)


class Pair(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    from_document: str = msgspec.field(name="from")
    to_document: str = msgspec.field(name="to")
    links: tuple[Link, ...]
    new: tuple[str, ...]
    dropped: tuple[str, ...]
    notes: dict[str, str] = {}


class Mention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    unit: str
    kind: Literal["reports", "repeats", "misstates", "contests"]
    of: str  # key of the guidance's unit
    document: str = ""  # the guidance, where it is not the one that most mentions speak of
    values: tuple[float, float] | None = None  # as misstated, as it should be
    note: str = ""


class Mentions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    document: str
    speaks_of: str
    mentions: tuple[Mention, ...]


def write_expected(sources: Path, units: Units) -> dict[str, bytes]:
    """The files of expected relations, name -> content.

    Raises SourceError where the relations do not fit the documents.
    """
    pairs = msgspec.yaml.decode((sources / "relations.yml").read_bytes(), type=list[Pair])
    mentions = msgspec.yaml.decode((sources / "mentions.yml").read_bytes(), type=list[Mentions])
    links = [line for pair in pairs for line in _write_pair(pair, units)]
    repeats = [
        {"doc": document, "quotes": [keys[key] for key in group]}
        for document, keys in units.items()
        for group in _occurrences(keys).values()
        if len(group) > 1
    ]
    return {
        "expected-links.jsonl": _to_lines(links),
        "expected-mentions.jsonl": _to_lines(
            line for group in mentions for line in _write_mentions(group, units)
        ),
        "expected-repeats.jsonl": _to_lines(repeats),
    }


def _write_pair(pair: Pair, units: Units) -> list[dict[str, object]]:
    from_units, to_units = _units_of(pair.from_document, units), _units_of(pair.to_document, units)
    firm = {ends: link for link in pair.links for ends in link.pairs()}
    if len(firm) != sum(len(list(link.pairs())) for link in pair.links):
        raise SourceError(f"relations.yml: a pair of units of {pair.to_document} is linked twice")
    echoed = _echo_links(firm, from_units, to_units)
    linked = firm.keys() | echoed.keys()
    _check_complete(pair.from_document, from_units, {a for a, _ in linked}, pair.dropped)
    _check_complete(pair.to_document, to_units, {b for _, b in linked}, pair.new)
    lines = [
        _write_link(pair, link, (from_units[a], to_units[b]), optional=link.optional)
        for (a, b), link in firm.items()
    ]
    lines += [
        _write_link(pair, link, (from_units[a], to_units[b]), optional=True)
        for (a, b), link in echoed.items()
    ]
    lines += [
        {"doc": pair.to_document, "quote": to_units[key], "relation": "new",
         "against": pair.from_document, "note": pair.notes.get(key, "")}
        for key in pair.new
    ]  # fmt: skip
    lines += [
        {"doc": pair.from_document, "quote": from_units[key], "relation": "dropped",
         "against": pair.to_document, "note": pair.notes.get(key, "")}
        for key in pair.dropped
    ]  # fmt: skip
    return lines


def _echo_links(
    firm: Mapping[tuple[str, str], Link], from_units: Mapping[str, str], to_units: Mapping[str, str]
) -> dict[tuple[str, str], Link]:
    """Links between the other occurrences of what is linked: a priority with a table's row."""
    echoed: dict[tuple[str, str], Link] = {}
    from_groups, to_groups = _occurrences(from_units), _occurrences(to_units)
    for (a, b), link in firm.items():
        for ends in product(from_groups[_base(a)], to_groups[_base(b)]):
            if ends not in firm:
                echoed.setdefault(ends, link)
    return echoed


def _write_link(
    pair: Pair, link: Link, quotes: tuple[str, str], *, optional: bool
) -> dict[str, object]:
    line: dict[str, object] = {
        "from_doc": pair.from_document,
        "from_quote": quotes[0],
        "to_doc": pair.to_document,
        "to_quote": quotes[1],
        "relation": link.relation,
    }
    if link.values:
        line |= {"from_value": link.values[0], "to_value": link.values[1], "unit": link.unit}
    if optional:
        line["optional"] = True
    return line | {"note": link.note}


def _write_mentions(group: Mentions, units: Units) -> list[dict[str, object]]:
    speaking = _units_of(group.document, units)
    lines = []
    for mention in group.mentions:
        guidance = mention.document or group.speaks_of
        spoken_of = _units_of(guidance, units)
        if mention.unit not in speaking or mention.of not in spoken_of:
            raise SourceError(
                f"mentions.yml: {group.document}: no unit {mention.unit} or {mention.of}"
            )
        line: dict[str, object] = {
            "from_doc": group.document,
            "from_quote": speaking[mention.unit],
            "to_doc": guidance,
            "to_quote": spoken_of[mention.of],
            "kind": mention.kind,
        }
        if mention.values:
            line |= {"value": mention.values[0], "to_value": mention.values[1]}
        lines.append(line | {"note": mention.note})
    silent = speaking.keys() - {mention.unit for mention in group.mentions}
    if silent:
        raise SourceError(f"mentions.yml: {group.document}: {sorted(silent)} mention nothing")
    return lines


def _units_of(document: str, units: Units) -> Mapping[str, str]:
    if document not in units:
        raise SourceError(f"no sample document is called {document}")
    return units[document]


def _base(key: str) -> str:
    return key[:-2] if key.endswith(OCCURRENCES) else key


def _occurrences(keys: Iterable[str]) -> dict[str, list[str]]:
    """Keys of one requirement that a document states more than once, by their common part."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        groups[_base(key)].append(key)
    return groups


def _check_complete(
    document: str, units: Mapping[str, str], linked: set[str], unlinked: tuple[str, ...]
) -> None:
    stated = linked | set(unlinked)
    for what, keys in (
        ("not accounted for", units.keys() - stated),
        ("not in the document", stated - units.keys()),
        ("both linked and not", linked & set(unlinked)),
    ):
        if keys:
            raise SourceError(f"relations.yml: {document}: {what}: {sorted(keys)}")


def _to_lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8")
