"""Downloading what a catalogue lists, and writing the `documents.yml` that says what it is.

The folder holds the documents, `documents.yml`, and the state that lets an unchanged document stay
where it is and a broken download go on where it stopped.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal

import httpx
import msgspec
import yaml

from pipeline.errors import DocumentError, Outcome, UsageError
from pipeline.fetch_http import (
    FetchError,
    Manners,
    Sleep,
    TryAgainError,
    Web,
    check_status,
    plain,
)
from pipeline.fetch_store import Fetched, Store, sha256_of, size_of, write_manifest
from pipeline.read.detect import detect_format
from pipeline.records import Format, Kind, PlanningYears

USER_AGENT: Final = "mustdo/1 (reads planning guidance; one request at a time)"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_ENDINGS: Final = {
    Format.PDF: ".pdf",
    Format.HTML: ".html",
    Format.DOCX: ".docx",
    Format.TEXT: ".txt",
    Format.MARKDOWN: ".md",
}
_TYPES: Final = frozenset(
    {
        "application/pdf",
        "application/x-pdf",
        "application/octet-stream",
        "binary/octet-stream",
        "application/xhtml+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text/html",
        "text/plain",
        "text/markdown",
        "",  # a server that does not say; the content decides in any case
    }
)

Progress = Callable[[str, int, int], None]


class CatalogueEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document to fetch. `id` names its file; `url_checked` tells whether somebody has opened the
    address.
    """

    id: str
    title: str
    url: str
    publisher: str | None = None
    kind: Kind = Kind.GUIDANCE
    planning_year: str | None = None
    published: date | None = None
    licence: str | None = None
    url_checked: bool | Literal["archived only"] = False


class _Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    documents: list[CatalogueEntry]


class FetchOutcome(StrEnum):
    """What became of a catalogue's entry."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """An entry's outcome; `path` where the document is there, `reason` where it is not."""

    entry: CatalogueEntry
    outcome: FetchOutcome
    path: Path | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchReport:
    """The outcomes in the catalogue's order."""

    results: tuple[FetchResult, ...]
    into: Path

    @property
    def failed(self) -> tuple[FetchResult, ...]:
        """Those that were not fetched."""
        return tuple(r for r in self.results if r.outcome is FetchOutcome.FAILED)

    def summary(self) -> str:
        """What happened, in lines for a person: counts, then each failure with its reason."""
        counts = [
            f"{sum(r.outcome is outcome for r in self.results)} {outcome}"
            for outcome in FetchOutcome
        ]
        lines = [f"{self.into}: {', '.join(counts)}"]
        for result in self.failed:
            lines.append(f"  {result.entry.title}\n    {result.entry.url}\n    {result.reason}")
            if result.entry.url_checked is not True:
                lines.append(f"    ({_DOUBTS[result.entry.url_checked]})")
        return "\n".join(lines)


_DOUBTS: Final = {
    False: "nobody has checked this address; search for the title on the publisher's site",
    "archived only": "this address is known from web archives only; look the title up in one",
}


