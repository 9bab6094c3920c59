"""Runs the application under uvicorn: one process that listens, says where, beats for systemd, ends on SIGTERM."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import uvicorn

from common.machine.watchdog import Watchdog
from hub.api.app import create_app
from hub.api.server.server import Serving
from hub.delivery.certificate import own_certificate, take_signed
from hub.errors import CannotBeDone

# uvicorn waits for open streams at its end: pages reconnect by themselves, so not for long.
GRACEFUL_STOP_S: Final = 1


async def serve(serving: Serving, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `announce` gets the URL once connections are taken.

    Raises:
        CannotBeDone: the address cannot be had.
        HubError: there is no usable certificate.
    """
    host, port = serving.config.listen
    listener = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    url = f"{'https' if serving.config.is_secure else 'http'}://{name}:{listener.getsockname()[1]}"
    options: dict[str, Any] = {}
    if serving.config.is_secure:
        take_signed(serving.config, serving.own_record())
        certificate = own_certificate(serving.config)
        options = {"ssl_certfile": str(certificate.certificate), "ssl_keyfile": str(certificate.key)}
    settings = uvicorn.Config(
        create_app(serving),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_STOP_S,
        lifespan="on",
        **options,
    )
    settings.load()
    serving.tls = settings.ssl
    # uvicorn raises the signal again once it has stopped; by then all is done, and that is exit status 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ignore)
    await _Announcing(settings, lambda: announce(url)).serve(sockets=[listener])


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce
        self._watchdog = Watchdog()
        self._beating: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._watchdog.ready()
            self._beating = asyncio.create_task(self._beat())
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._watchdog.stopping()
        if self._beating is not None:
            self._beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beating
        await super().shutdown(sockets)

    async def _beat(self) -> None:
        """Tell systemd that the event loop turns: one that hangs is silent, and is started anew."""
        while self._watchdog.interval_s is not None:
            self._watchdog.beat()
            await asyncio.sleep(self._watchdog.interval_s)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP: asyncio switches Nagle off only then, and with it on each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, UnicodeError) as error:
        listener.close()
        why = getattr(error, "strerror", None) or error
        raise CannotBeDone(f"cannot listen on {host} port {port}: {why}") from error
    return listener


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Let the process end by itself."""
