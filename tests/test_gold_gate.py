"""The gold gate: floors under the figures. Lowering one is a visible edit of this file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.build import BuildOptions, build
from pipeline.evaluate import Evaluation, evaluate, score_documents, score_linking, wilson
from pipeline.extract import ExtractionModels
from pipeline.gold import GoldDocument, load_gold
from pipeline.lexicon import load_lexicon
from pipeline.records import Relation, Requirement
from pipeline.store.database import open_for_reading
from pipeline.store.load import load_documents, load_requirements
from tests.conftest import PROJECT

# Labelled documents of this project, each held out of the classifier that judges it.
OWN = {"detection": 0.91, "quantities": 0.92, "deadlines": 0.88}
OWN_ACCURACY = {
    "modality": 0.94,
    "bearer": 0.86,
    "topic": 0.62,
    "quantity comparator": 0.95,
    "quantity role": 0.88,
    "reported": 0.93,
}
LINKS, RELATION = 0.88, 0.73
# Real guidance and commentary, read from their files, labelled by hand.
REAL = {"detection": 0.91, "quantities": 0.93, "deadlines": 0.90}
REAL_ACCURACY = {
    "modality": 0.94,
    "bearer": 0.86,
    "quantity comparator": 0.95,
    "quantity role": 0.90,
}


@pytest.fixture(scope="module")
def own(models: ExtractionModels) -> Evaluation:
    return evaluate(models=models)


@pytest.mark.parametrize(("name", "floor"), OWN.items())
def test_own_documents(name: str, floor: float, own: Evaluation) -> None:
    assert own.scores[name].f1 >= floor


@pytest.mark.parametrize(("name", "floor"), OWN_ACCURACY.items())
def test_own_documents_fields(name: str, floor: float, own: Evaluation) -> None:
    assert own.accuracies[name].recall >= floor


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    db = tmp_path_factory.mktemp("real") / "real.db"
    build(
        [shared / "corpus" / "guidance", shared / "corpus" / "commentary"],
        db,
        options=BuildOptions(workers=2),
    )
    by_file: dict[str, list[Requirement]] = {}
    with open_for_reading(db) as database:
        files = {d.id: Path(d.file).stem for d in load_documents(database)}
        for requirement in load_requirements(database):
            by_file.setdefault(files[requirement.document_id], []).append(requirement)

    def find(document: GoldDocument) -> Sequence[Requirement]:
        return by_file.get(document.id, [])

    return score_documents(load_gold(shared / "gold" / "dev"), find)


@pytest.mark.parametrize(("name", "floor"), REAL.items())
def test_real_documents(name: str, floor: float, real: Evaluation) -> None:
    assert real.scores[name].f1 >= floor


@pytest.mark.parametrize(("name", "floor"), REAL_ACCURACY.items())
def test_real_documents_fields(name: str, floor: float, real: Evaluation) -> None:
    assert real.accuracies[name].recall >= floor


def test_report_is_text_and_json(own: Evaluation) -> None:
    assert "detection" in own.as_text()
    told = json.loads(own.as_json())
    assert told["scores"]["detection"]["gold"] == own.scores["detection"].gold
    assert own.links is not None
    assert told["links"]["scores"]["links"]["f1"] == own.links.scores["links"].f1
    for name in (*own.links.scores, *own.links.accuracies):
        assert f"\n{name} " in own.as_text()


def test_links_of_own_pairs(own: Evaluation) -> None:
    """Each pair is linked by a model that has not seen it; every relation is measured."""
    assert own.links is not None
    assert own.links.scores["links"].f1 >= LINKS
    assert own.links.accuracies["relation"].recall >= RELATION
    relations = {f"links: {relation.value}" for relation in set(Relation) - {Relation.MENTIONS}}
    assert {"links", *relations} == set(own.links.scores)
    counts = [s.gold for name, s in own.links.scores.items() if name in relations]
    assert sum(counts) == own.links.links == own.links.scores["links"].gold
    found = [s.gold for name, s in own.links.accuracies.items() if name != "relation"]
    assert sum(found) == own.links.accuracies["relation"].gold


def test_links_of_a_folder_are_measured_with_the_model_as_it_is(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "corpus" / "gold" / "links", tmp_path / "links")
    for path in sorted((tmp_path / "links").glob("*.jsonl"))[2:]:
        path.unlink()
    figures = score_linking(tmp_path, load_lexicon())
    assert figures is not None
    assert figures.pairs == 2
    assert figures.scores["links"].f1 > 0.8
    assert score_linking(tmp_path / "links", load_lexicon()) is None


@pytest.mark.parametrize(
    ("successes", "n", "interval"),
    [
        pytest.param(0, 0, (0.0, 1.0), id="nothing-known"),
        pytest.param(50, 100, (0.4038, 0.5962), id="half"),
        pytest.param(10, 10, (0.7225, 1.0), id="all"),
    ],
)
def test_wilson_interval(successes: int, n: int, interval: tuple[float, float]) -> None:
    assert wilson(successes, n) == interval
