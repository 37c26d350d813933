"""What facets count, held in memory: each requirement's and passage's year, kind, topic, force,
bodies and target.

SQLite finds the words; which of the finds pass the filters, and how many would under other filters,
is then a matter of masks over arrays, some milliseconds for hundreds of thousands of rows.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]

NO_TOPIC: Final = "none"


@dataclass(frozen=True, slots=True)
class Column:
    """Values of rows, as pairs (row, value): a row may have none, one or several."""

    values: tuple[str, ...]
    rows: Numbers
    codes: Numbers

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]]) -> Column:
        """The column of these pairs."""
        names: dict[str, int] = {}
        rows: list[int] = []
        codes: list[int] = []
        for row, value in pairs:
            rows.append(row)
            codes.append(names.setdefault(value, len(names)))
        return cls(tuple(names), np.array(rows, dtype=np.int64), np.array(codes, dtype=np.int64))

    def mask(self, wanted: Collection[str], size: int) -> Mask:
        """Which of `size` rows have one of the wanted values."""
        chosen = [code for code, value in enumerate(self.values) if value in wanted]
        found = np.zeros(size, dtype=bool)
        found[self.rows[np.isin(self.codes, chosen)]] = True
        return found

    def count(self, mask: Mask) -> Counter[str]:
        """How many of the rows of a mask have each value."""
        counts = np.bincount(self.codes[mask[self.rows]], minlength=len(self.values))
        return Counter({value: int(n) for value, n in zip(self.values, counts, strict=True) if n})


@dataclass(frozen=True, slots=True)
class Table:
    """One table's rows: their rowids, the way from a rowid to a row, their columns, and the order
    to list them in.
    """

    rowids: Numbers
    places: Numbers  # by rowid; -1 where there is no such row
    columns: Mapping[str, Column]
    order: Numbers  # by row: its place in the list

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.rowids)

    def mask_of(self, rowids: Numbers) -> Mask:
        """The rows of these rowids."""
        mask = np.zeros(self.size, dtype=bool)
        mask[self.places[rowids]] = True
        return mask


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Requirements and passages with what facets count; `ids` are the requirements' ids by row."""

    requirements: Table
    passages: Table
    ids: tuple[str, ...]
    row_of: Mapping[str, int]
    passage_of: Numbers  # by requirement's row: its passage's row


def load_index(connection: sqlite3.Connection) -> SearchIndex:
    """The index of a whole database; a second for 50,000 requirements and 200,000 passages."""
    documents = connection.execute(
        "SELECT id, kind, coalesce(planning_year, substr(published, 1, 4), '') AS label FROM"
        " documents"
    ).fetchall()
    # Guidance first, then the latest year, then by name: the order in which a list without a query
    # reads best.
    documents.sort(key=lambda row: row["id"])
    documents.sort(key=lambda row: row["label"], reverse=True)
    documents.sort(key=lambda row: row["kind"] != "guidance")
    number = {row["id"]: place for place, row in enumerate(documents)}
    kinds = {row["id"]: row["kind"] for row in documents}
    years: dict[str, list[str]] = {}
    for document, year in connection.execute("SELECT document_id, year FROM document_years"):
        years.setdefault(document, []).append(year)

    passages = connection.execute("SELECT rowid, document_id, ordinal, id FROM passages").fetchall()
    passage_table = _table(passages, number, kinds, years, {})
    passage_row = {row[3]: place for place, row in enumerate(passages)}

    rows = connection.execute(
        "SELECT rowid, document_id, ordinal, id, topic, modality, has_target, passage_id FROM"
        " requirements"
    ).fetchall()
    row_of = {row[3]: place for place, row in enumerate(rows)}
    bodies = connection.execute(
        "SELECT requirement_id, organisation_id FROM requirement_organisations"
    ).fetchall()
    own = {
        "topic": Column.of((place, row[4] or NO_TOPIC) for place, row in enumerate(rows)),
        "modality": Column.of((place, row[5]) for place, row in enumerate(rows)),
        "target": Column.of((place, "1") for place, row in enumerate(rows) if row[6]),
        "body": Column.of((row_of[row[0]], row[1]) for row in bodies if row[0] in row_of),
    }
    return SearchIndex(
        requirements=_table(rows, number, kinds, years, own),
        passages=passage_table,
        ids=tuple(row[3] for row in rows),
        row_of=row_of,
        passage_of=np.array([passage_row.get(row[7], -1) for row in rows], dtype=np.int64),
    )


def _table(
    rows: list[Any],
    number: Mapping[str, int],
    kinds: Mapping[str, str],
    years: Mapping[str, list[str]],
    own: Mapping[str, Column],
) -> Table:
    """A table of rows (rowid, document id, ordinal, ...)."""
    rowids = np.array([row[0] for row in rows], dtype=np.int64)
    places = np.full(int(rowids.max()) + 1 if len(rows) else 1, -1, dtype=np.int64)
    places[rowids] = np.arange(len(rows))
    by_document = np.array([number[row[1]] for row in rows], dtype=np.int64)
    ordinals = np.array([row[2] for row in rows], dtype=np.int64)
    order = np.empty(len(rows), dtype=np.int64)
    order[np.lexsort((ordinals, by_document))] = np.arange(len(rows))
    return Table(
        rowids=rowids,
        places=places,
        columns={
            "kind": Column.of((place, kinds[row[1]]) for place, row in enumerate(rows)),
            "year": Column.of(
                (place, year) for place, row in enumerate(rows) for year in years.get(row[1], ())
            ),
            **own,
        },
        order=order,
    )
