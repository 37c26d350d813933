"""Lists in a Word file: automatic numbers and bullets on two levels, begun anew for each list."""

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph as Text

from .source import Item

# Kind of list -> (number format, text) of its two levels.
LEVELS = {
    "bullet": (("bullet", "•"), ("bullet", "o")),
    "letter": (("lowerLetter", "(%1)"), ("lowerRoman", "%2.")),
    "number": (("decimal", "%1."), ("lowerLetter", "(%2)")),
}
FIRST_ABSTRACT_ID = 900  # above those of python-docx's template


class ListNumbering:
    """Gives each list of a document its own numbering instance."""

    def __init__(self, word: Document) -> None:
        self._root = word.part.numbering_part.element
        self._instance: int | None = None
        for offset, levels in enumerate(LEVELS.values()):
            self._add_definition(FIRST_ABSTRACT_ID + offset, levels)

    def end_list(self) -> None:
        """Let the next item begin a list of its own."""
        self._instance = None

    def style_of(self, item: Item) -> str:
        """The Word style of an item's paragraph."""
        name = "List Bullet" if _kind_of(item) == "bullet" else "List Number"
        return name if item.depth == 0 else f"{name} 2"

    def apply(self, paragraph: Text, item: Item) -> None:
        """Number a paragraph as the next item; a list takes its kind from its first item."""
        if self._instance is None:
            self._instance = self._add_instance(_kind_of(item))
        # python-docx makes this method at run time, where no type checker sees it.
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # type: ignore[attr-defined]
        properties.get_or_add_ilvl().val = item.depth
        properties.get_or_add_numId().val = self._instance

    def _add_definition(self, number: int, levels: tuple[tuple[str, str], ...]) -> None:
        inner = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{567 * (depth + 1)}" w:hanging="425"/></w:pPr></w:lvl>'
            for depth, (kind, text) in enumerate(levels)
        )
        definition = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
            f'<w:multiLevelType w:val="hybridMultilevel"/>{inner}</w:abstractNum>'
        )
        first_instance = self._root.find(qn("w:num"))
        first_instance.addprevious(definition)  # the schema wants definitions before instances

    def _add_instance(self, kind: str) -> int:
        instance = self._root.add_num(FIRST_ABSTRACT_ID + list(LEVELS).index(kind))
        for depth in range(2):
            instance.add_lvlOverride(ilvl=depth).add_startOverride(1)
        return int(instance.numId)


def _kind_of(item: Item) -> str:
    if item.marker == "-":
        return "bullet"
    return "letter" if item.marker.startswith("(") or item.depth else "number"
