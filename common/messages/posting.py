"""Posting to an address, and nowhere that it points to; told apart is whether anything was begun."""

import contextlib
import http.client
import socket
import ssl
import threading
from typing import Final
from urllib.parse import urlsplit

ANSWER_WITHIN_S: Final = 10.0
MOST_BYTES: Final = 64 * 1024


class NotReached(OSError):
    """There is no connection, so nothing was sent. The text is the kind of what went wrong."""


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """Post JSON to an address; return the answer's status and the beginning of its body.

    Raises:
        NotReached: nothing was sent.
        OSError, HTTPException: all else; it was begun, and nobody knows what became of it.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    giving_up: threading.Timer | None = None
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, timeout=ANSWER_WITHIN_S, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN_S)
    try:
        try:
            connection.connect()
        except OSError as error:
            raise NotReached(type(error).__name__) from error
        # The socket's own time begins again with each byte: who sends one now and then would hold up all others.
        giving_up = threading.Timer(ANSWER_WITHIN_S, _cut, (connection.sock,))
        giving_up.daemon = True
        giving_up.start()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers | {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read(MOST_BYTES)
    finally:
        if giving_up is not None:
            giving_up.cancel()
        connection.close()


def _cut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # beneath TLS, whose own would leave its reader nothing to read
