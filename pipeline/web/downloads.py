"""Files to take away: the exports that are there, asked for through their common functions."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.web.filters import Address
from pipeline.web.site import Site

CONTENT_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "reqif": "application/xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
_NAMES: Final = {
    "xlsx": "Excel",
    "docx": "Word",
    "html": "Web page",
    "md": "Markdown",
    "csv": "CSV",
    "jsonl": "JSON lines",
    "reqif": "ReqIF",
    "ics": "Calendar",
}
DIFF_FORMATS: Final = ("xlsx", "docx", "html")
LIST_FORMATS: Final = ("xlsx", "docx", "csv", "ics", "reqif", "jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to take away: its name for people, its format and its address."""

    name: str
    format: str
    href: str


def find_export(name: str) -> Callable[..., bytes] | None:
    """The function of this name that pipeline.export offers; None where this installation lacks it."""
    function = getattr(importlib.import_module("pipeline.export"), name, None)
    return function if callable(function) else None


def diff_downloads(site: Site, before: str, after: str, address: Address) -> tuple[Download, ...]:
    """The files that a comparison can be had as, with the filters that are on."""
    if find_export("render_diff") is None:
        return ()
    rest = [pair for pair in address.pairs if pair[0] in ("topic", "body", "change", "targets")]
    return tuple(
        Download(
            name=_NAMES[form],
            format=form,
            href=site.link(f"/export/compare.{form}", [("from", before), ("to", after), *rest]),
        )
        for form in DIFF_FORMATS
    )


def list_downloads(site: Site, pairs: Sequence[tuple[str, Any]]) -> tuple[Download, ...]:
    """The files that a list of requirements can be had as, with the filters that are on."""
    if find_export("export_bytes") is None:
        return ()
    return tuple(
        Download(name=_NAMES[form], format=form, href=site.link(f"/export/checklist.{form}", pairs))
        for form in LIST_FORMATS
    )
