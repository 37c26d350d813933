"""The sample corpus: rendered as committed, a sample by its own word, true to what it expects."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import msgspec
import pdfplumber
import pytest
from selectolax.lexbor import LexborHTMLParser

SAMPLE = Path(__file__).resolve().parents[1] / "corpus" / "sample"
RENDER = SAMPLE / "render.py"
NOTICE = "a sample document written for the mustdo project, not a publication of any NHS body"
DOCUMENTS = msgspec.yaml.decode((SAMPLE / "documents.yml").read_bytes())["documents"]
NAMES = [entry["path"] for entry in DOCUMENTS]
GUIDANCE_PAIRS = [
    ("sample-guidance-2023-24", "sample-guidance-2024-25"),
    ("sample-guidance-2024-25-draft", "sample-guidance-2024-25"),
    ("sample-guidance-2024-25", "sample-guidance-2025-26"),
    ("sample-guidance-2025-26", "sample-framework-2026-29"),
]
LINK_RELATIONS = [
    "same",
    "reworded",
    "target_changed",
    "strengthened",
    "weakened",
    "split",
    "merged",
]
BODY_TOP, BODY_BOTTOM = 74.0, 775.0  # points; the running header and footer lie outside
BODY_SIZE, NOTE_SIZE = 8.6, 7.6  # points; words of the body are larger, footnotes between the two
# Numbers that the documents write as words or on another scale.
IN_WORDS = {
    0.0: ("nobody",),
    0.5: ("half",),
    100.0: ("every", "all", "100%"),
    600_000_000.0: ("£600 million",),
    1_000_000_000.0: ("£1 billion",),
}


def read_lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines()]


LINES = read_lines("expected-links.jsonl")
LINKS = [line for line in LINES if "from_doc" in line]
FIRM_LINKS = [line for line in LINKS if not line.get("optional")]
UNLINKED = [line for line in LINES if "doc" in line]
MENTIONS = read_lines("expected-mentions.jsonl")
REPEATS = read_lines("expected-repeats.jsonl")


def fold(text: str) -> str:
    """The text without white space and hyphens, which a line's end may add or take away."""
    return re.sub(r"[\s\-\u00ad]+", "", text)


def read_pdf(path: Path) -> str:
    """The words of the body in the order in which they were drawn, then those of the footnotes."""
    body, notes = [], []
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            for char in page.chars:
                if page.page_number == 1 or BODY_TOP < char["top"] < BODY_BOTTOM:
                    if char["size"] > BODY_SIZE:
                        body.append(char["text"])
                    elif char["size"] > NOTE_SIZE:
                        notes.append(char["text"])
    return "".join(body) + "\n" + "".join(notes)


def read_docx(path: Path) -> str:
    parts = []
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, docx.table.Table):
            for row in block.rows:
                parts.append(" ".join(cell.text for cell in row.cells))
        else:
            parts.append(block.text)
    with ZipFile(path) as archive:
        if "word/footnotes.xml" in archive.namelist():
            root = ElementTree.fromstring(archive.read("word/footnotes.xml"))
            parts.append("".join(root.itertext()))
    return "\n".join(parts)


def read_html(path: Path) -> str:
    tree = LexborHTMLParser(path.read_bytes())
    for reference in tree.css("sup"):
        reference.decompose()
    content = tree.css_first("main, article")
    assert content is not None
    return content.text(separator="")


@cache
def read_document(document: str) -> str:
    """The folded text of a document without its running header and footer."""
    path = next(SAMPLE / name for name in NAMES if Path(name).stem == document)
    reader = {".pdf": read_pdf, ".docx": read_docx, ".html": read_html}.get(path.suffix)
    return fold(reader(path) if reader else path.read_text(encoding="utf-8"))


def quotes_of(document: str) -> set[str]:
    """Every quote that the expected files take from the document."""
    quotes = {line["quote"] for line in UNLINKED if line["doc"] == document}
    for line in [*LINKS, *MENTIONS]:
        quotes |= {line[f"{end}_quote"] for end in ("from", "to") if line[f"{end}_doc"] == document}
    return quotes | {q for line in REPEATS if line["doc"] == document for q in line["quotes"]}


def run_render(*arguments: str, seed: str = "0", zone: str = "UTC") -> tuple[int, str]:
    """Exit code and standard error of the rendering script."""
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(RENDER), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return done.returncode, done.stderr


