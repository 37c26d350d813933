"""A polite and careful web client: one request at a time, robots.txt kept, only public addresses.

An address is looked up once and the connection is made to what was found and checked, so that a
name cannot point elsewhere a moment later. Redirects are followed by hand, each checked like the
first address.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.request import getproxies, proxy_bypass
from urllib.robotparser import RobotFileParser

import httpx

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LONGEST_ROBOTS: Final = 512_000  # bytes; crawlers may stop at 500 KiB (RFC 9309)
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a server is treated: seconds between requests, for an answer, at most for it to get well
    again, and for one download; tries for a document, redirects followed, bytes taken.
    """

    pause_s: float = 2.0
    timeout_s: float = 60.0
    longest_wait_s: float = 120.0
    tries: int = 4
    most_redirects: int = 5
    longest_download_s: float = 1_800.0
    max_bytes: int = 100_000_000


class FetchError(Exception):
    """A document that was not fetched; the message says why, and what to do where something can be
    done.
    """


class TryAgainError(FetchError):
    """A fault that may pass; `wait_s` is how long the server asks to be left alone, None where it
    does not say.
    """

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


class Web:
    """The client. `allow_loopback` is for tests against a server of their own, and lets nothing
    else in.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        manners: Manners,
        allow_loopback: bool = False,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._agent = user_agent
        self._manners = manners
        self._allow_loopback = allow_loopback
        self._sleep = sleep
        self._pause = 0.0  # none before the first request
        self._robots: dict[str, RobotFileParser] = {}
        self._client = httpx.Client(
            timeout=manners.timeout_s,
            follow_redirects=False,
            # No connection is used twice: two sites behind one number would share one site's
            # certificate.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """The answer at the end of the redirects, its body not yet read.

        Raises FetchError where the address or robots.txt forbids it, TryAgainError where it may
        pass.
        """
        target = self._target(url)
        for _ in range(self._manners.most_redirects + 1):
            self._check_robots(target)
            with self._request(target, headers) as response:
                if response.status_code not in _REDIRECTS:
                    yield response
                    return
                target = self._next_target(target, response)
        raise FetchError(
            f"it redirects more than {self._manners.most_redirects} times; "
            "open it in a browser and put the address where it ends in the catalogue"
        )

    def _target(self, url: str) -> httpx.URL:
        try:
            target = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise FetchError(f"{url!r} is no address") from error
        if target.scheme not in ("http", "https") or not target.host:
            raise FetchError(
                f"{url!r} is no address of the web; it must start with https:// or http://"
            )
        if target.userinfo:
            raise FetchError("an address with a name or password in it is not fetched")
        return target

    def _next_target(self, before: httpx.URL, response: httpx.Response) -> httpx.URL:
        where = response.headers.get("location")
        if not where:
            raise FetchError(f"it answers {response.status_code} without saying where to go")
        try:
            joined = before.join(where)
        except httpx.InvalidURL as error:
            raise FetchError(f"it redirects to {where!r}, which is no address") from error
        target = self._target(str(joined))
        if before.scheme == "https" and target.scheme == "http":
            raise FetchError(f"it redirects from a secure address to an open one, {target}")
        return target

    def _check_robots(self, target: httpx.URL) -> None:
        """Raises FetchError where the site's robots.txt asks programs to stay away from the
        address.
        """
        origin = f"{target.scheme}://{target.netloc.decode('ascii')}"
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        rules = self._robots[origin]
        name = self._agent.split("/")[0].split()[0]
        if not rules.can_fetch(name, str(target)):
            raise FetchError(
                f"{origin}/robots.txt asks programs not to fetch it; "
                "download it by hand in a browser"
            )
        delay = rules.crawl_delay(name)
        if delay is not None:
            self._pause = max(self._pause, min(float(delay), self._manners.longest_wait_s))

    def _read_robots(self, origin: str) -> RobotFileParser:
        """The site's rules: none where it has no file, all closed where it cannot say (RFC 9309,
        2.3.1).
        """
        rules = RobotFileParser()
        target = self._target(f"{origin}/robots.txt")
        for _ in range(self._manners.most_redirects + 1):
            with self._request(target, {}) as response:
                status = response.status_code
                if status in _REDIRECTS:
                    target = self._next_target(target, response)
                    continue
                if status == 429 or status >= 500:
                    raise TryAgainError(
                        f"{origin}/robots.txt answers {status}", _retry_after(response)
                    )
                text = ""
                if status == 200:
                    text = _first_bytes(response, _LONGEST_ROBOTS).decode("utf-8", errors="replace")
                rules.parse(text.splitlines())
                return rules
        rules.parse([])  # redirected without end: as if there were none
        return rules

    @contextmanager
    def _request(self, target: httpx.URL, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """One request after a pause, to an address that was checked."""
        pinned, extensions = self._pinned(target)
        if self._pause:
            self._sleep(self._pause)
        self._pause = self._manners.pause_s
        request = self._client.build_request(
            "GET",
            pinned,
            headers={
                "Host": target.netloc.decode("ascii"),
                "User-Agent": self._agent,
                "Accept": "application/pdf, text/html;q=0.9, */*;q=0.5",
                # Bytes as they are on disc, so that the rest of a broken download can be asked for.
                "Accept-Encoding": "identity",
                **headers,
            },
            extensions=extensions,
        )
        try:
            response = self._client.send(request, stream=True)
        except httpx.TransportError as error:
            reason = f"{target.host} cannot be reached ({plain(error)})"
            raise (FetchError if _is_distrusted(error) else TryAgainError)(reason) from error
        try:
            yield response
        finally:
            response.close()

    def _pinned(self, target: httpx.URL) -> tuple[httpx.URL, dict[str, str]]:
        """The same address by number, and the name that the server's certificate must bear.

        Behind a proxy the name stays: it is the proxy that looks it up, and often nobody else can.
        """
        found = self._look_up(target)
        if found is None:
            return target, {}
        extensions = {"sni_hostname": target.host} if target.scheme == "https" else {}
        return target.copy_with(host=str(found)), extensions

    def _look_up(self, target: httpx.URL) -> Address | None:
        """The address of a host, checked; None where a proxy is to look it up."""
        port = target.port or (443 if target.scheme == "https" else 80)
        proxied = _is_proxied(target)
        try:
            found = socket.getaddrinfo(target.host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            if proxied:
                return None
            raise TryAgainError(f"the name {target.host} cannot be looked up") from error
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        for address in addresses:
            if not self._is_allowed(address):
                raise FetchError(
                    f"{target.host} is {address}, an address inside a network; "
                    "only public ones are fetched"
                )
        return None if proxied else addresses[0]

    def _is_allowed(self, address: Address) -> bool:
        inner = _inner(address)
        if inner.is_loopback:
            return self._allow_loopback
        return inner.is_global and not inner.is_multicast


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_proxied(target: httpx.URL) -> bool:
    proxies = getproxies()
    return (target.scheme in proxies or "all" in proxies) and not proxy_bypass(target.host)


def check_status(response: httpx.Response) -> None:
    """Raises FetchError for an answer that is no document, TryAgainError where it may come to be
    one.
    """
    status = response.status_code
    if status in (200, 206, 304, 416):
        return
    if status == 429 or status in (500, 502, 503, 504):
        raise TryAgainError(f"it answers {status} {response.reason_phrase}", _retry_after(response))
    hint = "the address may be out of date; look for the document on its publisher's site"
    if status in (401, 403):
        hint = "the site does not serve it to programs; download it by hand in a browser"
    raise FetchError(f"it answers {status} {response.reason_phrase}: {hint}")


def _retry_after(response: httpx.Response) -> float | None:
    """The seconds that the server asks for, given as a number or as a date (RFC 9110, 10.2.3)."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    until, now = _date(value), _date(response.headers.get("date", ""))
    if until is None:
        return None
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _first_bytes(response: httpx.Response, count: int) -> bytes:
    kept = b""
    try:
        for chunk in response.iter_bytes():
            kept += chunk
            if len(kept) >= count:
                break
    except httpx.TransportError as error:
        raise TryAgainError(f"robots.txt broke off ({plain(error)})") from error
    return kept[:count]


def _is_distrusted(error: BaseException | None) -> bool:
    """Whether a connection failed over the server's certificate, which no second try mends."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def plain(error: Exception) -> str:
    """What an error says, or its kind where it says nothing."""
    return str(error) or type(error).__name__
