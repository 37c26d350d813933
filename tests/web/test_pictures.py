"""Pictures of pages: the right words boxed, of documents in the database alone, whatever the file
does.
"""

from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from pipeline.web.picture_worker import draw_page, find_boxes
from pipeline.web.serve import make_datasette
from tests.web.conftest import Reader
from tests.web.small import PDF_ID, build

_SCALE = 2.0


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return build(tmp_path)


@pytest.fixture
def viewer(database: Path) -> Iterator[Reader]:
    someone = Reader(make_datasette(database))
    yield someone
    someone.close()


def _target(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute(
            "SELECT id FROM requirements WHERE document_id = ? AND has_target", (PDF_ID,)
        )
        return str(row.fetchone()[0])


def _is_marked(pixel: tuple[int, int, int]) -> bool:
    """Whether a pixel has the highlighter's colour."""
    red, green, blue = pixel
    return red > 235 and 205 < green < 245 and blue < 170


def test_the_words_of_the_requirement_are_boxed_and_no_others(
    viewer: Reader, database: Path
) -> None:
    response = viewer.get(f"/page-image/{PDF_ID}/1.png?requirement={_target(database)}")
    assert response.headers["content-type"] == "image/png"
    image = Image.open(io.BytesIO(response.content)).convert("RGB")
    scale = image.width / A4[0]
    rows = [
        sum(_is_marked(image.getpixel((x, round(top * scale)))) for x in range(image.width))  # type: ignore[arg-type]
        # between the letters of the five lines: just above each baseline's descenders
        for top in (120 + 16 * line + 3 for line in range(5))
    ]
    assert rows[0] == 0
    assert rows[1] > 300
    assert 50 < rows[2] < rows[1]
    assert rows[3] == rows[4] == 0


def test_a_page_without_a_requirement_is_plain(viewer: Reader) -> None:
    image = Image.open(io.BytesIO(viewer.get(f"/page-image/{PDF_ID}/2.png").content)).convert("RGB")
    assert not any(_is_marked(pixel) for _, pixel in image.getcolors(1 << 20) or [])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("/page-image/none/1.png", id="no-such-document"),
        pytest.param(f"/page-image/{PDF_ID}/9.png", id="no-such-page"),
        pytest.param(f"/page-image/{PDF_ID}/0.png", id="page-nought"),
        pytest.param("/page-image/guide-2024-25/1.png", id="no-pdf"),
        pytest.param(f"/page-image/{PDF_ID}/1.png?requirement=none", id="no-such-requirement"),
        pytest.param("/page-image/..%2F..%2Fetc%2Fpasswd/1.png", id="path-upwards"),
        pytest.param("/page-image/%2Fetc%2Fpasswd/1.png", id="path-from-the-root"),
        pytest.param(f"/page-image/{PDF_ID}%00/1.png", id="nul"),
    ],
)
def test_only_pages_of_documents_in_the_database(viewer: Reader, address: str) -> None:
    response = viewer.get(address)
    assert response.status_code == 404
    assert not response.content.startswith(b"\x89PNG")


