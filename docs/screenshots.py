"""Takes the pictures in docs/screenshots: every page over the sample corpus, light and dark.

Run as `python -m docs.screenshots`; it needs Chromium. The corpus is built anew in a folder that is
thrown away, and some requirements are reviewed, so that the pages of reviewing have something to
show.
"""

from __future__ import annotations

import io
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image

from pipeline.build import build
from pipeline.demo import sample_corpus
from pipeline.web.reviews import Action, Wording, create_reviews, record_review, reviews_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER: Final = Path(__file__).resolve().parent / "screenshots"
_CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")
_WIDE: Final = 1280
_NARROW: Final = 375  # pixels: a telephone
_TALLEST: Final = 2000  # pixels of a page that are shown
_SCREEN: Final = 900
_WAIT_S: Final = 60
_DOCUMENT: Final = "sample-guidance-2025-26"
# A target that guidance sets in every year: most of what a requirement's page can show.
_TARGET: Final = (
    "SELECT r.id, count(*) AS n FROM requirements r JOIN links l ON r.id IN (l.from_id, l.to_id)"
    " JOIN quantities q ON q.requirement_id = r.id AND q.role = 'target' AND q.measure IS NOT NULL"
    " WHERE r.document_id = ? GROUP BY r.id ORDER BY n DESC, r.ordinal LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A page to take pictures of; `narrow` for one of a telephone's width as well."""

    name: str
    path: str
    narrow: bool = False


def list_shots(requirement: str) -> tuple[Shot, ...]:
    """The pages, that of one requirement among them."""
    return (
        Shot(name="home", path="/", narrow=True),
        Shot(name="search", path="/search?q=discharge"),
        Shot(name="requirement", path=f"/requirement/{requirement}", narrow=True),
        Shot(name="compare", path="/compare", narrow=True),
        Shot(name="targets", path="/targets"),
        Shot(name="documents", path="/documents"),
        Shot(name="document", path=f"/document/{_DOCUMENT}"),
        Shot(name="checklist", path="/checklist?bearer=integrated+care+board"),
        Shot(name="review", path="/review"),
        Shot(name="tables", path="/mustdo/requirements"),
    )


def main() -> int:
    """Take all of them; 1 where there is no browser."""
    chromium = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if chromium is None:
        sys.stderr.write("The pictures need Chromium (Debian: apt-get install chromium).\n")
        return 1
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "mustdo.db"
        build([sample_corpus()], database)
        requirement = review_some(database)
        with serving(database) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            for shot in list_shots(requirement):
                take(browser, address, shot)
            browser.close()
    return 0


def review_some(database: Path) -> str:
    """Record a few reviews, and return the id of the requirement to show."""
    with closing(sqlite3.connect(database)) as connection:
        shown = str(connection.execute(_TARGET, (_DOCUMENT,)).fetchone()[0])
        rows = connection.execute(
            "SELECT id, document_id, quote, statement FROM requirements"
            " WHERE document_id = ? ORDER BY confidence LIMIT 3",
            (_DOCUMENT,),
        ).fetchall()
    acts = (
        (Action.REJECT, None, "A question, not an instruction."),
        (Action.ACCEPT, None, None),
        (Action.ASSIGN, "Ann Example", None),
    )
    with closing(sqlite3.connect(create_reviews(reviews_path(database)))) as connection:
        for row, (action, value, note) in zip(rows, acts, strict=True):
            record_review(
                connection,
                Wording(id=row[0], document_id=row[1], quote=row[2], statement=row[3]),
                action=action,
                reviewer="Ann Example",
                at=datetime(2026, 1, 12, 9, 30, tzinfo=UTC),
                new_value=value,
                note=note,
            )
    return shown


@contextmanager
def serving(database: Path) -> Iterator[str]:
    """The address of a server over the database, which ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pipeline", "serve", "--db", str(database)]
    server = subprocess.Popen([*command, "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _WAIT_S
        while not _answers(address):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("The server did not come up.")
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()


def take(browser: Browser, address: str, shot: Shot) -> None:
    """The pictures of one page."""
    looks = [("light", _WIDE, "light"), ("dark", _WIDE, "dark")]
    if shot.narrow:
        looks.append(("narrow", _NARROW, "light"))
    for ending, width, scheme in looks:
        context = browser.new_context(
            viewport={"width": width, "height": _TALLEST},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = context.new_page()
        page.goto(address + shot.path)
        page.wait_for_load_state("networkidle")
        # The tall window had every picture load; now the page may be as short as it is.
        page.set_viewport_size({"width": width, "height": _SCREEN})
        height = min(_TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        taken = page.screenshot(
            clip={"x": 0, "y": 0, "width": width, "height": height}, full_page=True
        )
        with Image.open(io.BytesIO(taken)) as picture:
            few = picture.convert("RGB").quantize(256)  # a quarter of the size, and looks the same
            few.save(FOLDER / f"{shot.name}-{ending}.png", optimize=True)
        context.close()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):
            return True
    except (URLError, TimeoutError):
        return False


if __name__ == "__main__":
    sys.exit(main())
