"""A sample document as Word file: styles, lists of two levels, merged cells, footnotes."""

import io
import zipfile
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Text

from .docx_lists import ListNumbering
from .source import (
    NOTICE,
    Block,
    Container,
    Heading,
    Item,
    Mark,
    Paragraph,
    SampleDocument,
    SourceError,
    Table,
    plain_text,
    split_runs,
)

FONT = "Arial"
ACCENT = RGBColor(0x0B, 0x4F, 0x5C)
TEXT_WIDTH_CM = 16.0
KEPT_TABLE_STYLES = frozenset({"TableNormal", "TableGrid"})
NEEDLESS_PARTS = ("stylesWithEffects", "thumbnail", "customXml")
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip archive can say


def render_docx(document: SampleDocument) -> bytes:
    """The document as .docx, the same bytes each time: fixed times, stored without compression."""
    word = docx.Document()
    _prepare_styles(word)
    _set_properties(word, document)
    _write_furniture(word, document)
    _write_title(word, document)
    writer = _Writer(word, document)
    writer.write(document.blocks)
    if document.notes:
        _add_footnotes(word, document)
    _drop_needless_parts(word)
    target = io.BytesIO()
    word.save(target)
    return _repack(target.getvalue())


class _Writer:
    """Appends blocks to a Word document; holds the numbering of the list that is being written."""

    def __init__(self, word: Document, document: SampleDocument) -> None:
        self.word = word
        self.document = document
        self.numbering = ListNumbering(word)

    def write(self, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            if not isinstance(block, Item):
                self.numbering.end_list()
            self._write_block(block)

    def _write_block(self, block: Block) -> None:
        match block:
            case Heading():
                self.word.add_heading(block.text, level=block.level)
            case Paragraph():
                number = f"{block.number} " if block.number else ""
                paragraph = self.word.add_paragraph(number)
                _add_runs(paragraph, block.text)
            case Item():
                paragraph = self.word.add_paragraph(style=self.numbering.style_of(block))
                self.numbering.apply(paragraph, block)
                _add_runs(paragraph, block.text)
            case Table():
                _add_table(self.word, block)
            case Container() if block.name == "signature":
                for inner in block.blocks:
                    if isinstance(inner, Paragraph):
                        self.word.add_paragraph().add_run(inner.text).bold = True
            case Mark() if block.name == "anchor":
                pass  # a Word reader finds the annex by its heading
            case _:
                raise SourceError(
                    f"{self.document.name}: a Word file has no place for {block!r:.60}"
                )


def _add_runs(paragraph: Text, text: str) -> None:
    for run in split_runs(text):
        if run.note is None:
            paragraph.add_run(run.text).bold = run.bold or None
            continue
        reference = paragraph.add_run()
        reference.font.superscript = True
        mark = OxmlElement("w:footnoteReference")
        mark.set(qn("w:id"), run.note)
        reference._r.append(mark)


def _add_table(word: Document, table: Table) -> None:
    grid = word.add_table(rows=1 + len(table.rows), cols=len(table.widths), style="Table Grid")
    for cell, text in zip(grid.rows[0].cells, table.header, strict=True):
        cell.paragraphs[0].add_run(plain_text(text)).bold = True
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="E6F0F1"/>')
        cell._tc.get_or_add_tcPr().append(shade)
    repeat = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    for number, row in enumerate(table.rows, start=1):
        for column, content in enumerate(row):
            cell = grid.cell(number, column)
            if content is None:
                cell.merge(grid.cell(number - 1, column))
            else:
                _add_runs(cell.paragraphs[0], content)
    for column, width in enumerate(table.widths):
        for cell in grid.columns[column].cells:
            cell.width = Cm(TEXT_WIDTH_CM * width / 100)
    word.add_paragraph()


def _prepare_styles(word: Document) -> None:
    styles = word.styles
    for style in list(styles.element.iterchildren(qn("w:style"))):
        if (
            style.get(qn("w:type")) == "table"
            and style.get(qn("w:styleId")) not in KEPT_TABLE_STYLES
        ):
            styles.element.remove(style)
    for latent in styles.element.findall(qn("w:latentStyles")):
        styles.element.remove(latent)
    for fonts in styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for name in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{name}"), FONT)
    styles["Normal"].font.size = Pt(10.5)
    for name, size in (("Title", 26), ("Subtitle", 14), ("Heading 1", 15), ("Heading 2", 12)):
        styles[name].font.size = Pt(size)
        styles[name].font.color.rgb = ACCENT
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)


def _set_properties(word: Document, document: SampleDocument) -> None:
    properties = word.core_properties
    properties.title = f"{document.meta.title}: {document.meta.subtitle}"
    properties.author = properties.last_modified_by = "mustdo sample corpus"
    properties.comments = NOTICE
    properties.created = properties.modified = datetime(*FIXED_TIME, tzinfo=UTC)


def _write_furniture(word: Document, document: SampleDocument) -> None:
    section = word.sections[0]
    section.header.paragraphs[
        0
    ].text = f"{document.meta.running_title}\t\t{document.meta.reference}"
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{NOTICE} Page ").font.size = Pt(8)
    field = parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    )
    footer._p.append(field)


def _write_title(word: Document, document: SampleDocument) -> None:
    meta = document.meta
    word.add_paragraph(meta.title, style="Title")
    word.add_paragraph(meta.subtitle, style="Subtitle")
    word.add_paragraph().add_run(NOTICE).bold = True
    word.add_paragraph(meta.audience)
    word.add_paragraph(f"{meta.date}. {meta.reference}.")


def _add_footnotes(word: Document, document: SampleDocument) -> None:
    """Add the footnotes' part, which python-docx cannot make; the ids are the marks."""
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}">'
        f"<w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>"
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    notes = "".join(
        f'<w:footnote w:id="{mark}"><w:p>'
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {escape(plain_text(text))}</w:t></w:r>'
        "</w:p></w:footnote>"
        for mark, text in document.notes.items()
    )
    root = parse_xml(f"<w:footnotes {nsdecls('w')}>{separators}{notes}</w:footnotes>")
    part = Part(
        PackURI("/word/footnotes.xml"),
        CONTENT_TYPE.WML_FOOTNOTES,
        serialize_part_xml(root),
        word.part.package,
    )
    word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _drop_needless_parts(word: Document) -> None:
    """Take out what python-docx's template brings along and no reader needs."""
    for holder in (word.part, word.part.package):
        for key, relation in list(holder.rels.items()):
            if any(name in str(relation.target_ref) for name in NEEDLESS_PARTS):
                del holder.rels[key]


def _repack(content: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive,
    ):
        for name in sorted(
            source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)
        ):
            info = zipfile.ZipInfo(name, date_time=FIXED_TIME)
            info.create_system = 0  # the same on every platform
            archive.writestr(info, source.read(name))
    return target.getvalue()
