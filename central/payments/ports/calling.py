"""Calls to payers and billers: to their address and nowhere that it points to, bounded in time and size."""

import asyncio
import http.client
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from central.payments.ports.errors import AnswerLost, NotReached

WITHIN_S: Final = 12.0
MOST_BYTES: Final = 1024 * 1024
_PIECE: Final = 16 * 1024
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_THREADS: Final = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the status, and the body as far as it may be long."""

    status: int
    body: bytes


def check_address(url: str) -> str:
    """Return an address without its last slash. Raises ValueError: it is none, or would carry secrets in the clear."""
    try:
        parts = urlsplit(url)
        is_usable = bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        is_usable = False
    if not is_usable or not url.isascii() or not url.isprintable() or " " in url or parts.query or parts.fragment:
        raise ValueError('url is no address; right would be one such as "https://wallet.example"')
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("url says no https; right would be https, for it is another machine")
    return url.rstrip("/")


async def call(method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """Ask an address, whatever it answers. Raises NotReached: nothing was sent; AnswerLost: that is not sure."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool(), _call, method, url, body, dict(headers or {}))


@cache
def _pool() -> ThreadPoolExecutor:
    # Threads of their own: a wallet that hangs must not take those by which messages and files are worked on.
    return ThreadPoolExecutor(_THREADS, "payments")


def _call(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    parts = urlsplit(url)
    host, port, until = parts.hostname or "", parts.port, time.monotonic() + WITHIN_S
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, timeout=WITHIN_S, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=WITHIN_S)
    try:
        try:
            connection.connect()
        except OSError as error:
            raise NotReached(type(error).__name__) from error
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kind = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, target, body, headers | kind)
        answer = connection.getresponse()
        return Answer(answer.status, _read(answer, connection, until))
    except (OSError, http.client.HTTPException) as error:
        raise AnswerLost(type(error).__name__) from error
    finally:
        connection.close()


def _read(answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, until: float) -> bytes:
    """Read the body, however slowly it comes, within the time of the call. Raises OSError, HTTPException."""
    found = bytearray()
    while len(found) <= MOST_BYTES:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = answer.read1(_PIECE)
        if not piece:
            is_cut_head = answer.length is None and not answer.chunked and not found
            if answer.length or is_cut_head:  # the library says nothing of an answer that broke off
                raise http.client.IncompleteRead(bytes(found), answer.length)
            return bytes(found)
        found += piece
    raise OSError("the answer is too long")
