"""Word files to blocks."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml

from pipeline.errors import DocumentError, Outcome
from pipeline.read.docx import read_docx
from pipeline.read.docx_numbering import read_numbering
from pipeline.records import Block, BlockKind

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _read(tmp_path: Path, fill: Callable[[WordDocument], None]) -> list[Block]:
    document = docx.Document()
    fill(document)
    path = tmp_path / "made.docx"
    document.save(str(path))
    return list(read_docx(path).blocks)


def _body(tmp_path: Path, *xml: str) -> list[Block]:
    """The blocks of a document whose body holds elements given as XML."""

    def fill(document: WordDocument) -> None:
        body = document.element.body
        for element in xml:
            body.insert(len(body) - 1, parse_xml(element.replace("<w:p>", f"<w:p {W}>", 1)))

    return _read(tmp_path, fill)


def _shape(blocks: list[Block]) -> list[tuple[str, int, str | None, str]]:
    return [(block.kind.value, block.level, block.marker, block.text) for block in blocks]


def test_headings_lists_and_paragraphs(tmp_path: Path) -> None:
    def fill(document: WordDocument) -> None:
        document.add_heading("The plan", 0)
        document.add_heading("Beds", 1)
        document.add_paragraph("Boards must:")
        document.add_paragraph("open beds", style="List Bullet")
        document.add_paragraph("ten of them", style="List Bullet 2")
        document.add_paragraph("vote", style="List Number")
        document.add_paragraph("minute it", style="List Number")
        document.add_paragraph("Chart 1", style="Caption")

    assert _shape(_read(tmp_path, fill)) == [
        ("heading", 1, None, "The plan"),
        ("heading", 2, None, "Beds"),
        ("paragraph", 0, None, "Boards must:"),
        ("list_item", 1, "•", "open beds"),
        ("list_item", 2, "•", "ten of them"),
        ("list_item", 1, "1.", "vote"),
        ("list_item", 1, "2.", "minute it"),
        ("caption", 0, None, "Chart 1"),
    ]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        pytest.param(
            '<w:r><w:t xml:space="preserve">One </w:t><w:t>two</w:t></w:r>', "One two", id="runs"
        ),
        pytest.param("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>", "a b", id="line-break"),
        pytest.param("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>", "a b", id="tab"),
        pytest.param("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t></w:r>", "a-b", id="hyphen"),
        pytest.param(
            "<w:r><w:t>a</w:t></w:r><w:ins><w:r><w:t>b</w:t></w:r></w:ins><w:del><w:r>"
            "<w:delText>c</w:delText></w:r></w:del>",
            "ab",
            id="tracked-changes",
        ),
        pytest.param("<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>", "link", id="link"),
        pytest.param(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText>'
            "</w:r>"
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r>'
            '<w:fldChar w:fldCharType="end"/></w:r>',
            "7",
            id="field",
        ),
        pytest.param(
            "<w:r><w:t>a</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>b</w:t></w:r>",
            "a",
            id="hidden",
        ),
        pytest.param(
            "<w:sdt><w:sdtContent><w:r><w:t>held</w:t></w:r></w:sdtContent></w:sdt>",
            "held",
            id="control",
        ),
        pytest.param(
            '<w:r><w:t>9 m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            "<w:t>2</w:t></w:r>",
            "9 m2",
            id="exponent",
        ),
    ],
)
def test_text_of_a_paragraph(tmp_path: Path, inner: str, text: str) -> None:
    assert [block.text for block in _body(tmp_path, f"<w:p>{inner}</w:p>")] == [text]


def test_footnotes_set_by_hand(tmp_path: Path) -> None:
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>'
    text, note = _body(
        tmp_path,
        f"<w:p><w:r><w:t>Ten</w:t></w:r>{mark}<w:r><w:t xml:space='preserve'> beds</w:t></w:r>"
        "</w:p>",
        f"<w:p>{mark}<w:r><w:t xml:space='preserve'> Or more.</w:t></w:r></w:p>",
    )
    assert text.text == "Ten beds"
    assert (note.kind, note.marker, note.text) == (BlockKind.FOOTNOTE, "1", "Or more.")


def test_footnotes_of_word_follow_the_paragraph_that_refers_to_them(tmp_path: Path) -> None:
    path = tmp_path / "made.docx"
    document = docx.Document()
    document.add_paragraph("Ten")
    document.add_paragraph("End")
    document.element.body[0].append(parse_xml(f'<w:r {W}><w:footnoteReference w:id="2"/></w:r>'))
    document.save(str(path))
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> Or more.</w:t></w:r>'
        "</w:p></w:footnote></w:footnotes>"
    )
    _add_part(path, "word/footnotes.xml", notes, "footnotes")
    blocks = read_docx(path).blocks
    assert [(block.kind.value, block.marker, block.text) for block in blocks] == [
        ("paragraph", None, "Ten"),
        ("footnote", "1", "Or more."),
        ("paragraph", None, "End"),
    ]


def _add_part(path: Path, name: str, xml: str, kind: str) -> None:
    """Puts a part into a package, with its relation and its type."""
    old = path.with_suffix(".old")
    shutil.move(path, old)
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    typed = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "word/_rels/document.xml.rels":
                relation = (
                    f'<Relationship Id="rIdX" Type="{base}{kind}" Target="{kind}.xml"/>'
                    "</Relationships>"
                )
                content = content.replace(b"</Relationships>", relation.encode())
            if member.filename == "[Content_Types].xml":
                part = f'<Override PartName="/{name}" ContentType="{typed}{kind}+xml"/></Types>'
                content = content.replace(b"</Types>", part.encode())
            target.writestr(member, content)
        target.writestr(name, xml)


def test_tables_with_merged_cells_and_lists_in_them(tmp_path: Path) -> None:
    def fill(document: WordDocument) -> None:
        table = document.add_table(rows=4, cols=2)
        for number, texts in enumerate((("Aim", "Measure"), ("Waits", "60%"), ("", "65%"))):
            for column, text in enumerate(texts):
                table.cell(number, column).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        table.cell(3, 0).merge(table.cell(3, 1)).text = "All"
        table.cell(2, 1).add_paragraph("in May", style="List Bullet")
        table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {W}/>"))

    (block,) = _read(tmp_path, fill)
    assert block.table is not None
    assert [(c.text, c.row, c.column, c.rows, c.columns, c.header) for c in block.table.cells] == [
        ("Aim", 0, 0, 1, 1, True),
        ("Measure", 0, 1, 1, 1, True),
        ("Waits", 1, 0, 2, 1, False),
        ("60%", 1, 1, 1, 1, False),
        ("65%\n• in May", 2, 1, 1, 1, False),
        ("All", 3, 0, 1, 2, False),
    ]


def test_a_table_of_one_cell_is_a_box(tmp_path: Path) -> None:
    def fill(document: WordDocument) -> None:
        document.add_table(rows=1, cols=1).cell(0, 0).text = "Framed"

    (block,) = _read(tmp_path, fill)
    assert (block.kind, block.text, block.boxed) == (BlockKind.PARAGRAPH, "Framed", True)


def test_text_boxes_come_after_their_paragraph_once(tmp_path: Path) -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    boxed = "<w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent {mc}><mc:Choice Requires='wps'><w:drawing>"
        f"{boxed}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{boxed}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    blocks = _body(tmp_path, f"<w:p><w:r><w:t>Out</w:t></w:r>{drawn}</w:p>")
    assert [(block.text, block.boxed) for block in blocks] == [("Out", False), ("In a box", True)]


def test_tables_of_contents_go(tmp_path: Path) -> None:
    contents = (
        f"<w:sdt {W}><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
        "</w:docPartObj></w:sdtPr>"
        "<w:sdtContent><w:p><w:r><w:t>Beds 3</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    control = (
        f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Held</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert [block.text for block in _body(tmp_path, contents, control)] == ["Held"]


NUMBERING = (
    f"<w:numbering {W}>"
    "<w:abstractNum w:abstractNumId='1'>"
    "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1'/>"
    "</w:lvl>"
    "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.%2'/>"
    "</w:lvl>"
    "<w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='lowerRoman'/><w:lvlText "
    "w:val='(%3)'/></w:lvl>"
    "<w:lvl w:ilvl='3'><w:numFmt w:val='bullet'/><w:lvlText w:val='\uf0b7'/></w:lvl>"
    "</w:abstractNum>"
    "<w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num>"
    "<w:num w:numId='2'><w:abstractNumId w:val='1'/><w:lvlOverride w:ilvl='0'><w:startOverride "
    "w:val='7'/></w:lvlOverride></w:num>"
    "</w:numbering>"
)


def test_numbers_are_computed_as_word_does() -> None:
    numbering = read_numbering(parse_xml(NUMBERING))
    steps = [
        ("1", 0),
        ("1", 1),
        ("1", 1),
        ("1", 2),
        ("1", 2),
        ("1", 3),
        ("1", 0),
        ("1", 1),
        ("2", 0),
        ("2", 0),
    ]
    assert [numbering.next_marker(number, level) for number, level in steps] == [
        "1",
        "1.1",
        "1.2",
        "(i)",
        "(ii)",
        "•",
        "2",
        "2.1",
        "7",
        "8",
    ]
    assert numbering.next_marker("9", 0) is None


def test_core_properties(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    document.core_properties.title = "A plan"
    document.core_properties.author = "A board"
    path = tmp_path / "made.docx"
    document.save(str(path))
    found = dict(read_docx(path).metadata)
    assert (found["title"], found["author"]) == ("A plan", "A board")


def _package(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("members", "outcome"),
    [
        pytest.param({"word/document.xml": b" " * 30_000_000}, Outcome.TOO_LARGE, id="bomb"),
        pytest.param(
            {f"word/{n}.xml": b"x" for n in range(6_000)}, Outcome.TOO_LARGE, id="many-parts"
        ),
        pytest.param(
            {"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>'},
            Outcome.CORRUPT,
            id="entities",
        ),
        pytest.param(
            {"word/document.xml": '<!DOCTYPE x [<!ENTITY a "aaa">]><x/>'.encode("utf-16")},
            Outcome.CORRUPT,
            id="entities-in-utf-16",
        ),
        pytest.param({"readme.txt": b"no Word file"}, Outcome.CORRUPT, id="another-zip"),
    ],
)
def test_packages_that_break_readers(
    tmp_path: Path, members: dict[str, bytes], outcome: Outcome
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_docx(_package(tmp_path / "made.docx", members))
    assert caught.value.outcome is outcome
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        pytest.param(b"", Outcome.EMPTY, id="empty"),
        pytest.param(b"PK\x03\x04 and then nothing", Outcome.CORRUPT, id="cut-off"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Outcome.ENCRYPTED, id="locked"
        ),
    ],
)
def test_files_that_are_no_packages(tmp_path: Path, content: bytes, outcome: Outcome) -> None:
    path = tmp_path / "made.docx"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_docx(path)
    assert caught.value.outcome is outcome


@pytest.mark.parametrize(
    ("broken", "outcome"),
    [
        pytest.param(b"<w:document", Outcome.CORRUPT, id="no-xml"),
        pytest.param(
            f"<w:document {W}><w:body>{'<w:sdt><w:sdtContent>' * 3000}".encode()
            + b"</w:sdtContent></w:sdt>" * 3000
            + b"</w:body></w:document>",
            Outcome.CORRUPT,
            id="deep",
        ),
        pytest.param(
            f"<w:document {W}><w:body/></w:document>".encode(), Outcome.EMPTY, id="no-text"
        ),
    ],
)
def test_documents_that_are_broken_inside(tmp_path: Path, broken: bytes, outcome: Outcome) -> None:
    whole = tmp_path / "whole.docx"
    docx.Document().save(str(whole))
    with zipfile.ZipFile(whole) as source:
        members = {m.filename: source.read(m) for m in source.infolist()}
    members["word/document.xml"] = broken
    with pytest.raises(DocumentError) as caught:
        read_docx(_package(tmp_path / "made.docx", members))
    assert caught.value.outcome in (outcome, Outcome.TOO_LARGE)
