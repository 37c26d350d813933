"""What our pages answer when there is nothing to show."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from datasette.utils.asgi import NotFound, Request, Response

from pipeline.web.site import find_site

if TYPE_CHECKING:
    from datasette.app import Datasette

View = Callable[["Datasette", Request], Awaitable[Response]]


def answering(view: View) -> View:
    """The view, with a page in our own words where what was asked for is not there, and without a
    trace in the log.
    """

    @functools.wraps(view)
    async def answer(datasette: Datasette, request: Request) -> Response:
        try:
            return await view(datasette, request)
        except NotFound as missing:
            message = str(missing.args[0]) if missing.args else "There is nothing at this address."
            site = find_site(datasette)
            if site is None or request.path.endswith((".json", ".png")):
                return Response.json({"ok": False, "error": message, "status": 404}, status=404)
            return await site.page(request, "missing.html", {"message": message}, status=404)

    return answer