def test_committed_files_are_as_rendered() -> None:
    assert run_render("--check") == (0, "")


def test_rendering_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    for number, (seed, zone) in enumerate([("1", "UTC"), ("2", "Pacific/Auckland")]):
        assert run_render("--into", str(tmp_path / str(number)), seed=seed, zone=zone)[0] == 0
    first, second = (sorted((tmp_path / str(number)).iterdir()) for number in range(2))
    assert [path.name for path in first] == [path.name for path in second]
    assert {*NAMES, "expected-links.jsonl"} <= {path.name for path in first}
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_check_names_files_that_differ_or_are_missing(tmp_path: Path) -> None:
    assert run_render("--into", str(tmp_path))[0] == 0
    changed, removed = tmp_path / NAMES[0], tmp_path / NAMES[1]
    changed.write_bytes(changed.read_bytes() + b" ")
    removed.unlink()
    code, report = run_render("--check", "--into", str(tmp_path))
    assert code == 1
    assert [line.split(";")[0] for line in report.splitlines()] == [
        f"{changed.name}: differs from its source",
        f"{removed.name}: missing",
    ]


@pytest.mark.parametrize("entry", DOCUMENTS, ids=NAMES)
def test_catalogue_entry_fits_its_file(entry: dict[str, Any]) -> None:
    assert (SAMPLE / entry["path"]).is_file()
    assert entry["publisher"] == "mustdo sample corpus"
    assert entry["licence"] == "Apache-2.0"
    assert entry["kind"] in {"guidance", "board_paper", "commentary"}
    assert ("planning_year" in entry) == (entry["kind"] != "commentary")
    assert set(entry.get("supersedes", [])) <= {Path(name).stem for name in NAMES}


def test_catalogue_lists_every_document_and_the_draft_is_superseded() -> None:
    documents = {p.name for p in SAMPLE.iterdir() if p.suffix in {".pdf", ".docx", ".html", ".txt"}}
    assert documents == set(NAMES)
    assert [e["path"] for e in DOCUMENTS if e.get("supersedes")] == ["sample-guidance-2024-25.html"]


@pytest.mark.parametrize("name", NAMES)
def test_document_says_first_and_last_that_it_is_a_sample(name: str) -> None:
    path, notice = SAMPLE / name, fold(NOTICE)
    if path.suffix == ".pdf":
        with pdfplumber.open(path) as pdf:
            assert all(notice in fold(page.extract_text()) for page in pdf.pages)
    elif path.suffix == ".docx":
        word = docx.Document(str(path))
        assert NOTICE in "".join(p.text for p in word.paragraphs[:4])
        assert NOTICE in "".join(p.text for p in word.sections[0].footer.paragraphs)
    elif path.suffix == ".html":
        tree = LexborHTMLParser(path.read_bytes())
        for place in ("main .notice, article .notice", "footer"):
            node = tree.css_first(place)
            assert node is not None
            assert NOTICE in node.text()
    else:
        lines = path.read_text(encoding="utf-8").strip().splitlines()
        assert any(NOTICE in line for line in lines[:6])
        assert NOTICE in lines[-1]


@pytest.mark.parametrize("name", NAMES)
def test_no_markup_is_left_in_a_document(name: str) -> None:
    text = read_document(Path(name).stem)
    assert not re.search(r"\[#|\*\*|\[\^|:::", text)


@pytest.mark.parametrize("name", NAMES)
def test_expected_quotes_stand_in_their_document(name: str) -> None:
    document = Path(name).stem
    quotes = quotes_of(document)
    assert quotes
    assert not [quote for quote in quotes if fold(quote) not in read_document(document)]


@pytest.mark.parametrize("name", NAMES)
def test_expected_quotes_are_single_units(name: str) -> None:
    sentence_end = re.compile(r"[a-z0-9%][.?!][”’]? [A-Z]")
    assert not [quote for quote in quotes_of(Path(name).stem) if sentence_end.search(quote)]


