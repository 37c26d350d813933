"""The look of the sample PDFs: colours, paragraph styles, where long words may break."""

import re
from typing import Any

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

ACCENT = colors.HexColor("#0b4f5c")
TINT = colors.HexColor("#e6f0f1")
FURNITURE = colors.HexColor("#4c5a61")
REGULAR, BOLD = "Helvetica", "Helvetica-Bold"

_SYLLABLES = """
accord-ingly appoint-ment appoint-ments assess-ment author-ities avail-able capa-city commis-sion
commis-sioning com-munity contin-uing depart-ment depart-ments depri-vation diag-nostic diag-nosis
equal-ity estab-lished experi-ence finan-cial guid-ance hos-pital hos-pitals improve-ment
independ-ent inequal-ities integ-rated main-tenance manage-ment neigh-bourhoods operat-ing
organ-isation organ-isations partic-ular perform-ance physio-therapy practi-tioner pre-scriptions
prior-ities product-ivity refer-ral screen-ing special-ist stand-ard sub-mission sus-pected
tech-nical treat-ment vaccin-ated work-force
"""
_BREAKS = {word.replace("-", ""): word.replace("-", "\xad") for word in _SYLLABLES.split()}


def add_breaks(text: str) -> str:
    """The text with soft hyphens in the long words of its narrow columns."""
    return re.sub(r"[\w’]+", lambda match: _BREAKS.get(match[0], match[0]), text)


def _make_style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    settings = {"fontName": REGULAR, "spaceAfter": 5, "embeddedHyphenation": 1} | more
    return ParagraphStyle(name, fontSize=size, leading=leading, **settings)


def _make_item_styles(name: str, left: float, bullet: float, step: float) -> list[ParagraphStyle]:
    """The styles of an item on either level: where its words and its bullet stand, in points."""
    return [
        _make_style(
            f"{name}-{depth}",
            10,
            13.2,
            leftIndent=left + depth * step,
            bulletIndent=bullet + depth * step,
            spaceAfter=3,
        )
        for depth in range(2)
    ]


def _make_heading(name: str, size: float, before: float, **more: Any) -> ParagraphStyle:
    settings = {"fontName": BOLD, "spaceBefore": before, "keepWithNext": 1} | more
    return _make_style(name, size, size * 1.25, **settings)


STYLES: dict[str, ParagraphStyle] = {
    style.name: style
    for style in (
        _make_style("title", 30, 35, fontName=BOLD, textColor=ACCENT),
        _make_style("subtitle", 17, 22),
        _make_style("cover", 11, 15),
        _make_style("body", 10, 13.2),
        _make_style("numbered", 10, 13.2, leftIndent=28),
        _make_style("signature", 10, 13.2, fontName=BOLD, spaceBefore=4, spaceAfter=10),
        *_make_item_styles("item", 14, 2, 16),
        *_make_item_styles("lettered-item", 22, 4, 18),
        *_make_item_styles("numbered-item", 46, 28, 18),
        _make_style("cell", 9, 11.6, spaceAfter=0, embeddedHyphenation=0),
        _make_style("header-cell", 9, 11.6, spaceAfter=0, fontName=BOLD, textColor=colors.white),
        _make_style("note", 8, 10, spaceAfter=2),
        _make_style("contents-1", 10.5, 14, spaceAfter=0),
        _make_style("contents-2", 9.5, 14, spaceAfter=0, leftIndent=12),
        _make_style("contents-page", 10.5, 14, spaceAfter=0, alignment=TA_RIGHT),
        _make_heading("heading-1", 16, 12, textColor=ACCENT),
        _make_heading("heading-2", 12, 8),
        _make_heading("box-title", 10.5, 0, textColor=ACCENT),
    )
}
