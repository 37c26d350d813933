"""Rules of 2012 to 2014 that only commentary reports, against links labelled by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.build import BuildOptions, build
from pipeline.records import Relation
from pipeline.store.database import open_for_reading
from pipeline.store.load import load_documents, load_links, load_requirements
from tests.link.scoring import alike

# Of the labelled links some start at sentences that extraction does not take for requirements.
RECALL = 0.55
PRECISION = 0.85


@pytest.mark.shared
def test_links_between_years_of_commentary(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "commentary.db"
    build([shared / "corpus" / "commentary"], path, options=BuildOptions(workers=2))
    gold = [
        json.loads(line)
        for line in (shared / "gold" / "dev-links" / "links.jsonl").read_text("utf-8").splitlines()
    ]
    with open_for_reading(path) as db:
        file_of = {document.id: Path(document.file).stem for document in load_documents(db)}
        by_id = {r.id: r for r in load_requirements(db)}
        links = [link for link in load_links(db) if link.relation is not Relation.MENTIONS]
    found = right_relation = 0
    correct: set[int] = set()
    touching: set[int] = set()
    for row in gold:
        relations = set()
        for n, link in enumerate(links):
            a, b = by_id[link.from_id], by_id[link.to_id]
            here = (
                file_of[a.document_id] == row["from_doc"],
                file_of[b.document_id] == row["to_doc"],
            )
            from_hit = here[0] and alike(a.quote, row["from_quote"])
            to_hit = here[1] and alike(b.quote, row["to_quote"])
            if from_hit and to_hit:
                correct.add(n)
                relations.add(link.relation.value)
            elif (from_hit and here[1]) or (to_hit and here[0]):
                touching.add(n)
        found += bool(relations)
        right_relation += row["relation"] in relations
    assert found / len(gold) >= RECALL
    assert right_relation / found >= 0.75
    assert len(correct) / len(correct | touching) >= PRECISION
