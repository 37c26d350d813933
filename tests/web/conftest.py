"""A served small database, asked without a network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette

from pipeline.web.serve import make_datasette
from tests.web.small import build


class Reader:
    """Somebody with a browser: keeps cookies from one request to the next."""

    def __init__(self, datasette: Datasette, *, actor: Mapping[str, Any] | None = None) -> None:
        self.datasette = datasette
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=datasette.app()), base_url="http://localhost"
        )
        if actor is not None:
            self._client.cookies.set("ds_actor", datasette.sign({"a": dict(actor)}, "actor"))

    def get(self, address: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.get(address, **more))

    def page(self, address: str) -> str:
        """The text of a page that must be there."""
        response = self.get(address)
        assert response.status_code == 200, (
            f"{address}: {response.status_code} {response.text[:300]}"
        )
        return response.text

    def post(
        self, address: str, fields: Mapping[str, str], *, token: bool = True
    ) -> httpx.Response:
        """Send a form; with the token of the page that holds it, unless told otherwise."""
        sent = dict(fields)
        if token:
            page = self.get(address.removesuffix("/review")).text
            found = re.search(r'name="csrftoken" value="([^"]+)"', page)
            if found:
                sent["csrftoken"] = found[1]
        return self._runner.run(self._client.post(address, data=sent))

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


def text_of(node: Any, selector: str, strip: bool = False) -> str:
    """The text of the first element that a selector finds under a node; there must be one."""
    found = node.css_first(selector)
    assert found is not None, f"there is no {selector}"
    return str(found.text(strip=strip))


@pytest.fixture(scope="session")
def small_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small database, not to be written to."""
    return build(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def reader(small_database: Path) -> Iterator[Reader]:
    """A reader of the small database on its own machine."""
    someone = Reader(make_datasette(small_database))
    yield someone
    someone.close()
