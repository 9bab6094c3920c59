"""The played server that is lost in the middle of an answer: half of it comes, and who waits hears nothing more."""

import socket
from concurrent.futures import ThreadPoolExecutor

from demo.payments.server import Reply, Request, Server

WITHIN_S = 20.0


def asked(server: Server, words: bytes = b"") -> socket.socket:
    link = socket.create_connection(("127.0.0.1", server.port), timeout=WITHIN_S)
    link.sendall(words)
    return link


def heard(link: socket.socket) -> bytes:
    with link:
        return b"".join(iter(lambda: link.recv(4096), b""))


def test_a_server_that_is_lost_breaks_off_its_answer_in_the_middle_and_all_connections() -> None:
    begun: list[Request] = []

    def answer(request: Request) -> Reply:
        begun.append(request)
        assert lost._server is not None
        assert lost._server.is_dying.wait(WITHIN_S)
        return Reply(200, b"0123456789", "text/plain")

    with ThreadPoolExecutor() as pool, Server(answer) as lost:
        waiting = asked(lost)
        served = asked(lost, b"POST /bill HTTP/1.1\r\nContent-Length: 2\r\nX-Key: a\r\n\r\nhi")
        killed = pool.submit(lost.kill, WITHIN_S)
        head, _, body = heard(served).partition(b"\r\n\r\n")
        assert (killed.result(WITHIN_S), body, heard(waiting)) == (True, b"01234", b"")
    assert head.splitlines()[0].split()[1:] == [b"200", b"OK"]
    assert head.splitlines()[-2:] == [b"Content-Type: text/plain", b"Content-Length: 10"]
    assert begun == [Request("POST", "/bill", {"content-length": "2", "x-key": "a"}, b"hi")]


def test_one_that_nobody_asks_ends_without_half_an_answer() -> None:
    server = Server(lambda _: Reply(200, b""))
    assert not server.kill(0.0), "it does not run"
    with server:
        assert not server.kill(0.0)
        assert server.url == f"http://127.0.0.1:{server.port}"
