"""Files that break readers, made on the spot: damaged, hostile, lying about themselves, or no
documents at all.

Each is named, made by a function, and comes with the outcomes that are right for it. Where a reader
may mend a file or refuse it, both are; what is never right is a dead build, a lost file or one that
takes for ever.
"""

from __future__ import annotations

import os
import random
import socket
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.errors import Outcome

Make = Callable[[Path], None]

_READ: Final = frozenset({Outcome.READ})
_UNSUPPORTED: Final = frozenset({Outcome.UNSUPPORTED})
_CORRUPT: Final = frozenset({Outcome.CORRUPT})
_EMPTY: Final = frozenset({Outcome.EMPTY})
_TOO_LARGE: Final = frozenset({Outcome.TOO_LARGE})
_MENDED: Final = frozenset({Outcome.READ, Outcome.CORRUPT, Outcome.ZERO_PAGES})
_HEAVY: Final = frozenset(
    {Outcome.READ, Outcome.CORRUPT, Outcome.TOO_LARGE, Outcome.TIMED_OUT, Outcome.ZERO_PAGES}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A file that breaks readers: its name, how it is made, and what may become of it."""

    name: str
    make: Make
    outcomes: frozenset[Outcome]


_CASES: list[Broken] = []


def _case(name: str, outcomes: frozenset[Outcome]) -> Callable[[Make], Make]:
    def keep(make: Make) -> Make:
        _CASES.append(Broken(name=name, make=make, outcomes=outcomes))
        return make

    return keep


def all_cases() -> tuple[Broken, ...]:
    """Every broken file that this machine can make."""
    return tuple(_CASES)


# ---------------------------------------------------------------------------------------------- PDF


def _stream(content: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(content, 1)
    return b"<< /Filter /FlateDecode /Length %d %s >>\nstream\n%s\nendstream" % (
        len(packed),
        extra,
        packed,
    )


def _pdf(objects: dict[int, bytes], *, root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects with a right cross-reference table."""
    body = b"%PDF-1.7\n"
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    size = max(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        body += b"%010d 00000 n \n" % places.get(number, 0)
    body += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, root, trailer, start,
    )  # fmt: skip
    return body


_TEXT: Final = b"BT /F1 12 Tf 72 720 Td (Boards must publish their plan.) Tj ET"
_FONT: Final = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def _page_objects(
    content: bytes = _TEXT, resources: bytes = b"", box: bytes = b"0 0 595 842"
) -> dict[int, bytes]:
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> %s >> >>" % (box, resources)
        ),
        4: _stream(content),
        5: _FONT,
    }


WHOLE_PDF: Final = _pdf(_page_objects())


