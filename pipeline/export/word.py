"""Word documents with real styles, repeated headings and page numbers: same content, same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Literal
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from pipeline.export.about import About
from pipeline.export.package import fixed_zip
from pipeline.export.text import clean, web_link

Mark = Literal["plain", "bold", "small", "deleted", "inserted"]

_NAMESPACES: Final = (
    nsdecls("w", "r") + ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_BLUE: Final = "003D6B"
_RULE: Final = "C9D3DC"
_MARKS: Final[dict[str, str]] = {
    "plain": "",
    "bold": "<w:rPr><w:b/></w:rPr>",
    "small": '<w:rPr><w:color w:val="5B6773"/><w:sz w:val="16"/></w:rPr>',
    # Underlined or struck as well as coloured, so that black and white print tells them apart.
    "deleted": '<w:rPr><w:strike/><w:color w:val="A61B12"/></w:rPr>',
    "inserted": '<w:rPr><w:color w:val="0B6B2E"/><w:u w:val="single"/></w:rPr>',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Words with a look; with `url` they lead to a web address."""

    text: str
    mark: Mark = "plain"
    url: str | None = None


Cell = Sequence[Sequence[Run]]  # paragraphs of runs


class Tick:
    """A cell with a box to tick."""


def new_document(about: About) -> WordDocument:
    """An empty document: A4 across, British English, a title, and page numbers at the foot."""
    document = Document()
    properties = document.core_properties
    properties.title = clean(about.title)[:255]
    properties.author = "mustdo"
    properties.last_modified_by = "mustdo"
    properties.comments = f"Made from a database built on {about.built_words}."
    properties.created = properties.modified = about.date.replace(tzinfo=None)
    properties.language = "en-GB"
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(15)
    _set_styles(document)
    document.add_heading(clean(about.title), level=0)
    _add_page_numbers(document)
    return document


def save_document(document: WordDocument, out: BinaryIO) -> None:
    """Write the document; the same content gives the same bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    out.write(fixed_zip(buffer.getvalue()))


def add_paragraph(document: WordDocument, runs: Sequence[Run], *, style: str | None = None) -> None:
    """A paragraph of runs."""
    paragraph = document.add_paragraph(style=style)
    for element in _parse(_runs_xml(document, runs)):
        paragraph._p.append(element)


def add_table(
    document: WordDocument,
    headings: Sequence[str],
    widths_mm: Sequence[float],
    rows: Iterable[Sequence[Cell | Tick]],
) -> None:
    """A table whose headings repeat on every page and whose rows do not break over two."""
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths_mm)
    head = "".join(
        _cell_xml(document, [[Run(text=heading, mark="bold")]], width, fill=_BLUE)
        for heading, width in zip(headings, widths_mm, strict=True)
    )
    style = document.styles["Table Grid"].style_id
    properties = (
        f'<w:tblStyle w:val="{style}"/><w:tblW w:w="{_twips(sum(widths_mm))}" w:type="dxa"/>'
        f'<w:tblBorders>{_borders()}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
        ' w:noHBand="1" w:noVBand="1"/>'
    )
    parts = [f"<w:tbl {_NAMESPACES}><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"]
    parts.append(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>")
    for row in rows:
        cells = "".join(
            _cell_xml(document, cell, width) for cell, width in zip(row, widths_mm, strict=True)
        )
        parts.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    parts.append("</w:tbl>")
    body = document.element.body
    body.insert(len(body) - 1, parse_xml("".join(parts)))  # before the section's properties
    document.add_paragraph()


def _set_styles(document: WordDocument) -> None:
    normal = document.styles["Normal"]
    normal.font.name = "Calibri"
    normal.font.size = Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    for name, size in (("Title", 24), ("Heading 1", 16), ("Heading 2", 12)):
        style = document.styles[name]
        style.font.name = "Calibri"
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor.from_string(_BLUE)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)  # the theme's font would win
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _add_page_numbers(document: WordDocument) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    field = '<w:fldSimple {} w:instr="{}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    words = ("Page ", "PAGE", " of ", "NUMPAGES")
    for word in words:
        if word.isupper():
            paragraph._p.append(parse_xml(field.format(_NAMESPACES, word)))
        else:
            paragraph.add_run(word)


def _cell_xml(
    document: WordDocument, cell: Cell | Tick, width_mm: float, *, fill: str | None = None
) -> str:
    shading = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    properties = f'<w:tcPr><w:tcW w:w="{_twips(width_mm)}" w:type="dxa"/>{shading}</w:tcPr>'
    if isinstance(cell, Tick):
        return f"<w:tc>{properties}{_TICK}</w:tc>"
    paragraphs = "".join(
        f"<w:p>{_SPACING}{_runs_xml(document, runs, white=bool(fill))}</w:p>"
        for runs in (cell or [[]])
    )
    return f"<w:tc>{properties}{paragraphs}</w:tc>"


_SPACING: Final = '<w:pPr><w:spacing w:before="20" w:after="20"/></w:pPr>'
_GOTHIC: Final = "MS Gothic"
_TICK: Final = (
    '<w:p><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="center"/></w:pPr>'
    '<w:sdt><w:sdtPr><w:alias w:val="Done"/><w14:checkbox><w14:checked w14:val="0"/>'
    f'<w14:checkedState w14:val="2612" w14:font="{_GOTHIC}"/>'
    f'<w14:uncheckedState w14:val="2610" w14:font="{_GOTHIC}"/></w14:checkbox></w:sdtPr>'
    f'<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="{_GOTHIC}" w:hAnsi="{_GOTHIC}"'
    f' w:eastAsia="{_GOTHIC}" w:hint="eastAsia"/></w:rPr>'
    "<w:t>\u2610</w:t></w:r></w:sdtContent></w:sdt></w:p>"
)


def _runs_xml(document: WordDocument, runs: Sequence[Run], *, white: bool = False) -> str:
    parts = []
    for run in runs:
        look = _MARKS[run.mark]
        if white:
            look = '<w:rPr><w:b/><w:color w:val="FFFFFF"/></w:rPr>'
        url = web_link(run.url)
        if url:
            link = document.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            size = '<w:sz w:val="16"/>' if run.mark == "small" else ""
            look = f'<w:rPr><w:color w:val="0B5CAD"/>{size}<w:u w:val="single"/></w:rPr>'
            parts.append(
                f"<w:hyperlink r:id={quoteattr(link)}>{_text_xml(run.text, look)}</w:hyperlink>"
            )
        else:
            parts.append(_text_xml(run.text, look))
    return "".join(parts)


def _text_xml(text: str, look: str) -> str:
    lines = clean(text).split("\n")
    body = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{look}{body}</w:r>"


def _parse(xml: str) -> list[Any]:
    return list(parse_xml(f"<w:p {_NAMESPACES}>{xml}</w:p>"))


def _borders() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>' for side in sides
    )


def _twips(width_mm: float) -> int:
    return round(width_mm * 1440 / 25.4)
