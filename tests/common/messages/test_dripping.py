"""An address that answers a byte at a time keeps nobody else from being told."""

import contextlib
import http.client
import socket
import threading
import time

import pytest

from common.messages import posting


def test_an_answer_that_never_ends_is_given_up_in_the_time_of_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "ANSWER_WITHIN_S", 0.5)
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        peer, _ = server.accept()
        with peer, contextlib.suppress(OSError):
            for _ in range(60):
                peer.sendall(b"H")
                time.sleep(0.05)

    threading.Thread(target=drip, daemon=True).start()
    began = time.monotonic()
    with server, pytest.raises((OSError, http.client.HTTPException)):
        posting.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
    assert time.monotonic() - began < 2
