"""Files to take away: the exports that are there, asked for through their common functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.web.filters import Address
from pipeline.web.site import Site

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


def diff_downloads(site: Site, before: str, after: str, address: Address) -> tuple[Download, ...]:
    """The files that a comparison can be had as, with the filters that are on."""
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
    return tuple(
        Download(name=_NAMES[form], format=form, href=site.link(f"/export/checklist.{form}", pairs))
        for form in LIST_FORMATS
    )