def read_catalogue(path: Path) -> tuple[CatalogueEntry, ...]:
    """The entries of a catalogue; raises UsageError naming what is wrong with it."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = msgspec.convert(content, _Catalogue).documents
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise UsageError(f"{path} is no catalogue of documents: {error}") from error
    seen: set[str] = set()
    for entry in entries:
        if not _ID.fullmatch(entry.id):
            raise UsageError(
                f"{path}: the id {entry.id!r} cannot name a file; "
                "use small letters, digits and hyphens"
            )
        if entry.id in seen:
            raise UsageError(f"{path}: two documents have the id {entry.id}")
        seen.add(entry.id)
        if entry.planning_year is not None:
            try:
                PlanningYears.parse(entry.planning_year)
            except ValueError as error:
                raise UsageError(f"{path}: {entry.id}: {error}") from error
    return tuple(entries)


def fetch(
    catalogue: Path,
    into: Path,
    *,
    user_agent: str = USER_AGENT,
    manners: Manners | None = None,
    progress: Progress | None = None,
    allow_loopback: bool = False,
    sleep: Sleep = time.sleep,
) -> FetchReport:
    """Fetch each of the catalogue's documents into the folder, one after another, and write its
    manifest.

    A document that cannot be fetched is reported and the rest fetched. Interrupted, the next call
    goes on where this one stopped. `progress` is told ("fetching", done, total). Raises UsageError
    for a catalogue, state file or manifest that cannot be read.
    """
    entries = read_catalogue(catalogue)
    into.mkdir(parents=True, exist_ok=True)
    manners = manners or Manners()
    store = Store(into)
    web = Web(user_agent=user_agent, manners=manners, allow_loopback=allow_loopback, sleep=sleep)
    results: list[FetchResult] = []
    tell = progress or (lambda _stage, _done, _total: None)
    try:
        for number, entry in enumerate(entries):
            tell("fetching", number, len(entries))
            results.append(_fetch_entry(web, store, entry, manners, sleep))
            store.save()
        tell("fetching", len(entries), len(entries))
    finally:
        web.close()
        store.save()
    write_manifest(into, [_stated(r.entry, r.path) for r in results if r.path is not None])
    return FetchReport(results=tuple(results), into=into)


def _fetch_entry(
    web: Web, store: Store, entry: CatalogueEntry, manners: Manners, sleep: Sleep
) -> FetchResult:
    """One document, tried again while its fault may pass."""
    reason = ""
    for attempt in range(manners.tries):
        try:
            return _download(web, store, entry, manners)
        except TryAgainError as fault:
            reason = f"{fault} (tried {attempt + 1} times)" if attempt else str(fault)
            wait_s = fault.wait_s if fault.wait_s is not None else manners.pause_s * 2**attempt
            if wait_s > manners.longest_wait_s:
                reason = f"{fault}, and asks to wait {wait_s:,.0f} seconds; try again later"
                break
            if attempt + 1 < manners.tries:
                sleep(wait_s)
        except FetchError as fault:
            reason = str(fault)
            break
    return FetchResult(entry=entry, outcome=FetchOutcome.FAILED, reason=reason)


def _download(web: Web, store: Store, entry: CatalogueEntry, manners: Manners) -> FetchResult:
    known = store.whole(entry.url)
    part = store.part(entry.id)
    headers = _conditions(known) if known is not None else _rest_of(store.begun(entry.url), part)
    with web.get(entry.url, headers) as response:
        check_status(response)
        if response.status_code == 304 and known is not None:
            return FetchResult(
                entry=entry, outcome=FetchOutcome.UNCHANGED, path=store.folder / known.file
            )
        if response.status_code in (304, 416):
            part.unlink(missing_ok=True)
            raise TryAgainError(f"it answers {response.status_code} to a plain request")
        _check_head(response, manners)
        append = response.status_code == 206 and _starts_at(response) == size_of(part)
        if response.status_code == 206 and not append:
            part.unlink(missing_ok=True)
            raise TryAgainError("it sends another part of the document than was asked for")
        if not append:
            store.begin(
                entry.url,
                Fetched(
                    file=part.name,
                    etag=response.headers.get("etag"),
                    last_modified=response.headers.get("last-modified"),
                ),
            )
        _receive(response, part, manners, append=append)
    return _keep(store, entry, part, known)


def _conditions(known: Fetched) -> dict[str, str]:
    """Headers that ask for a document only where it has changed."""
    found = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in found.items() if value is not None}


def _rest_of(begun: Fetched | None, part: Path) -> dict[str, str]:
    """Headers that ask for the rest of a broken download, if the document is still the same."""
    mark = None
    if begun is not None:
        strong = begun.etag if begun.etag and not begun.etag.startswith("W/") else None
        mark = strong or begun.last_modified
    size = size_of(part)
    if mark is None or size == 0:
        part.unlink(missing_ok=True)
        return {}
    return {"Range": f"bytes={size}-", "If-Range": mark}


def _check_head(response: httpx.Response, manners: Manners) -> None:
    """Raises FetchError for a document of a type or size that is not taken."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _TYPES:
        raise FetchError(f"it is {kind}, and not a PDF, web page, Word file or text")
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length) > manners.max_bytes:
        raise _too_large(manners)


def _starts_at(response: httpx.Response) -> int | None:
    found = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
    return int(found[1]) if found else None


def _receive(response: httpx.Response, part: Path, manners: Manners, *, append: bool) -> None:
    """Write the body to the part file; what has come is kept where it breaks off."""
    until = time.monotonic() + manners.longest_download_s
    size = size_of(part) if append else 0
    try:
        with part.open("ab" if append else "wb") as file:
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > manners.max_bytes:
                    break
                file.write(chunk)
                if time.monotonic() > until:
                    raise TryAgainError("it comes too slowly")
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise TryAgainError(f"it broke off after {size:,} bytes ({plain(error)})") from error
    if size > manners.max_bytes:
        part.unlink()
        raise _too_large(manners)


def _too_large(manners: Manners) -> FetchError:
    return FetchError(f"it is larger than the {manners.max_bytes / 1e6:,.0f} MB that are taken")


def _keep(store: Store, entry: CatalogueEntry, part: Path, known: Fetched | None) -> FetchResult:
    """Give a whole download its name by its content; raises FetchError where it is no document."""
    try:
        format_ = detect_format(part)
    except DocumentError as fault:
        if fault.outcome is not Outcome.ENCRYPTED:
            part.unlink(missing_ok=True)
            store.forget_part(entry.url)
            raise FetchError(f"what it sends is no document: {fault.reason}") from fault
        format_ = Format.DOCX
    digest = sha256_of(part)
    path = store.folder / f"{entry.id}{_ENDINGS[format_]}"
    same = known is not None and known.sha256 == digest and known.file == path.name
    part.replace(path)
    store.finish(entry.url, path.name, digest)
    return FetchResult(
        entry=entry, outcome=FetchOutcome.UNCHANGED if same else FetchOutcome.FETCHED, path=path
    )


def _stated(entry: CatalogueEntry, path: Path) -> dict[str, Any]:
    """A manifest's entry for a document."""
    stated = {
        "path": path.name,
        "title": entry.title,
        "publisher": entry.publisher,
        "kind": str(entry.kind),
        "planning_year": entry.planning_year,
        "published": entry.published,
        "source_url": entry.url,
        "licence": entry.licence,
    }
    return {name: value for name, value in stated.items() if value is not None}