def test_a_requirement_of_another_document_is_not_boxed(viewer: Reader, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        other = connection.execute(
            "SELECT id FROM requirements WHERE document_id = 'guide-2024-25'"
        ).fetchone()[0]
    assert viewer.get(f"/page-image/{PDF_ID}/1.png?requirement={other}").status_code == 404


def test_a_changed_file_is_not_shown(viewer: Reader, database: Path) -> None:
    file = database.with_name(f"{PDF_ID}.pdf")
    file.write_bytes(file.read_bytes() + b"\n% added")
    response = viewer.get(f"/page-image/{PDF_ID}/1.png")
    assert response.status_code == 404
    assert "has changed" in response.json()["error"]
    file.unlink()
    assert "gone" in viewer.get(f"/page-image/{PDF_ID}/2.png").json()["error"]
    assert "<img" not in viewer.page(f"/requirement/{_target(database)}")


def test_a_file_swapped_for_a_link_elsewhere_is_not_shown(viewer: Reader, database: Path) -> None:
    file = database.with_name(f"{PDF_ID}.pdf")
    secret = database.with_name("secret.pdf")
    shutil.copy(file, secret)
    secret.write_bytes(secret.read_bytes() + b"secret")
    file.unlink()
    file.symlink_to(secret)
    assert viewer.get(f"/page-image/{PDF_ID}/1.png").status_code == 404


def test_a_worker_that_ends_costs_one_picture(viewer: Reader, database: Path) -> None:
    from pipeline.web.site import site_of

    pictures = site_of(viewer.datasette).pictures
    assert viewer.get(f"/page-image/{PDF_ID}/1.png").status_code == 200
    worker = pictures._worker
    assert worker is not None
    worker.kill()
    worker.wait()
    assert viewer.get(f"/page-image/{PDF_ID}/2.png").status_code == 200
    pictures.close()
    assert (
        viewer.get(f"/page-image/{PDF_ID}/1.png?requirement={_target(database)}").status_code == 200
    )


def _draw(path: Path, *, rotate: int = 0, crop: tuple[int, int, int, int] | None = None) -> None:
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(100, 700, "Trusts must publish plans.")
    canvas.drawString(100, 400, "Trusts must publish plans.")
    canvas.drawString(100, 384, "A line that breaks a commit-")
    canvas.drawString(100, 368, "ment in two; o\ufb03ce hours.")
    if rotate:
        canvas.setPageRotation(rotate)
    if crop:
        canvas.setCropBox(crop)
    canvas.showPage()
    canvas.save()


def _boxes(
    path: Path, text: str, box: tuple[float, float, float, float] | None = None
) -> list[tuple[float, float, float, float]]:
    with pdfium.PdfDocument(str(path)) as document:
        page = document[0]
        width, height = page.get_size()
        size = (round(width * _SCALE), round(height * _SCALE))
        return find_boxes(page, [{"text": text, "box": box}], size, _SCALE)


def test_of_several_places_the_one_nearest_the_stored_box(tmp_path: Path) -> None:
    _draw(tmp_path / "a.pdf")
    upper = _boxes(tmp_path / "a.pdf", "Trusts must publish plans.", (100, 130, 250, 145))
    lower = _boxes(tmp_path / "a.pdf", "Trusts must publish plans.", (100, 430, 250, 445))
    assert upper[0][1] == pytest.approx((A4[1] - 710) * _SCALE, abs=8)
    assert lower[0][1] == pytest.approx((A4[1] - 410) * _SCALE, abs=8)


def test_a_word_broken_at_the_line_s_end_has_two_boxes(tmp_path: Path) -> None:
    _draw(tmp_path / "a.pdf")
    boxes = _boxes(tmp_path / "a.pdf", "a commitment in two")
    assert len(boxes) == 2
    assert boxes[0][1] < boxes[1][1]


def test_words_that_are_not_found_are_boxed_where_they_were_read(tmp_path: Path) -> None:
    _draw(tmp_path / "a.pdf")
    assert _boxes(tmp_path / "a.pdf", "quite other words", (10, 20, 30, 40)) == [(20, 40, 60, 80)]
    assert _boxes(tmp_path / "a.pdf", "quite other words") == []


@pytest.mark.parametrize(
    ("rotate", "is_tall"),
    [
        pytest.param(0, False),
        pytest.param(90, True),
        pytest.param(180, False),
        pytest.param(270, True),
    ],
)
def test_boxes_follow_a_turned_page(tmp_path: Path, rotate: int, is_tall: bool) -> None:
    _draw(tmp_path / "a.pdf", rotate=rotate)
    (box,) = _boxes(tmp_path / "a.pdf", "A line that breaks a commit")
    across, along = box[2] - box[0], box[3] - box[1]
    assert (along > across) == is_tall
    assert max(across, along) == pytest.approx(145 * _SCALE, abs=12)


def test_the_picture_of_a_cropped_page_is_of_what_is_shown(tmp_path: Path) -> None:
    _draw(tmp_path / "a.pdf", crop=(50, 350, 450, 750))
    (box,) = _boxes(tmp_path / "a.pdf", "Trusts must publish plans.", (50, 30, 250, 60))
    assert box[0] == pytest.approx((100 - 50) * _SCALE, abs=8)
    assert box[1] == pytest.approx((750 - 710) * _SCALE, abs=8)


def test_a_page_too_far_is_named(tmp_path: Path) -> None:
    _draw(tmp_path / "a.pdf")
    with pytest.raises(IndexError, match="page 2 of 1"):
        draw_page(str(tmp_path / "a.pdf"), 2, [])
