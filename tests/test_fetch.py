"""Fetching, against a server of this machine that misbehaves in every way that was thought of."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.errors import UsageError
from pipeline.fetch import FetchOutcome, FetchReport, fetch, read_catalogue
from pipeline.fetch_http import FetchError, Manners, Web

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + b"% padding\n" * 500 + b"%%EOF\n"
PAGE = (
    b"<!DOCTYPE html><html><body><main><h1>Plan</h1><p>Boards must plan.</p></main></body></html>"
)
ETAG = '"v1"'

MANNERS = Manners(
    pause_s=1.0, timeout_s=0.5, longest_wait_s=30.0, tries=3, most_redirects=3, max_bytes=100_000
)


@dataclass
class Site:
    """What the server has been asked, and how it answers each path."""

    answers: dict[str, Callable[[Handler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def times(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


class Handler(BaseHTTPRequestHandler):
    """Answers from the site's table; 404 for what is not in it."""

    protocol_version = "HTTP/1.1"
    site: Site
    date: str | None = None  # what the server takes the date for

    def do_GET(self) -> None:
        self.site.asked.append((self.path, dict(self.headers.items())))
        answer = self.site.answers.get(self.path)
        if answer is None:
            self.reply(404, b"no such page")
        else:
            answer(self)

    def reply(
        self, status: int, body: bytes = b"", *, length: int | None = None, **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        return self.date or super().date_time_string(timestamp)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    handler = type("SiteHandler", (Handler,), {"site": found})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def catalogue(folder: Path, *urls: str, **fields: Any) -> Path:
    """A catalogue of these addresses, the documents named doc-1, doc-2 and so on."""
    path = folder / "catalogue.yml"
    documents = [
        {"id": f"doc-{n}", "title": f"Document {n}", "url": url} | fields
        for n, url in enumerate(urls, 1)
    ]
    path.write_text(yaml.safe_dump({"documents": documents}))
    return path


def run(
    folder: Path, *urls: str, manners: Manners = MANNERS, waits: list[float] | None = None
) -> FetchReport:
    return fetch(
        catalogue(folder, *urls),
        folder / "into",
        manners=manners,
        allow_loopback=True,
        sleep=(waits if waits is not None else []).append,
    )


def reason(report: FetchReport) -> str:
    (failure,) = report.failed
    assert failure.reason is not None
    return failure.reason


def pdf(handler: Handler) -> None:
    handler.reply(200, PDF, Content_Type="application/pdf", ETag=ETAG)


def test_fetches_each_and_writes_what_they_are(site: Site, tmp_path: Path) -> None:
    site.answers = {
        "/a": pdf,
        "/b": lambda h: h.reply(200, PAGE, Content_Type="text/html; charset=utf-8"),
    }
    told: list[tuple[str, int, int]] = []
    path = catalogue(
        tmp_path, site.url("/a"), site.url("/b"), publisher="Board", planning_year="2025/26",
        published="2025-01-30",
    )  # fmt: skip
    report = fetch(
        path, tmp_path / "into", manners=MANNERS, allow_loopback=True, sleep=lambda _: None,
        progress=lambda *event: told.append(event),
    )  # fmt: skip
    assert [r.outcome for r in report.results] == [FetchOutcome.FETCHED] * 2
    assert (tmp_path / "into/doc-1.pdf").read_bytes() == PDF
    assert (tmp_path / "into/doc-2.html").read_bytes() == PAGE
    manifest = yaml.safe_load((tmp_path / "into/documents.yml").read_text())
    assert manifest["documents"][0] == {
        "path": "doc-1.pdf",
        "title": "Document 1",
        "publisher": "Board",
        "kind": "guidance",
        "planning_year": "2025/26",
        "published": date(2025, 1, 30),
        "source_url": site.url("/a"),
    }
    state = json.loads((tmp_path / "into/fetched.json").read_text())
    assert state["documents"][site.url("/a")]["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert told == [("fetching", 0, 2), ("fetching", 1, 2), ("fetching", 2, 2)]
    assert not list((tmp_path / "into").glob("*.part"))


def test_names_the_project_and_pauses_between_requests(site: Site, tmp_path: Path) -> None:
    site.answers = {"/a": pdf}
    waits: list[float] = []
    run(tmp_path, site.url("/a"), site.url("/missing"), waits=waits)
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a", "/missing"]
    assert all(headers["User-Agent"].startswith("mustdo") for _, headers in site.asked)
    assert waits == [1.0, 1.0]


def test_names_a_failure_and_fetches_the_rest(site: Site, tmp_path: Path) -> None:
    site.answers = {"/b": pdf}
    report = run(tmp_path, site.url("/a"), site.url("/b"))
    assert [r.outcome for r in report.results] == [FetchOutcome.FAILED, FetchOutcome.FETCHED]
    summary = report.summary()
    for words in (
        "1 fetched",
        "1 failed",
        site.url("/a"),
        "404",
        "nobody has checked this address",
    ):
        assert words in summary


def test_unchanged_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    def answer(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == ETAG:
            handler.reply(304, ETag=ETAG)
        else:
            pdf(handler)

    site.answers = {"/a": answer}
    run(tmp_path, site.url("/a"))
    report = run(tmp_path, site.url("/a"))
    assert [r.outcome for r in report.results] == [FetchOutcome.UNCHANGED]
    assert report.results[0].path == tmp_path / "into/doc-1.pdf"


def test_unchanged_by_checksum_where_the_server_has_no_marks(site: Site, tmp_path: Path) -> None:
    site.answers = {"/a": lambda h: h.reply(200, PDF, Content_Type="application/pdf")}
    run(tmp_path, site.url("/a"))
    assert run(tmp_path, site.url("/a")).results[0].outcome is FetchOutcome.UNCHANGED


def test_a_changed_or_lost_file_is_fetched_again(site: Site, tmp_path: Path) -> None:
    site.answers = {"/a": pdf}
    run(tmp_path, site.url("/a"))
    file = tmp_path / "into/doc-1.pdf"
    file.write_bytes(b"spoilt")
    run(tmp_path, site.url("/a"))
    assert file.read_bytes() == PDF
    assert "If-None-Match" not in site.asked[-1][1]


def test_own_words_in_the_manifest_stay(site: Site, tmp_path: Path) -> None:
    site.answers = {"/a": pdf, "/b": pdf}
    run(tmp_path, site.url("/a"))
    manifest = tmp_path / "into/documents.yml"
    content = yaml.safe_load(manifest.read_text())
    content["documents"][0]["title"] = "Our own title"
    manifest.write_text(yaml.safe_dump(content))
    run(tmp_path, site.url("/a"), site.url("/b"))
    titles = [d["title"] for d in yaml.safe_load(manifest.read_text())["documents"]]
    assert titles == ["Our own title", "Document 2"]


def broken_then_rest(*, ranges: bool) -> Callable[[Handler], None]:
    """Breaks off in the middle the first time; then sends the rest, or everything where it knows no
    ranges.
    """
    calls: list[None] = []

    def answer(handler: Handler) -> None:
        calls.append(None)
        asked = handler.headers.get("Range", "")
        if len(calls) == 1:
            handler.reply(
                200, PDF[:2000], length=len(PDF), Content_Type="application/pdf", ETag=ETAG
            )
        elif ranges and asked and handler.headers.get("If-Range") == ETAG:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            handler.reply(
                206, PDF[start:], Content_Type="application/pdf", ETag=ETAG,
                Content_Range=f"bytes {start}-{len(PDF) - 1}/{len(PDF)}",
            )  # fmt: skip
        else:
            pdf(handler)

    return answer


@pytest.mark.parametrize(
    "ranges", [pytest.param(True, id="resumed"), pytest.param(False, id="ignores-range")]
)
def test_goes_on_after_a_break(site: Site, tmp_path: Path, *, ranges: bool) -> None:
    site.answers = {"/a": broken_then_rest(ranges=ranges)}
    report = run(tmp_path, site.url("/a"))
    assert report.results[0].outcome is FetchOutcome.FETCHED
    assert (tmp_path / "into/doc-1.pdf").read_bytes() == PDF
    assert site.asked[-1][1]["Range"] == "bytes=2000-"


def test_goes_on_in_the_next_run(site: Site, tmp_path: Path) -> None:
    site.answers = {"/a": broken_then_rest(ranges=True)}
    once = Manners(pause_s=0, timeout_s=0.5, tries=1)
    assert "broke off after 2,000 bytes" in reason(run(tmp_path, site.url("/a"), manners=once))
    assert (tmp_path / "into/doc-1.part").stat().st_size == 2000
    assert run(tmp_path, site.url("/a"), manners=once).results[0].outcome is FetchOutcome.FETCHED
    assert (tmp_path / "into/doc-1.pdf").read_bytes() == PDF


def test_a_new_version_is_not_patched_onto_the_old(site: Site, tmp_path: Path) -> None:
    newer = PDF.replace(b"padding", b"changed")
    calls: list[None] = []

    def answer(handler: Handler) -> None:
        calls.append(None)
        if len(calls) == 1:
            handler.reply(
                200, PDF[:2000], length=len(PDF), Content_Type="application/pdf", ETag=ETAG
            )
        else:  # If-Range does not match: the whole new version
            handler.reply(200, newer, Content_Type="application/pdf", ETag='"v2"')

    site.answers = {"/a": answer}
    run(tmp_path, site.url("/a"))
    assert (tmp_path / "into/doc-1.pdf").read_bytes() == newer


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        pytest.param(503, {}, [1.0, 1.0, 1.0], id="backs-off"),
        pytest.param(503, {"Retry_After": "7"}, [1.0, 7.0, 1.0], id="as-long-as-asked"),
        pytest.param(
            429,
            {
                "Retry_After": "Wed, 01 Jan 2025 00:00:09 GMT",
                "Date": "Wed, 01 Jan 2025 00:00:00 GMT",
            },
            [1.0, 9.0, 1.0],
            id="until-the-date",
        ),
    ],
)
def test_tries_again(
    site: Site, tmp_path: Path, status: int, headers: dict[str, str], expected: list[float]
) -> None:
    def answer(handler: Handler) -> None:
        if site.times("/a") == 1:
            handler.date = headers.get("Date")
            handler.reply(status, **{k: v for k, v in headers.items() if k != "Date"})  # type: ignore[arg-type]
        else:
            pdf(handler)

    site.answers = {"/a": answer}
    waits: list[float] = []
    report = run(tmp_path, site.url("/a"), waits=waits)
    assert report.results[0].outcome is FetchOutcome.FETCHED
    assert waits == expected


def test_gives_up_where_asked_to_wait_for_hours(site: Site, tmp_path: Path) -> None:
    site.answers = {"/a": lambda h: h.reply(503, Retry_After="7200")}
    assert "wait 7,200 seconds" in reason(run(tmp_path, site.url("/a")))
    assert site.times("/a") == 1


def _redirect(where: str) -> Callable[[Handler], None]:
    return lambda handler: handler.reply(302, Location=where)


def _stall(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/pdf")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(PDF[:100])
    handler.wfile.flush()
    threading.Event().wait(1.0)  # longer than the client waits
    handler.close_connection = True


def _hang_up(handler: Handler) -> None:
    handler.close_connection = True


def _bomb(handler: Handler) -> None:
    body = gzip.compress(b"a" * 5_000_000)
    handler.reply(200, body, Content_Type="text/plain", Content_Encoding="gzip")


def _endless(handler: Handler) -> None:
    """More than is taken, without saying how much will come."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/pdf")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(PDF * 30)
    handler.close_connection = True


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(_redirect("/a"), "redirects more than 3 times", id="redirect-loop"),
        pytest.param(
            _redirect("http://169.254.169.254/latest/meta-data"),
            "inside a network",
            id="link-local",
        ),
        pytest.param(_redirect("http://10.0.0.8/x.pdf"), "inside a network", id="private"),
        pytest.param(_redirect("http://[fd00::1]/x.pdf"), "inside a network", id="private-ipv6"),
        pytest.param(
            _redirect("http://[::ffff:10.0.0.8]/x"), "inside a network", id="private-as-ipv6"
        ),
        pytest.param(_redirect("http://0.0.0.0/x.pdf"), "inside a network", id="unspecified"),
        pytest.param(_redirect("file:///etc/passwd"), "no address of the web", id="file-scheme"),
        pytest.param(_redirect("http://user:secret@127.0.0.1/"), "name or password", id="userinfo"),
        pytest.param(_redirect(""), "without saying where", id="redirect-to-nowhere"),
        pytest.param(
            lambda h: h.reply(200, b"\x89PNG\r\n", Content_Type="image/png"),
            "it is image/png",
            id="wrong-type",
        ),
        pytest.param(
            lambda h: h.reply(200, b"PK\x03\x04zip", Content_Type="application/pdf"),
            "no document",
            id="wrong-content",
        ),
        pytest.param(
            lambda h: h.reply(200, b"", Content_Type="application/pdf"), "no bytes", id="empty"
        ),
        pytest.param(
            lambda h: h.reply(200, b"", length=10**9, Content_Type="application/pdf"),
            "larger than",
            id="too-large-announced",
        ),
        pytest.param(_endless, "larger than", id="too-large-sent"),
        pytest.param(_bomb, "larger than", id="compressed-bomb"),
        pytest.param(_stall, "broke off after 100 bytes", id="slow"),
        pytest.param(_hang_up, "cannot be reached", id="hangs-up"),
        pytest.param(
            lambda h: h.reply(200, PDF[:50], length=len(PDF), Content_Type="application/pdf"),
            "broke off",
            id="truncated",
        ),
        pytest.param(lambda h: h.reply(403), "by hand in a browser", id="forbidden"),
        pytest.param(lambda h: h.reply(500), "answers 500", id="server-error"),
        pytest.param(
            lambda h: h.reply(
                206, PDF, Content_Type="application/pdf", Content_Range="bytes 9-/99"
            ),
            "another part",
            id="part-unasked",
        ),
        pytest.param(lambda h: h.reply(304), "answers 304", id="unchanged-unasked"),
    ],
)
def test_failures_are_named(
    site: Site, tmp_path: Path, answer: Callable[[Handler], None], words: str
) -> None:
    site.answers = {"/a": answer}
    report = run(tmp_path, site.url("/a"))
    assert words in reason(report)
    assert not list((tmp_path / "into").glob("doc-1.[!p]*"))
    assert not (tmp_path / "into/documents.yml").exists()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1/a.pdf", id="loopback"),
        pytest.param("http://localhost/a.pdf", id="loopback-by-name"),
        pytest.param("http://192.168.1.1/a.pdf", id="private"),
        pytest.param("http://169.254.169.254/a.pdf", id="link-local"),
        pytest.param("http://100.64.0.1/a.pdf", id="carrier"),
        pytest.param("http://[::1]/a.pdf", id="loopback-ipv6"),
        pytest.param("http://[64:ff9b::a00:1]/a.pdf", id="private-behind-nat64"),
        pytest.param("http://224.0.0.1/a.pdf", id="multicast"),
    ],
)
def test_first_addresses_inside_a_network_are_refused(url: str) -> None:
    web = Web(user_agent="mustdo", manners=MANNERS, sleep=lambda _: None)
    with pytest.raises(FetchError, match="inside a network"), web.get(url, {}):
        pytest.fail("it was fetched")
    web.close()


def test_a_name_is_looked_up_once(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to the number that was checked, not to what the name means a moment
    later.
    """
    asked: list[str] = []

    def look_up(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("pipeline.fetch_http.socket.getaddrinfo", look_up)
    site.answers = {"/a": pdf}
    report = run(tmp_path, f"http://guidance.example:{site.port}/a")
    assert report.results[0].outcome is FetchOutcome.FETCHED
    assert asked.count("guidance.example") == 2  # once for robots.txt, once for the document
    assert set(asked) <= {"guidance.example", "127.0.0.1"}
    assert site.asked[-1][1]["Host"] == f"guidance.example:{site.port}"


@pytest.mark.parametrize(
    ("robots", "fetched"),
    [
        pytest.param(b"User-agent: *\nDisallow: /", False, id="all-closed"),
        pytest.param(b"User-agent: mustdo\nDisallow: /a", False, id="closed-to-us"),
        pytest.param(b"User-agent: other\nDisallow: /", True, id="closed-to-others"),
        pytest.param(b"User-agent: *\nDisallow: /private", True, id="another-path-closed"),
        pytest.param(b"\xff\xfe not a robots file", True, id="no-rules"),
    ],
)
def test_robots_txt_is_kept(site: Site, tmp_path: Path, robots: bytes, *, fetched: bool) -> None:
    site.answers = {
        "/a": pdf,
        "/robots.txt": lambda h: h.reply(200, robots, Content_Type="text/plain"),
    }
    report = run(tmp_path, site.url("/a"))
    assert (not report.failed) is fetched
    assert site.times("/a") == int(fetched)


def test_robots_txt_that_cannot_say_closes_the_site(site: Site, tmp_path: Path) -> None:
    site.answers = {"/a": pdf, "/robots.txt": lambda h: h.reply(503)}
    assert "robots.txt answers 503" in reason(run(tmp_path, site.url("/a")))
    assert site.times("/a") == 0


def test_crawl_delay_is_kept(site: Site, tmp_path: Path) -> None:
    robots = b"User-agent: *\nCrawl-delay: 12"
    site.answers = {
        "/a": pdf,
        "/robots.txt": lambda h: h.reply(200, robots, Content_Type="text/plain"),
    }
    waits: list[float] = []
    run(tmp_path, site.url("/a"), waits=waits)
    assert waits == [12.0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("documents: [", "no catalogue", id="no-yaml"),
        pytest.param("documents:\n- {id: a, title: b}", "url", id="no-address"),
        pytest.param(
            "documents:\n- {id: a, title: b, url: c, year: 2}", "year", id="unknown-field"
        ),
        pytest.param(
            "documents:\n- {id: ../a, title: b, url: c}", "cannot name a file", id="path-as-id"
        ),
        pytest.param(
            "documents:\n- {id: a, title: b, url: c}\n- {id: a, title: b, url: d}",
            "two documents",
            id="same-id",
        ),
        pytest.param(
            "documents:\n- {id: a, title: b, url: c, planning_year: 2025/27}",
            "2025/27",
            id="no-year",
        ),
    ],
)
def test_a_bad_catalogue_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "catalogue.yml"
    path.write_text(text)
    with pytest.raises(UsageError, match=words):
        read_catalogue(path)


def test_a_spoilt_state_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "into").mkdir()
    (tmp_path / "into/fetched.json").write_text("{")
    with pytest.raises(UsageError, match="delete it"):
        run(tmp_path)


def test_the_projects_own_catalogue_is_whole() -> None:
    entries = read_catalogue(Path(__file__).parents[1] / "corpus" / "catalogue.yml")
    assert len(entries) == 14
    assert {entry.url_checked for entry in entries} == {True, False, "archived only"}
    assert all(entry.planning_year and entry.published and entry.publisher for entry in entries)