@_case("cut-in-half.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(WHOLE_PDF[: len(WHOLE_PDF) // 2])


@_case("cut-before-its-table.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(WHOLE_PDF[: WHOLE_PDF.index(b"xref")])


@_case("first-line-only.pdf", _CORRUPT)
def _(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n")


@_case("places-all-wrong.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(
        WHOLE_PDF.replace(b"00000 n", b"00007 n").replace(b"startxref\n", b"startxref\n99")
    )


@_case("table-of-noughts.pdf", _MENDED)
def _(path: Path) -> None:
    head, tail = WHOLE_PDF.split(b"xref\n0", 1)
    table, trailer = tail.split(b"trailer", 1)
    path.write_bytes(head + b"xref\n0" + b"0" * len(table) + b"trailer" + trailer)


@_case("no-trailer.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(WHOLE_PDF[: WHOLE_PDF.index(b"trailer")])


@_case("no-first-line.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(WHOLE_PDF.removeprefix(b"%PDF-1.7\n"))


@_case("bytes-flipped.pdf", _MENDED)
def _(path: Path) -> None:
    content = bytearray(WHOLE_PDF)
    flips = random.Random(7)
    for _ in range(len(content) // 20):
        content[flips.randrange(10, len(content))] = flips.randrange(256)
    path.write_bytes(bytes(content))


@_case("no-pages.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(
        _pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"})
    )


@_case("page-tree-in-a-circle.pdf", _MENDED)
def _(path: Path) -> None:
    objects = _page_objects()
    objects[2] = b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>"
    objects[6] = b"<< /Type /Pages /Kids [2 0 R 6 0 R] /Count 1 /Parent 2 0 R >>"
    path.write_bytes(_pdf(objects))


@_case("page-tree-too-deep.pdf", _MENDED)
def _(path: Path) -> None:
    objects = _page_objects()
    depth = 5000
    objects[2] = b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"
    for level in range(depth):
        objects[10 + level] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (11 + level)
    objects[10 + depth] = objects.pop(3)
    path.write_bytes(_pdf(objects))


@_case("two-billion-pages.pdf", _MENDED)
def _(path: Path) -> None:
    objects = _page_objects()
    objects[2] = b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>"
    path.write_bytes(_pdf(objects))


@_case("fewer-than-no-pages.pdf", _MENDED)
def _(path: Path) -> None:
    objects = _page_objects()
    objects[2] = b"<< /Type /Pages /Kids [3 0 R] /Count -5 >>"
    path.write_bytes(_pdf(objects))


@_case("a-page-as-large-as-the-sky.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(_pdf(_page_objects(box=b"-1e37 -1e37 3.4e38 3.4e38")))


@_case("a-page-of-no-size.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(_pdf(_page_objects(box=b"0 0 0 0")))


@_case("a-page-without-numbers.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(_pdf(_page_objects(box=b"/a (b) nan inf")))


@_case("form-inside-itself.pdf", _MENDED)
def _(path: Path) -> None:
    objects = _page_objects(b"/X1 Do " + _TEXT, b"/XObject << /X1 6 0 R >>")
    objects[6] = _stream(
        b"/X1 Do " + _TEXT,
        b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
        b"/Resources << /Font << /F1 5 0 R >> /XObject << /X1 6 0 R >> >>",
    )
    path.write_bytes(_pdf(objects))


@_case("forms-that-double.pdf", _HEAVY)
def _(path: Path) -> None:
    """Each form draws the next one twice: 2 to the 26th lines of text at the end of it."""
    levels = 26
    objects = _page_objects(b"/X1 Do", b"/XObject << /X1 10 0 R >>")
    for level in range(levels):
        last = level == levels - 1
        objects[10 + level] = _stream(
            _TEXT if last else b"/X1 Do /X1 Do",
            b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "
            b"/Resources << /Font << /F1 5 0 R >> "
            + (b">>" if last else b"/XObject << /X1 %d 0 R >> >>" % (11 + level)),
        )
    path.write_bytes(_pdf(objects))


@_case("a-million-paths.pdf", _HEAVY)
def _(path: Path) -> None:
    boxes = b"".join(b"%d %d 9 7 re S\n" % (i % 590, i // 590 % 840) for i in range(5000))
    path.write_bytes(_pdf(_page_objects(boxes * 200 + _TEXT)))


@_case("a-grid-of-forty-thousand-cells.pdf", _HEAVY)
def _(path: Path) -> None:
    lines = b"".join(
        b"%d 0 m %d 800 l S 0 %d m 580 %d l S\n" % (i, i, i, i) for i in range(0, 580, 4)
    )
    path.write_bytes(_pdf(_page_objects(lines + _TEXT)))


@_case("lines-on-a-huge-sheet.pdf", _HEAVY)
def _(path: Path) -> None:
    """Sixteen million crossings of four thousand uprights and as many rules."""
    lines = b"".join(
        b"%d 0 m %d 14400 l S 0 %d m 14400 %d l S\n" % (i, i, i, i) for i in range(0, 14400, 4)
    )
    path.write_bytes(_pdf(_page_objects(lines + _TEXT, box=b"0 0 14400 14400")))


@_case("a-million-letters.pdf", _HEAVY)
def _(path: Path) -> None:
    text = b"BT /F1 1 Tf 1 1 Td " + b"(Boards must publish. ) Tj 0 0.01 Td " * 50_000 + b"ET"
    path.write_bytes(_pdf(_page_objects(text)))


@_case("blank-by-the-gigabyte.pdf", _HEAVY)
def _(path: Path) -> None:
    """A page whose content is a gigabyte of blanks, packed twice into few bytes."""
    blanks = zlib.compressobj(1)
    packed = b"".join(blanks.compress(b" " * 1_000_000) for _ in range(1000)) + blanks.flush()
    twice = zlib.compress(packed, 9)
    objects = _page_objects()
    objects[4] = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream" % (
        len(twice), twice,
    )  # fmt: skip
    path.write_bytes(_pdf(objects))


@_case("brackets-without-end.pdf", _MENDED)
def _(path: Path) -> None:
    objects = _page_objects()
    objects[6] = b"[" * 200_000
    objects[3] = objects[3].replace(b"/Contents", b"/Annots 6 0 R /Contents")
    path.write_bytes(_pdf(objects))


@_case("a-stream-that-lies.pdf", _MENDED)
def _(path: Path) -> None:
    objects = _page_objects()
    objects[4] = b"<< /Length 2000000000 >>\nstream\n" + _TEXT + b"\nendstream"
    path.write_bytes(_pdf(objects))


@_case("a-length-that-is-itself.pdf", _MENDED)
def _(path: Path) -> None:
    objects = _page_objects()
    objects[4] = b"<< /Length 4 0 R >>\nstream\n" + _TEXT + b"\nendstream"
    path.write_bytes(_pdf(objects))


@_case("tables-in-a-circle.pdf", _MENDED)
def _(path: Path) -> None:
    content = _pdf(_page_objects(), trailer=b"/Prev 1234567890")
    place = content.rindex(b"xref\n0")
    path.write_bytes(content.replace(b"/Prev 1234567890", b"/Prev %-10d" % place))


@_case("bookmarks-in-a-circle.pdf", _READ)
def _(path: Path) -> None:
    objects = _page_objects()
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>"
    objects[6] = b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>"
    objects[7] = (
        b"<< /Title (One) /Parent 6 0 R /Next 7 0 R /First 7 0 R /Dest [3 0 R /XYZ 0 700 0] >>"
    )
    path.write_bytes(_pdf(objects))


@_case("a-lock-nobody-knows.pdf", frozenset({Outcome.ENCRYPTED, Outcome.CORRUPT}))
def _(path: Path) -> None:
    objects = _page_objects()
    objects[6] = b"<< /Filter /Nobody /V 9 /R 9 /O (x) /U (y) /P -1 >>"
    path.write_bytes(_pdf(objects, trailer=b"/Encrypt 6 0 R /ID [(a) (b)]"))


@_case("a-picture-too-large.pdf", frozenset({Outcome.OCR_NEEDED, Outcome.READ, Outcome.CORRUPT}))
def _(path: Path) -> None:
    objects = _page_objects(b"595 0 0 842 0 0 cm /I1 Do", b"/XObject << /I1 6 0 R >>")
    objects[6] = _stream(
        b"0" * 1000,
        b"/Type /XObject /Subtype /Image /Width 1000000 /Height 1000000 /BitsPerComponent 8 "
        b"/ColorSpace /DeviceRGB",
    )
    path.write_bytes(_pdf(objects))


@_case("a-font-of-rubbish.pdf", _MENDED)
def _(path: Path) -> None:
    objects = _page_objects()
    objects[5] = (
        b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor 6 0 R /FirstChar 0 "
        b"/LastChar 99999999 /Widths [1 2 (x)] /ToUnicode 4 0 R >>"
    )
    objects[6] = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 7 0 R >>"
    objects[7] = _stream(random.Random(3).randbytes(5000))
    path.write_bytes(_pdf(objects))


@_case("noughts.pdf", _CORRUPT)
def _(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(190_000_000)  # a sparse file: it takes no room


@_case("noise.pdf", _CORRUPT)
def _(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(100_000))


@_case("first-line-then-noise.pdf", _MENDED)
def _(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + random.Random(2).randbytes(300_000))


@_case("nothing.pdf", _EMPTY)
def _(path: Path) -> None:
    path.touch()


@_case("folder.pdf", _UNSUPPORTED)
def _(path: Path) -> None:
    path.mkdir()


@_case("picture.pdf", _UNSUPPORTED)
def _(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))


@_case("page-of-the-web.pdf", _READ)
def _(path: Path) -> None:
    path.write_text("<!DOCTYPE html><html><body><p>Boards must publish.</p></body></html>")


@_case("a-pdf-by-another-name.txt", _READ)
def _(path: Path) -> None:
    path.write_bytes(WHOLE_PDF)


# ------------------------------------------------------------------------------------ other formats

_TYPES_PART: Final = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/'
    'vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS_PART: Final = (
    '<?xml version="1.0"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _docx(path: Path, pieces: Iterator[str]) -> None:
    """A Word file whose document.xml is written piece by piece."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES_PART)
        archive.writestr("_rels/.rels", _RELATIONS_PART)
        with archive.open("word/document.xml", "w") as part:
            for piece in pieces:
                part.write(piece.encode())


@_case("packed-a-thousandfold.docx", _HEAVY)
def _(path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>'
        for _ in range(600):
            yield "a" * 1_000_000
        yield "</w:t></w:r></w:p></w:body></w:document>"

    _docx(path, pieces())


@_case("entities-that-swell.docx", _HEAVY)
def _(path: Path) -> None:
    _docx(path, iter([_swelling("w:document", f'xmlns:w="{_WORD}"')]))


@_case("elements-without-end.docx", _HEAVY)
def _(path: Path) -> None:
    table = "<w:tbl><w:tr><w:tc>"
    _docx(path, iter([f'<w:document xmlns:w="{_WORD}"><w:body>', table * 20_000]))


@_case("no-document-inside.docx", _UNSUPPORTED | _CORRUPT)
def _(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES_PART)
        archive.writestr("readme.txt", "nothing here")


@_case("cut-short.docx", _CORRUPT)
def _(path: Path) -> None:
    _docx(path, iter([f'<w:document xmlns:w="{_WORD}"><w:body/></w:document>']))
    path.write_bytes(path.read_bytes()[:-60])


@_case("workbook.docx", _UNSUPPORTED)
def _(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")


@_case("ten-thousand-files.docx", _UNSUPPORTED | _CORRUPT)
def _(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_000):
            archive.writestr(f"{number}.xml", "")


@_case("from-an-old-office.doc", _UNSUPPORTED)
def _(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))


def _swelling(root: str, attributes: str = "") -> str:
    """XML in which each entity is ten of the one before."""
    entities = '<!ENTITY a0 "swell">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    return f'<?xml version="1.0"?><!DOCTYPE {root} [{entities}]><{root} {attributes}>&a11;</{root}>'


@_case("entities-that-swell.html", _HEAVY | _UNSUPPORTED)
def _(path: Path) -> None:
    path.write_text(_swelling("html"))


@_case("entities-that-swell.xml", _UNSUPPORTED)
def _(path: Path) -> None:
    path.write_text(_swelling("lol"))


@_case("elements-without-end.html", _HEAVY)
def _(path: Path) -> None:
    path.write_text("<!DOCTYPE html><body>" + "<div><b>" * 100_000 + "deep")


@_case("a-table-of-holes.html", _HEAVY)
def _(path: Path) -> None:
    path.write_text(
        "<!DOCTYPE html><body><table><tr><td colspan=99999999 rowspan=99999999>wide</td></tr>"
        + "<tr><td>a<td>b" * 100
        + "</table>"
    )


@_case("bytes-of-nought.txt", _UNSUPPORTED | _CORRUPT)
def _(path: Path) -> None:
    path.write_bytes(b"Boards must\x00 publish\x00\x00\x00 their plans.\n" * 100)


@_case("noise.txt", _UNSUPPORTED | _CORRUPT)
def _(path: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(50_000))


@_case("blank.txt", _EMPTY)
def _(path: Path) -> None:
    path.write_text(" \n\t\n" * 100)


@_case("wide-letters-unmarked.txt", _READ | _CORRUPT)
def _(path: Path) -> None:
    path.write_bytes("Boards must publish their plans by March.\n".encode("utf-16-le") * 50)


@_case("one-endless-line.txt", _HEAVY)
def _(path: Path) -> None:
    path.write_text("Boards must publish their plans by March 2026 and " * 100_000)


@_case("marks-without-end.md", _HEAVY)
def _(path: Path) -> None:
    """What makes careless patterns take for ever."""
    path.write_text(
        "\n".join(mark * 20_000 for mark in ("(", "1.", "*", "- ", "[a](", "|", " ", "#", "_*"))
    )


@_case("too-large.txt", _TOO_LARGE)
def _(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"Boards must publish.\n")
        file.truncate(300_000_000)


@_case("missing.pdf", _UNSUPPORTED)
def _(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere.pdf"))


@_case("leads-to-itself.pdf", _UNSUPPORTED)
def _(path: Path) -> None:
    path.symlink_to(path)


if hasattr(os, "mkfifo"):

    @_case("pipe.pdf", _UNSUPPORTED)
    def _pipe(path: Path) -> None:
        os.mkfifo(path)


if hasattr(socket, "AF_UNIX"):

    @_case("socket.pdf", _UNSUPPORTED)
    def _socket(path: Path) -> None:
        with socket.socket(socket.AF_UNIX) as found:
            here = Path.cwd()
            os.chdir(path.parent)  # the name of a socket must be short
            try:
                found.bind(path.name)
            finally:
                os.chdir(here)


@_case("forbidden.pdf", _READ if os.geteuid() == 0 else _UNSUPPORTED)
def _(path: Path) -> None:
    path.write_bytes(WHOLE_PDF)
    path.chmod(0)
