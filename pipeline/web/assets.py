"""Stylesheet, script and icon: read once, served under an address that changes with what is in
them.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from datasette.utils.asgi import NotFound, Request, Response

_FOLDER: Final = Path(__file__).resolve().parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@lru_cache(maxsize=1)
def _assets() -> dict[str, tuple[str, bytes]]:
    """For each file its version and its bytes: what is not listed here cannot be asked for."""
    found = {}
    for path in sorted(_FOLDER.iterdir()):
        if path.suffix in _TYPES:
            content = path.read_bytes()
            found[path.name] = (hashlib.sha256(content).hexdigest()[:12], content)
    return found


def asset_path(name: str) -> str:
    """The path of a file of ours, below the base address."""
    version, _ = _assets()[name]
    return f"/-/mustdo/{version}/{name}"


async def asset(request: Request) -> Response:
    """A file of ours; its address holds its version, so it may be kept for good."""
    name = request.url_vars["name"]
    found = _assets().get(name)
    if found is None:
        raise NotFound("There is no such file.")
    version, content = found
    current = version == request.url_vars["version"]
    return Response(
        content,
        content_type=_TYPES[Path(name).suffix],
        headers={"Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache"},
    )
