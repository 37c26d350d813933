"""Renders the sample corpus from `source/`: `render.py` writes files, `render.py --check` compares.

The rendered files are committed, so that reading them needs none of the tools that made them. The
same sources give the same bytes, on any day and any machine with the locked versions of reportlab
and python-docx.
"""

import argparse
import sys
from pathlib import Path

from rendering.expected import write_expected
from rendering.source import SUFFIX, SampleDocument, SourceError, find_units, read_source
from rendering.write_docx import render_docx
from rendering.write_html import render_html
from rendering.write_pdf import render_pdf
from rendering.write_text import render_text

HERE = Path(__file__).resolve().parent


def render_corpus(sources: Path) -> dict[str, bytes]:
    """All files of the corpus, name -> content; raises SourceError where a source breaks a rule."""
    documents = [read_source(path) for path in sorted(sources.glob(f"*{SUFFIX}"))]
    rendered = {
        f"{document.name}.{document.meta.format}": _render(document, sources)
        for document in documents
    }
    return rendered | write_expected(sources, {doc.name: find_units(doc) for doc in documents})


def _render(document: SampleDocument, sources: Path) -> bytes:
    match document.meta.format:
        case "pdf":
            return render_pdf(document)
        case "docx":
            return render_docx(document)
        case "html":
            return render_html(document, sources)
        case "txt":
            return render_text(document)
    raise SourceError(f"{document.name}: format must be pdf, docx, html or txt")


def find_differences(rendered: dict[str, bytes], folder: Path) -> list[str]:
    """One line for each file of the folder that is missing or not as rendered."""
    differences = []
    for name, content in sorted(rendered.items()):
        path = folder / name
        if not path.exists():
            differences.append(f"{name}: missing")
        elif path.read_bytes() != content:
            differences.append(f"{name}: differs from its source")
    return differences


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where a file is not as rendered"
    )
    parser.add_argument(
        "--into", type=Path, default=HERE, metavar="DIR", help="write or compare there instead"
    )
    arguments = parser.parse_args()
    try:
        rendered = render_corpus(HERE / "source")
    except SourceError as error:
        print(f"render.py: {error}", file=sys.stderr)
        return 2
    if arguments.check:
        differences = find_differences(rendered, arguments.into)
        for line in differences:
            print(f"{line}; run corpus/sample/render.py", file=sys.stderr)
        return 1 if differences else 0
    arguments.into.mkdir(parents=True, exist_ok=True)
    for name, content in rendered.items():
        (arguments.into / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
