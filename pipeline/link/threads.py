"""Threads: everything that links and repeats join, through the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from pipeline.records import Link, Relation, Requirement, Thread, stable_id

Place: TypeAlias = tuple[str, str, int, str]

# A part of a split duty stays in the thread of the whole: its life began there.
_JOINING = frozenset(Relation) - {Relation.MENTIONS}


def join_threads(
    links: Iterable[Link],
    repeats: Iterable[tuple[str, ...]],
    requirements: Mapping[str, Requirement],
    year_of: Mapping[str, str],
) -> tuple[Thread, ...]:
    """Threads of two requirements and more, members by year and then by document and place, sorted
    by the first.

    `year_of` gives the first planning year of each requirement. A thread's id is that of its first
    member's, so that it stays when a later year is added.
    """
    parent: dict[str, str] = {}

    def find(member: str) -> str:
        parent.setdefault(member, member)
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    def join(a: str, b: str) -> None:
        roots = sorted((find(a), find(b)))
        parent[roots[1]] = roots[0]

    for link in links:
        if link.relation in _JOINING:
            join(link.from_id, link.to_id)
    for group in repeats:
        for member in group[1:]:
            join(group[0], member)

    def place(member: str) -> Place:
        requirement = requirements[member]
        return year_of.get(member, ""), requirement.document_id, requirement.ordinal, member

    members: defaultdict[str, list[str]] = defaultdict(list)
    for member in parent:
        members[find(member)].append(member)
    ordered = [sorted(group, key=place) for group in members.values() if len(group) > 1]
    ordered.sort(key=lambda group: place(group[0]))
    return tuple(
        Thread(id=stable_id("thread", group[0]), requirement_ids=tuple(group)) for group in ordered
    )
