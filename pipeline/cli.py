"""The command line: words typed to calls, and their results to plain English."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import click

from pipeline.errors import MustdoError
from pipeline.progress import progress_bar
from pipeline.wording import count_words

P = ParamSpec("P")
R = TypeVar("R")

DONE: Final = 0
QUARANTINED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130

_db_option = click.option(
    "--db",
    "db",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("mustdo.db"),
    show_default=True,
    help="The database file.",
)


class _Command(click.Command):
    """A command whose examples are printed as they stand."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.epilog:
            formatter.write_paragraph()
            with formatter.section("Examples"):
                for line in self.epilog.strip().splitlines():
                    formatter.write(f"{' ' * formatter.current_indent}{line.strip()}\n")


class _Group(click.Group):
    command_class = _Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _plain_errors(function: Callable[P, R]) -> Callable[P, R]:
    """Say what went wrong in a sentence; exit codes as in the contract."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except MustdoError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(USAGE)
        except KeyboardInterrupt:
            click.echo(
                "\nStopped. Your database is as it was; run the same command again to go on from"
                " here.",
                err=True,
            )
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            # The reader of our output went away ("| head"): nothing to report, and nobody to report
            # it to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(DONE)

    return wrapped


@click.group(
    cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="mustdo", prog_name="mustdo")
def cli() -> None:
    """Turn planning guidance into requirements: who must do what, by when, to which number."""


@cli.command(epilog="mustdo demo\nmustdo demo --db demo.db --port 9000")
@_db_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option("--port", default=8001, show_default=True, help="Port to serve on.")
@click.option("--open", "open_browser", is_flag=True, help="Open a web browser.")
@click.option("--no-serve", is_flag=True, help="Build only.")
@_plain_errors
def demo(db: Path, host: str, port: int, open_browser: bool, no_serve: bool) -> None:
    """Build the sample corpus and serve it.

    The sample documents were written for mustdo; they are in the manner of planning guidance, and
    not by any body of the NHS.
    """
    from pipeline.demo import check_demo_database, sample_corpus

    check_demo_database(db)
    code = _build([sample_corpus()], db)
    if no_serve:
        sys.exit(code)
    _serve(db, host=host, port=port, open_browser=open_browser)


@cli.command(epilog="mustdo fetch\nmustdo fetch my-catalogue.yml --into documents")
@click.argument("catalogue", type=click.Path(path_type=Path), required=False)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("documents"),
    show_default=True,
    help="Folder for the documents.",
)
@_db_option
@_plain_errors
def fetch(catalogue: Path | None, into: Path, db: Path) -> None:
    """Download the documents that a catalogue lists, politely, and write their documents.yml.

    Without CATALOGUE: NHS planning guidance from 2012/13 on. Needs a way out to the internet.
    """
    from pipeline.demo import default_catalogue
    from pipeline.fetch import fetch as download

    with progress_bar() as tell:
        report = download(catalogue or default_catalogue(), into, progress=tell)
    click.echo(report.summary())
    if db and not report.failed:
        click.echo(f"Next: mustdo build {into} --db {db}")
    sys.exit(QUARANTINED if report.failed else DONE)


@cli.command(
    epilog="mustdo build documents\n"
    "mustdo build guidance.pdf board-papers/ --db ours.db --workers 4"
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_db_option
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=None,
    help="Processes to use.  [default: one a core]",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Address of a dask scheduler to work on instead."
)
@click.option("--rebuild", is_flag=True, help="Do everything again, changed or not.")
@click.option(
    "--password",
    envvar="MUSTDO_PASSWORD",
    help="Password for encrypted PDFs (or set MUSTDO_PASSWORD).",
)
@click.option("--ocr", is_flag=True, help="Read scans too, where ocrmypdf is installed.")
@_plain_errors
def build(
    paths: tuple[Path, ...],
    db: Path,
    workers: int | None,
    scheduler: str | None,
    rebuild: bool,
    password: str | None,
    ocr: bool,
) -> None:
    """Read files and folders into the database.

    Reads .pdf, .html, .docx, .txt and .md. What has not changed is skipped; what cannot be read is
    put in quarantine with its reason, and the rest goes on. A documents.yml in a folder may say
    what each file is.
    """
    code = _build(
        list(paths),
        db,
        workers=workers,
        scheduler=scheduler,
        rebuild=rebuild,
        password=password,
        ocr=ocr,
    )
    if code == DONE:
        click.echo(f"Next: mustdo serve --db {db}", err=True)
    sys.exit(code)


def _build(paths: list[Path], db: Path, *, workers: int | None = None, **settings: Any) -> int:
    from pipeline.build import BuildOptions, build

    if workers is not None:
        settings["workers"] = workers
    with progress_bar() as tell:
        report = build(paths, db, options=BuildOptions(**settings), progress=tell)
    parts = [f"{report.read} read", f"{report.unchanged} unchanged"]
    if report.removed:
        parts.append(f"{report.removed} removed")
    click.echo(
        f"{db}: {report.documents:,} documents, {report.requirements:,} requirements,"
        f" {report.links:,} links"
        f" ({', '.join(parts)})."
    )
    if not report.quarantined:
        return DONE
    click.echo(f"{len(report.quarantined)} could not be read and are in quarantine:", err=True)
    for item in report.quarantined:
        click.echo(f"  {item.message}", err=True)
    return QUARANTINED


@cli.command(epilog="mustdo serve\nmustdo serve --db ours.db --port 9000 --open")
@_db_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on.")
@click.option("--port", default=8001, show_default=True, help="Port to serve on.")
@click.option("--open", "open_browser", is_flag=True, help="Open a web browser.")
@_plain_errors
def serve(db: Path, host: str, port: int, open_browser: bool) -> None:
    """Serve the database in a web browser, with Datasette."""
    _serve(db, host=host, port=port, open_browser=open_browser)


def _serve(db: Path, *, host: str, port: int, open_browser: bool) -> None:
    from pipeline.store.database import check_database
    from pipeline.web.serve import serve as run

    check_database(db)
    run(db, host=host, port=port, open_browser=open_browser)


@cli.command(
    epilog="mustdo diff 2024/25 2025/26\n"
    "mustdo diff 2024/25 2025/26 --format xlsx --out changes.xlsx"
)
@click.argument("from_", metavar="FROM")
@click.argument("to")
@_db_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "md", "html", "json", "csv", "xlsx", "docx"]),
    default="text",
    show_default=True,
    help="How to write it.",
)
@click.option("--topic", help="Only this topic.")
@click.option("--bearer", help="Only what binds this body.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write to.")
@_plain_errors
def diff(
    from_: str,
    to: str,
    db: Path,
    format_: str,
    topic: str | None,
    bearer: str | None,
    out: Path | None,
) -> None:
    """Show what changed between two planning years, or two documents."""
    from pipeline.export import render_diff
    from pipeline.store.database import check_database

    check_database(db)
    _write(render_diff(db, from_, to, format=format_, topic=topic, bearer=bearer), out, format_)


@cli.command(
    epilog="mustdo export --year 2025/26 --bearer ICB --format xlsx --out checklist.xlsx\n"
    "mustdo export --table links --format csv --out links.csv"
)
@_db_option
@click.option(
    "--table",
    type=click.Choice(["requirements", "links", "quantities"]),
    default="requirements",
    show_default=True,
    help="What to export.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "csv", "md", "xlsx", "docx", "reqif", "ics"]),
    default="jsonl",
    show_default=True,
    help="How to write it.",
)
@click.option("--year", help="Only this planning year, e.g. 2025/26.")
@click.option("--document", help="Only this document (its id).")
@click.option("--bearer", help="Only what binds this body, e.g. ICB.")
@click.option("--topic", help="Only this topic, e.g. 'urgent care'.")
@click.option(
    "--modality",
    help="Only this force: obligation (must), prohibition (must not), recommendation (should),"
    " permission (may), commitment, or none (a target only).",
)
@click.option(
    "--keep-rejected", is_flag=True, help="Keep the requirements that a reviewer rejected."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write to.")
@_plain_errors
def export(
    db: Path,
    table: str,
    format_: str,
    keep_rejected: bool,
    out: Path | None,
    **filters: str | None,
) -> None:
    """Write requirements as data, or as a checklist.

    What reviewers corrected is written as they corrected it, and what they rejected is left out.
    """
    from pipeline.export import Filters, export_to
    from pipeline.store.database import check_database
    from pipeline.web.settling import load_decisions

    check_database(db)
    content = io.BytesIO()
    left_out = export_to(
        db,
        content,
        table=table,
        format=format_,
        filters=Filters(**filters, keep_rejected=keep_rejected),
        decisions=load_decisions(db),
    )
    _write(content.getvalue(), out, format_)
    if left_out:
        click.echo(
            f"Left out {count_words(left_out, 'requirement')} that a reviewer rejected;"
            " --keep-rejected keeps them.",
            err=True,
        )


@cli.command(
    "carry-forward",
    epilog="mustdo carry-forward checklist-2024-25.xlsx --to 2025/26 --out checklist-2025-26.xlsx",
)
@click.argument("checklist", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to", "to_year", required=True, help="The planning year to move to.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write to.",
)
@_db_option
@_plain_errors
def carry_forward(checklist: Path, to_year: str, out: Path, db: Path) -> None:
    """Move a filled-in checklist's owners, status and notes to the next year's along the links."""
    from pipeline.export import carry_forward as carry
    from pipeline.store.database import check_database
    from pipeline.web.settling import load_decisions

    check_database(db)
    _write(carry(checklist, db, to_year, decisions=load_decisions(db)), out, "xlsx")


@cli.command(epilog="mustdo evaluate\nmustdo evaluate my-gold/ --json")
@click.argument("gold", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--errors", type=int, default=0, metavar="N", help="Show up to N errors of each kind."
)
@_db_option
@_plain_errors
def evaluate(gold: Path | None, as_json: bool, errors: int, db: Path) -> None:
    """Measure precision, recall and F1 against labelled documents.

    GOLD is a folder of .jsonl files, each beside the document it labels; labelled pairs of
    documents in its folder links/ measure linking. Without it: the project's own, each held out.
    """
    from pipeline.evaluate import evaluate as measure

    report = measure(gold, errors=errors)
    click.echo(report.as_json() if as_json else report.as_text())


@cli.command(epilog="mustdo train")
@_db_option
@_plain_errors
def train(db: Path) -> None:
    """Fit the models in models/ again from the labelled documents; the same data give the same
    models.
    """
    from pipeline.train import train as fit

    with progress_bar() as tell:
        click.echo(fit(progress=tell))


def _write(content: bytes, out: Path | None, format_: str) -> None:
    """To the file, in one step, or to standard output."""
    if out is None:
        if format_ in ("xlsx", "docx") and sys.stdout.isatty():
            raise click.UsageError(f"{format_} is not for the screen: name a file with --out.")
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from pipeline.errors import UsageError

    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(content)
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(
            f"{out} cannot be written ({error.strerror}). Name another file with --out."
        ) from error
    click.echo(f"Wrote {out} ({len(content):,} bytes).", err=True)


def main() -> None:
    """Entry point of the `mustdo` command."""
    cli(prog_name="mustdo")
