"""Filters as links: each choice with its count, each chosen one with the way to take it off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from datasette.utils.asgi import Request

from pipeline.records import PlanningYears
from pipeline.web.site import Site

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value of a facet; `href` chooses it, or takes it off where it is chosen."""

    value: str
    label: str
    count: int
    href: str
    selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A question that narrows a list, with its answers."""

    name: str
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A filter that is on; `href` takes it off."""

    title: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Address:
    """A page's path and query; adding or removing a value gives another, back at the first page of
    results.
    """

    site: Site
    path: str
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, site: Site, request: Request, path: str, keys: Iterable[str]) -> Address:
        """The address of a request, with those of its arguments that the page knows."""
        known = set(keys)
        pairs = tuple(
            (key, value)
            for key in request.args
            for value in request.args.getlist(key)
            if value.strip()
        )
        return cls(site, path, tuple((key, value) for key, value in pairs if key in known))

    def values(self, key: str) -> tuple[str, ...]:
        """What a key is given, each value once, in order."""
        return tuple(dict.fromkeys(value for name, value in self.pairs if name == key))

    def with_value(self, key: str, value: str) -> str:
        """The address with one more value for a key."""
        return self._link([*self._others(), (key, value)])

    def without(self, key: str, value: str | None = None) -> str:
        """The address without a key, or without one value of it."""
        return self._link(
            [p for p in self._others() if p[0] != key or (value is not None and p[1] != value)]
        )

    def replaced(self, key: str, value: str | None) -> str:
        """The address with this value alone for a key."""
        rest = [pair for pair in self.pairs if pair[0] != key]
        return self._link([*rest, (key, value)] if value else rest)

    def hidden(self, *left_out: str) -> tuple[tuple[str, str], ...]:
        """What a form must carry along so that sending it keeps the rest of the address."""
        return tuple(pair for pair in self._others() if pair[0] not in left_out)

    def _others(self) -> list[tuple[str, str]]:
        return [pair for pair in self.pairs if pair[0] != "page"]

    def _link(self, pairs: Sequence[tuple[str, str]]) -> str:
        return self.site.link(self.path, pairs)


def first_year(text: str) -> str:
    """The first of the planning years that a text names: of "2026/27-2028/29" it is 2026/27. Other
    text as it is.
    """
    try:
        return PlanningYears.parse(text).labels[0]
    except ValueError:
        return text


def count_options(
    rows: Sequence[T],
    tests: Mapping[str, Callable[[T], bool]],
    values_of: Callable[[T], Iterable[str]],
    name: str,
) -> Counter[str]:
    """How many rows each value of one facet would leave, with the other facets as they are."""
    others = [test for key, test in tests.items() if key != name]
    counts: Counter[str] = Counter()
    for row in rows:
        if all(test(row) for test in others):
            counts.update(values_of(row))
    return counts


def make_facet(
    address: Address,
    name: str,
    title: str,
    counts: Mapping[str, int],
    labels: Mapping[str, Any] | None = None,
    *,
    order: Sequence[str] | None = None,
) -> Facet:
    """A facet from its counts, in the order given or the most frequent first; chosen values stay,
    even at none.
    """
    chosen = address.values(name)
    values = [
        value
        for value in {**counts, **dict.fromkeys(chosen)}
        if counts.get(value) or value in chosen
    ]
    if order is not None:
        place = {value: number for number, value in enumerate(order)}
        values.sort(key=lambda value: (place.get(value, len(place)), value))
    else:
        values.sort(key=lambda value: (-counts.get(value, 0), value))
    return Facet(
        name=name,
        title=title,
        options=tuple(
            Option(
                value=value,
                label=str((labels or {}).get(value, value)),
                count=counts.get(value, 0),
                href=address.without(name, value)
                if value in chosen
                else address.with_value(name, value),
                selected=value in chosen,
            )
            for value in values
        ),
    )


def list_chosen(facets: Iterable[Facet]) -> tuple[Chosen, ...]:
    """The filters that are on, in the facets' order."""
    return tuple(
        Chosen(title=facet.title, label=option.label, href=option.href)
        for facet in facets
        for option in facet.options
        if option.selected
    )
