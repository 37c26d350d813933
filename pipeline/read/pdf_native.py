"""pdfium's C functions, called lean.

pypdfium2's ready-made bindings wrap every handle that comes back in a new pointer object and let go
of the interpreter lock on every call; over a page's thousand calls that is most of the time. Here
handles are plain integers and the lock is kept, which is also what a library that is not
thread-safe wants.

pdfium must only be used by one thread of a process.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Final

import pypdfium2.raw as raw

Handle = int

_HANDLE: Final = ctypes.c_void_p
_INT: Final = ctypes.c_int
_FLOAT: Final = ctypes.c_float
_UINT: Final = ctypes.c_uint
_ULONG: Final = ctypes.c_ulong
_SIZE: Final = ctypes.c_size_t


def _lean(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The C function of this name; handles go in and come out as integers, 0 for none."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    if address is None:
        raise ImportError(f"pdfium has no {name}; update pypdfium2")
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


load_page: Final = _lean("FPDF_LoadPage", _SIZE, _HANDLE, _INT)
close_page: Final = _lean("FPDF_ClosePage", None, _HANDLE)
page_width: Final = _lean("FPDF_GetPageWidthF", _FLOAT, _HANDLE)
page_height: Final = _lean("FPDF_GetPageHeightF", _FLOAT, _HANDLE)
page_bounding_box: Final = _lean("FPDF_GetPageBoundingBox", _INT, _HANDLE, _HANDLE)
page_rotation: Final = _lean("FPDFPage_GetRotation", _INT, _HANDLE)

load_text: Final = _lean("FPDFText_LoadPage", _SIZE, _HANDLE)
close_text: Final = _lean("FPDFText_ClosePage", None, _HANDLE)
count_chars: Final = _lean("FPDFText_CountChars", _INT, _HANDLE)
get_text: Final = _lean("FPDFText_GetText", _INT, _HANDLE, _INT, _INT, _HANDLE)
get_unicode: Final = _lean("FPDFText_GetUnicode", _UINT, _HANDLE, _INT)
loose_char_box: Final = _lean("FPDFText_GetLooseCharBox", _INT, _HANDLE, _INT, _HANDLE)
char_origin: Final = _lean("FPDFText_GetCharOrigin", _INT, _HANDLE, _INT, _HANDLE, _HANDLE)
char_angle: Final = _lean("FPDFText_GetCharAngle", _FLOAT, _HANDLE, _INT)
char_matrix: Final = _lean("FPDFText_GetMatrix", _INT, _HANDLE, _INT, _HANDLE)
char_font_size: Final = _lean("FPDFText_GetFontSize", ctypes.c_double, _HANDLE, _INT)
text_object: Final = _lean("FPDFText_GetTextObject", _SIZE, _HANDLE, _INT)

text_render_mode: Final = _lean("FPDFTextObj_GetTextRenderMode", _INT, _HANDLE)
text_font: Final = _lean("FPDFTextObj_GetFont", _SIZE, _HANDLE)
font_name: Final = _lean("FPDFFont_GetBaseFontName", _SIZE, _HANDLE, _HANDLE, _SIZE)
font_flags: Final = _lean("FPDFFont_GetFlags", _INT, _HANDLE)
font_ascent: Final = _lean("FPDFFont_GetAscent", _INT, _HANDLE, _FLOAT, _HANDLE)
font_descent: Final = _lean("FPDFFont_GetDescent", _INT, _HANDLE, _FLOAT, _HANDLE)

count_objects: Final = _lean("FPDFPage_CountObjects", _INT, _HANDLE)
get_object: Final = _lean("FPDFPage_GetObject", _SIZE, _HANDLE, _INT)
count_form_objects: Final = _lean("FPDFFormObj_CountObjects", _INT, _HANDLE)
get_form_object: Final = _lean("FPDFFormObj_GetObject", _SIZE, _HANDLE, _ULONG)
object_type: Final = _lean("FPDFPageObj_GetType", _INT, _HANDLE)
object_bounds: Final = _lean(
    "FPDFPageObj_GetBounds", _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE
)
object_matrix: Final = _lean("FPDFPageObj_GetMatrix", _INT, _HANDLE, _HANDLE)
fill_color: Final = _lean(
    "FPDFPageObj_GetFillColor", _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE
)
stroke_width: Final = _lean("FPDFPageObj_GetStrokeWidth", _INT, _HANDLE, _HANDLE)
path_draw_mode: Final = _lean("FPDFPath_GetDrawMode", _INT, _HANDLE, _HANDLE, _HANDLE)
count_segments: Final = _lean("FPDFPath_CountSegments", _INT, _HANDLE)
path_segment: Final = _lean("FPDFPath_GetPathSegment", _SIZE, _HANDLE, _INT)
segment_point: Final = _lean("FPDFPathSegment_GetPoint", _INT, _HANDLE, _HANDLE, _HANDLE)
segment_closes: Final = _lean("FPDFPathSegment_GetClose", _INT, _HANDLE)
segment_type: Final = _lean("FPDFPathSegment_GetType", _INT, _HANDLE)

OBJECT_TEXT: Final = 1
OBJECT_PATH: Final = 2
OBJECT_IMAGE: Final = 3
OBJECT_FORM: Final = 5
SEGMENT_LINE: Final = 0
SEGMENT_MOVE: Final = 2


def handle_of(wrapped: Any) -> Handle:
    """The integer handle inside one of pypdfium2's pointers."""
    return ctypes.cast(wrapped, ctypes.c_void_p).value or 0
