"""What every answer carries so that nothing foreign runs in a page, and who may ask a server that
is meant for one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

OWN_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Datasette's own templates carry style attributes, and its SQL editor writes styles as it runs;
# scripts stay out.
DATASETTE_POLICY: Final = OWN_POLICY.replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
).replace("img-src 'self'", "img-src 'self' data:")
_HEADERS: Final[Mapping[bytes, bytes]] = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}
_REFUSED: Final = (
    b"This server answers only under the address that it was started with, such as localhost.\n"
)


def secured(application: Application, *, policy: str, only_loopback: bool) -> Application:
    """The application with security headers on each answer; `policy` is for answers that bring none
    of their own.

    With `only_loopback`, requests under any other host name than this machine's own are refused: a
    page elsewhere could otherwise have its own name point here and read and write as if it were
    this site (DNS rebinding).
    """
    defaults = {**_HEADERS, b"content-security-policy": policy.encode("ascii")}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers") or ())
                present = {bytes(name).lower() for name, _ in headers}
                headers += [
                    (name, value) for name, value in defaults.items() if name not in present
                ]
                message = {**message, "headers": headers}
            await send(message)

        if only_loopback and not is_loopback(_host(scope)):
            await _refuse(send_with_headers)
            return
        await application(scope, receive, send_with_headers)

    return answer


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone: localhost, 127.0.0.1, ::1."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _host(scope: Scope) -> str:
    """The host that a request names, without its port; "" where it names none."""
    for name, value in scope.get("headers") or ():
        if bytes(name).lower() == b"host":
            text = bytes(value).decode("latin-1")
            if text.startswith("["):
                return text.partition("]")[0].strip("[")
            return text.partition(":")[0]
    return ""


async def _refuse(send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 421,
            "headers": [(b"content-type", b"text/plain; charset=utf-8")],
        }
    )
    await send({"type": "http.response.body", "body": _REFUSED})
