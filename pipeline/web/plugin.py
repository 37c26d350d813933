"""The Datasette plugin: where its hooks meet our pages. Declared as an entry point; nothing here does work."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from datasette.app import Datasette
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from pluggy import HookimplMarker

from pipeline.web import assets, wording
from pipeline.web.pages import compare, home, requirement
from pipeline.web.security import DATASETTE_POLICY, Application, secured
from pipeline.web.site import find_site

hookimpl = HookimplMarker("datasette")

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
# Paths of the reader's machine stand in it; the table is for the build alone.
_PRIVATE_TABLE: Final = "sources"


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Our pages, before Datasette's own."""
    return [
        (r"/$", home.home),
        (r"/compare$", compare.compare),
        (r"/requirement/(?P<id>[^/]+)\.json$", requirement.requirement_json),
        (r"/requirement/(?P<id>[^/]+)$", requirement.requirement),
        (r"/-/mustdo/(?P<version>[0-9a-f]+)/(?P<name>[a-z]+\.[a-z]+)$", assets.asset),
    ]


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Our templates, before Datasette's and those of other plugins; a --template-dir still comes first."""
    env.loader = ChoiceLoader([env.loader, FileSystemLoader(_TEMPLATES)]) if env.loader else None
    env.globals["words"] = wording
    env.globals["asset"] = assets.asset_path
