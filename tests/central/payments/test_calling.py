"""An answer that breaks off is none, whatever its first line said."""

import socket
import threading
from collections.abc import Iterator

import pytest

from central.payments.ports.calling import Answer, call
from central.payments.ports.errors import AnswerLost

HEAD = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n"
BODY = b"{}"


@pytest.fixture
def said() -> Iterator[list[bytes]]:
    """What the next caller is answered before the line breaks; the address stands behind it."""
    said: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as line:
                asked = b""
                while not asked.endswith(BODY):  # what is left unread would reset the line instead of ending it
                    asked += line.recv(65536)
                line.sendall(said[0])

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        said.append(b"")
        said.append(f"http://127.0.0.1:{server.getsockname()[1]}/v1/marks".encode())
        yield said
        serving.join(20)


@pytest.mark.parametrize(
    "answer",
    [
        HEAD % (b"404 Not Found", 40),
        HEAD % (b"403 Forbidden", 20) + b'{"reason"',
        HEAD % (b"201 Created", 30) + b'{"receipt":"W-1"}',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{} \n\r\n",
        b"HTTP/1.1 404 Not Found\r\n",
        b"HTTP/1.1 403 Forbidden\r\nContent-",
    ],
)
async def test_what_breaks_off_is_no_answer(said: list[bytes], answer: bytes) -> None:
    said[0] = answer
    with pytest.raises(AnswerLost):
        await call("POST", said[1].decode(), BODY)


@pytest.mark.parametrize("body", [b"", b"{}"])
async def test_a_whole_answer_is_one(said: list[bytes], body: bytes) -> None:
    said[0] = HEAD % (b"404 Not Found", len(body)) + body
    assert await call("POST", said[1].decode(), b"{}") == Answer(404, body)


async def test_an_answer_that_ends_with_its_line_is_one(said: list[bytes]) -> None:
    said[0] = b"HTTP/1.0 200 OK\r\n\r\n{}"
    assert await call("POST", said[1].decode(), b"{}") == Answer(200, b"{}")
