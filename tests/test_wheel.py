"""The wheel: what is installed does everything that the checkout does, and needs nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

from pipeline.errors import UsageError
from pipeline.train import train
from tests.conftest import PROJECT

# What of the checkout goes into the package, and where.
PACKED = {
    "models": "pipeline/_models",
    "corpus/sample": "pipeline/_sample",
    "corpus/gold": "pipeline/_gold",
    "corpus/catalogue.yml": "pipeline/_catalogue.yml",
    "metadata.yml": "pipeline/_metadata.yml",
}
# Run where there is no checkout: says where things are, and builds and measures a little.
SCRIPT = """
from pathlib import Path
import pipeline
from pipeline.demo import default_catalogue, sample_corpus
from pipeline.evaluate import evaluate
from pipeline.gold import default_gold, load_gold
from pipeline.lexicon.load import default_directory
from pipeline.link import load_labelled_pairs
from pipeline.link.project import labelled_pairs_directory
from pipeline.web.metadata import load_metadata, metadata_path
home = Path(pipeline.__file__).parent
for path in (sample_corpus(), default_catalogue(), default_gold(), default_directory(),
             labelled_pairs_directory(), metadata_path()):
    assert path.is_relative_to(home) and path.exists(), path
assert load_gold(default_gold()) and load_labelled_pairs(labelled_pairs_directory())
assert load_metadata("mustdo")["databases"]["mustdo"]["queries"]
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    return Path(next(WheelBuilder(str(PROJECT)).build(directory=str(folder))))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The wheel unpacked, as pip does it, with nothing of the checkout beside it."""
    folder = wheel.parent / "site"
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *words],
        cwd=installed.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("place", "packed"), PACKED.items())
def test_the_wheel_holds_what_the_program_reads(wheel: Path, place: str, packed: str) -> None:
    source = PROJECT / place
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", place],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("needs the project's git repository, to tell its files from others")
    with ZipFile(wheel) as archive:
        for name in listed.stdout.splitlines():
            inside = packed + name.removeprefix(place)
            assert archive.read(inside) == (PROJECT / name).read_bytes(), inside
    assert source.exists()


def test_the_wheel_holds_every_module_and_page(wheel: Path) -> None:
    wanted = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "pipeline").rglob("*")
        if path.is_file() and path.suffix in (".py", ".html", ".css", ".js", ".svg")
    }
    with ZipFile(wheel) as archive:
        assert wanted <= set(archive.namelist())


def test_everything_is_found_without_the_checkout(installed: Path) -> None:
    done = run(installed, "-c", SCRIPT)
    assert done.returncode == 0, done.stderr


def test_demo_builds_from_the_wheel(installed: Path) -> None:
    done = run(installed, "-m", "pipeline", "demo", "--no-serve", "--db", "demo.db")
    assert done.returncode == 0, done.stderr
    assert "13 documents" in done.stdout


def test_training_where_models_may_not_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)  # as it is for anybody but root
    with pytest.raises(UsageError, match="may not be written"):
        train(directory=tmp_path)
