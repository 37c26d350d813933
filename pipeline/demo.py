"""Where the sample corpus and the catalogue are: in a checkout, or packed into the installed
program.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline.errors import UsageError
from pipeline.store.database import check_database, open_for_reading

_PACKAGE: Final = Path(__file__).parent
_CHECKOUT: Final = _PACKAGE.parent


def sample_corpus() -> Path:
    """The folder of the sample documents."""
    packed = _PACKAGE / "_sample"
    return packed if packed.is_dir() else _CHECKOUT / "corpus" / "sample"


def default_catalogue() -> Path:
    """The catalogue of real guidance."""
    packed = _PACKAGE / "_catalogue.yml"
    return packed if packed.is_file() else _CHECKOUT / "corpus" / "catalogue.yml"


def check_demo_database(path: Path) -> None:
    """Raise UsageError where the demo would mix its samples into somebody's own documents."""
    if not path.exists():
        return
    check_database(path)
    with open_for_reading(path) as db:
        sample = str(sample_corpus().resolve())
        own = [
            r["path"]
            for r in db.query("SELECT path FROM sources")
            if not r["path"].startswith(sample)
        ]
    if own:
        raise UsageError(
            f"{path} holds documents of your own. Give the demo a file of its own:"
            " mustdo demo --db demo.db"
        )
