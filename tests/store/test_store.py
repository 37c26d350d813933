"""Storage: records survive the way to SQLite and back; a document is saved whole or not."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlite_utils

from pipeline.errors import DocumentError, Outcome
from pipeline.extract import ExtractionModels, extract
from pipeline.lexicon import load_lexicon
from pipeline.store.database import open_for_writing
from pipeline.store.load import load_documents, load_figures, load_requirements, load_sources
from pipeline.store.save import (
    SavedSource,
    remove_source,
    save_lexicon,
    save_quarantined,
    save_source,
)
from pipeline.store.schema import TABLES
from tests.extract.helpers import document_of


@pytest.fixture
def db(tmp_path: Path) -> sqlite_utils.Database:
    database = open_for_writing(tmp_path / "test.db")
    save_lexicon(database, load_lexicon())
    return database


SOURCE = SavedSource(
    path=Path("/d/a.txt"), sha256="0", size=1, modified_ns=2, key="k", document_ids=("d",)
)
TEXTS = (
    "ICBs must cut agency spending by 30% to £2.3bn by March 2026, where that is safe.",
    "Between 15 and 30 centres saw 74% of patients.",
)


def test_records_come_back_as_they_went(
    db: sqlite_utils.Database, models: ExtractionModels
) -> None:
    structured = document_of(*TEXTS)
    extraction = extract(structured, models=models)
    save_source(db, SOURCE, [(structured, extraction)])
    assert load_documents(db) == [structured.document]
    assert tuple(load_requirements(db)) == extraction.requirements
    assert tuple(load_figures(db)) == extraction.figures
    assert load_sources(db) == {SOURCE.path: SOURCE}


def test_saving_again_replaces(db: sqlite_utils.Database, models: ExtractionModels) -> None:
    for texts in (TEXTS, TEXTS[1:]):
        structured = document_of(*texts)
        save_source(db, SOURCE, [(structured, extract(structured, models=models))])
    assert db.table("passages").count == 1
    assert not list(db.query("PRAGMA foreign_key_check"))


def test_a_document_is_saved_whole_or_not_at_all(
    db: sqlite_utils.Database, models: ExtractionModels
) -> None:
    structured = document_of(*TEXTS)
    extraction = extract(structured, models=models)
    with pytest.raises(Exception, match="UNIQUE"):
        save_source(db, SOURCE, [(structured, extraction), (structured, extraction)])
    assert all(db.table(t).count == 0 for t in ("documents", "passages", "requirements", "sources"))


def test_removal_leaves_nothing(db: sqlite_utils.Database, models: ExtractionModels) -> None:
    structured = document_of(*TEXTS)
    save_source(db, SOURCE, [(structured, extract(structured, models=models))])
    with db.atomic():
        remove_source(db, SOURCE.path)
    kept = {"organisations", "measures"}
    assert all(db.table(t.name).count == 0 for t in TABLES if t.name not in kept)
    assert not list(db.query("SELECT rowid FROM passages_fts WHERE passages_fts MATCH 'agency'"))


def test_quarantine_keeps_the_reason(db: sqlite_utils.Database) -> None:
    error = DocumentError("a.txt", Outcome.CORRUPT, "it is damaged", remedy="Get it again.", page=3)
    save_quarantined(db, SOURCE, error)
    row = next(iter(db.query("SELECT * FROM quarantine")))
    assert (row["file"], row["outcome"], row["page"], row["remedy"]) == (
        "a.txt",
        "corrupt",
        3,
        "Get it again.",
    )


def test_search_finds_words_and_their_forms(
    db: sqlite_utils.Database, models: ExtractionModels
) -> None:
    structured = document_of(*TEXTS)
    save_source(db, SOURCE, [(structured, extract(structured, models=models))])
    assert len(list(db.table("requirements").search("spend"))) == 1


def test_every_column_is_described() -> None:
    for table in TABLES:
        assert table.meaning.endswith(".")
        assert all(c.meaning.endswith(".") for c in table.columns), table.name
        assert set(table.key) <= {c.name for c in table.columns}