@pytest.mark.parametrize(("earlier", "later"), GUIDANCE_PAIRS)
def test_every_relation_occurs_several_times_in_each_pair(earlier: str, later: str) -> None:
    firm = [line for line in FIRM_LINKS if (line["from_doc"], line["to_doc"]) == (earlier, later)]
    counts = Counter(line["relation"] for line in firm)
    assert len(firm) >= 40
    assert {name: n for name in LINK_RELATIONS if (n := counts[name]) < 3} == {}
    for relation, document, against in (("new", later, earlier), ("dropped", earlier, later)):
        alone = [
            line
            for line in UNLINKED
            if (line["relation"], line["doc"], line["against"]) == (relation, document, against)
        ]
        assert len(alone) >= 3, relation


@pytest.mark.parametrize(("earlier", "later"), GUIDANCE_PAIRS)
def test_splits_and_merges_have_several_ends_on_one_side(earlier: str, later: str) -> None:
    firm = [line for line in FIRM_LINKS if (line["from_doc"], line["to_doc"]) == (earlier, later)]
    for relation, one, many in (("split", "from", "to"), ("merged", "to", "from")):
        ends: dict[str, set[str]] = {}
        for line in firm:
            if line["relation"] == relation:
                ends.setdefault(line[f"{one}_quote"], set()).add(line[f"{many}_quote"])
        assert len(ends) >= 3
        assert min(map(len, ends.values())) >= 2


def test_linked_units_are_neither_new_nor_dropped() -> None:
    linked = {(line[f"{end}_doc"], line[f"{end}_quote"], line[f"{other}_doc"])
              for line in LINKS for end, other in (("from", "to"), ("to", "from"))}  # fmt: skip
    assert not [
        line for line in UNLINKED if (line["doc"], line["quote"], line["against"]) in linked
    ]


@pytest.mark.parametrize("relation", ["same", "target_changed"])
def test_values_of_links_stand_in_their_quotes(relation: str) -> None:
    valued = [line for line in LINKS if line["relation"] == relation and "from_value" in line]
    assert bool(valued) == (relation == "target_changed")
    for line in valued:
        assert line["unit"]
        assert line["from_value"] != line["to_value"]
        for end in ("from", "to"):
            value, quote = line[f"{end}_value"], line[f"{end}_quote"]
            words = IN_WORDS.get(value, ())
            digits = re.search(rf"(?<![\d.]){re.escape(f'{value:g}')}(?![\d.]*\d)", quote)
            assert digits or any(word in quote.lower() for word in words), (value, quote)


def test_targets_become_harder_and_easier_between_each_two_years() -> None:
    for earlier, later in GUIDANCE_PAIRS:
        notes = " ".join(
            line["note"]
            for line in FIRM_LINKS
            if (line["from_doc"], line["to_doc"], line["relation"])
            == (earlier, later, "target_changed")
        )
        assert "harder" in notes
        assert "easier" in notes


def test_mentions_of_every_kind_lead_from_papers_to_guidance() -> None:
    kinds = {Path(entry["path"]).stem: entry["kind"] for entry in DOCUMENTS}
    assert {kinds[line["from_doc"]] for line in MENTIONS} == {"board_paper", "commentary"}
    assert {kinds[line["to_doc"]] for line in MENTIONS} == {"guidance"}
    counts = Counter(line["kind"] for line in MENTIONS)
    assert min(counts[kind] for kind in ("reports", "repeats", "misstates", "contests")) >= 3


def test_requirements_are_repeated_within_each_full_guidance() -> None:
    for document in {name for pair in GUIDANCE_PAIRS for name in pair}:
        groups = [line["quotes"] for line in REPEATS if line["doc"] == document]
        assert len(groups) >= 3
        assert all(len(set(group)) == len(group) > 1 for group in groups)


@pytest.mark.parametrize(
    ("name", "bookmarks"),
    [("sample-guidance-2023-24.pdf", True), ("sample-guidance-2025-26.pdf", False)],
)
def test_only_the_first_guidance_has_bookmarks(name: str, bookmarks: bool) -> None:
    with pdfplumber.open(SAMPLE / name) as pdf:
        outlined = "Outlines" in pdf.doc.catalog
        titles = [title for _, title, *_ in pdf.doc.get_outlines()] if outlined else []
    assert bool(titles) == bookmarks
    if bookmarks:
        text = read_document(Path(name).stem)
        assert not [title for title in titles if fold(title) not in text]


