"""How hub and central take connections, and what is said of an address that can't be had."""

import socket

import pytest

from common.web import runner
from common.web.runner import CannotListen, listen
from offline_store.queue.listener import TELL_EVERY_S


async def test_a_kiosks_connection_outlives_the_time_between_its_posts() -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        del scope, receive, send

    assert runner.settings(app, graceful_stop_s=1).timeout_keep_alive >= 3 * TELL_EVERY_S


def test_a_port_that_is_taken_is_named_with_the_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"^cannot listen on 127.0.0.1 port {port}: Address already in use$"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(("host", "name"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_either_family_is_listened_on(host: str, name: str) -> None:
    listening, address = listen(host, 0)
    with listening:
        assert listening.getsockname()[0] == host
        assert address == f"{name}:{listening.getsockname()[1]}"
        assert listening.proto == socket.IPPROTO_TCP, "or each answer waits for an acknowledgement"
        assert listening.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR), "or a start waits for the one before it"