@pytest.mark.parametrize("name", ["sample-guidance-2023-24.pdf", "sample-guidance-2025-26.pdf"])
def test_table_of_measures_runs_over_a_page_break(name: str) -> None:
    with pdfplumber.open(SAMPLE / name) as pdf:
        (before, *_), (after, *_) = (page.extract_tables()[::-1] for page in pdf.pages[-2:])
    assert before[0] == after[0]  # the header repeats
    assert len(before) > 1
    assert not after[1][0]  # the page breaks within a joined cell


def test_body_of_the_2025_guidance_stands_in_two_columns() -> None:
    with pdfplumber.open(SAMPLE / "sample-guidance-2025-26.pdf") as pdf:
        page = pdf.pages[2]
        middle = page.width / 2
        gap = [w for w in page.crop((0, BODY_TOP, page.width, BODY_BOTTOM)).extract_words()
               if w["x0"] < middle < w["x1"]]  # fmt: skip
    assert not gap


def test_framework_has_nested_numbered_lists_merged_cells_and_footnotes() -> None:
    path = SAMPLE / "sample-framework-2026-29.docx"
    with ZipFile(path) as archive:
        xml = archive.read("word/document.xml").decode()
        assert "word/footnotes.xml" in archive.namelist()
    assert 'w:ilvl w:val="1"' in xml
    assert "<w:vMerge" in xml
    assert "w:footnoteReference" in xml
    styles = {p.style.name for p in docx.Document(str(path)).paragraphs if p.style}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "List Number"} <= styles


def test_corpus_stays_under_a_megabyte() -> None:
    files = [p for p in SAMPLE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert sum(path.stat().st_size for path in files) < 1_000_000


FRONT_MATTER = """---
title: A
subtitle: B
reference: C
date: D
audience: E
running_title: F
format: txt
---
"""


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        pytest.param("No front matter.\n", "must begin with front matter", id="no-front-matter"),
        pytest.param(FRONT_MATTER.replace("date: D\n", ""), "date", id="missing-field"),
        pytest.param(f"{FRONT_MATTER}:::box Title\nText.\n", "is not closed", id="open-box"),
        pytest.param(f"{FRONT_MATTER}:::banner\n", "no such block", id="unknown-block"),
        pytest.param(
            f"{FRONT_MATTER}:::table 50 40\n| a | b |\n:::\n", "add up to 100", id="table-widths"
        ),
        pytest.param(f"{FRONT_MATTER}# Heading\nText.\n", "empty line", id="heading-runs-on"),
        pytest.param(f"{FRONT_MATTER}[#a] One. [#a] Two.\n", "stands twice", id="key-used-twice"),
    ],
)
def test_source_that_breaks_a_rule_is_refused(
    source: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(SAMPLE))
    reading = import_module("rendering.source")
    path = tmp_path / "bad.source"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(reading.SourceError, match=complaint) as caught:
        reading.find_units(reading.read_source(path))
    assert str(caught.value).startswith("bad")


@pytest.mark.parametrize(
    ("new", "dropped", "complaint"),
    [
        pytest.param(["c"], ["b"], None, id="complete"),
        pytest.param([], ["b"], "not accounted for", id="forgotten"),
        pytest.param(["c", "z"], ["b"], "not in the document", id="unknown-key"),
        pytest.param(["c", "a"], ["b"], "both linked and not", id="linked-and-new"),
    ],
)
def test_every_unit_of_a_pair_has_to_be_accounted_for(
    new: list[str],
    dropped: list[str],
    complaint: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(SAMPLE))
    expected = import_module("rendering.expected")
    errors = import_module("rendering.source")
    pair = {"from": "x", "to": "y", "links": [{"relation": "same", "keys": ["a"]}]}
    relations = msgspec.yaml.encode([pair | {"new": new, "dropped": dropped}])
    (tmp_path / "relations.yml").write_bytes(relations)
    (tmp_path / "mentions.yml").write_text("[]\n", encoding="utf-8")
    units = {"x": {"a": "One.", "b": "Two."}, "y": {"a": "One.", "c": "Three."}}
    if complaint is None:
        written = expected.write_expected(tmp_path, units)["expected-links.jsonl"].decode()
        assert [json.loads(line)["relation"] for line in written.splitlines()] == [
            "same",
            "new",
            "dropped",
        ]
    else:
        with pytest.raises(errors.SourceError, match=complaint):
            expected.write_expected(tmp_path, units)
