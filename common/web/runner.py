"""Runs an application under uvicorn: one process, told to listen, saying when it does, ending on SIGTERM."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn

from common.machine.systemd import Watchdog
from common.web.connections import BoundedProtocol, say_exhaustion_once
from common.web.places import Listener, backlog

KEEP_ALIVE_S: Final = 30
"""Longer than the pause between two calls of one client: kiosks tell the hub every five seconds."""


class CannotListen(Exception):
    """The address is taken, or is not this machine's; the text is a plain sentence."""


def listen(host: str, port: int, head_within_s: float | None = None) -> tuple[socket.socket, str]:
    """Return a bound socket, and host and port as they stand in a URL.

    Args:
        host: an address of this machine.
        port: 0 for any that is free.
        head_within_s: how long a connection may take to say a whole head; None: as long as everybody's.

    Raises:
        CannotListen: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP: asyncio switches Nagle off only then, and with it on each answer waits 40 ms for an acknowledgement.
    listener = Listener(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.head_within_s = head_within_s
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, UnicodeError) as error:
        listener.close()
        why = getattr(error, "strerror", None) or error
        raise CannotListen(f"cannot listen on {host} port {port}: {why}") from error
    name = f"[{host}]" if ":" in host else host
    return listener, f"{name}:{listener.getsockname()[1]}"


def settings(app: object, graceful_stop_s: int, tls: tuple[str, str] | None = None) -> uvicorn.Config:
    """Return uvicorn's settings for an application: bounded connections, our own log, nothing said of the software.

    Args:
        app: the ASGI application.
        graceful_stop_s: how long requests under way may take at the end.
        tls: files of certificate and key, where the server speaks TLS itself.
    """
    certificate, key = tls or (None, None)
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # Litestar's ASGI types are its own
        log_config=None,
        access_log=False,
        http=BoundedProtocol,
        backlog=backlog(),
        # What a proxy says of the caller is of no use here: targets are checked against an address of our own or Host.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=graceful_stop_s,
        lifespan="on",
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )


async def serve(configured: uvicorn.Config, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; `announce` is called once connections are taken."""
    say_exhaustion_once()
    # uvicorn raises the signal again once it has stopped; by then all is done, and that is exit status 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ignore)
    await _Announcing(configured, announce).serve(sockets=[listener])


class _Announcing(uvicorn.Server):
    """Says when it listens, and beats for systemd where that asks for it (`WatchdogSec=`, sd_notify(3))."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce
        self._watchdog = Watchdog()
        self._beating: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What was loaded stays: no collection of garbage has to walk through it while clients wait.
        gc.collect()
        gc.freeze()
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
        """Tell systemd that the event loop turns: a process that hangs is silent, and is started again."""
        while self._watchdog.interval_s is not None:
            self._watchdog.beat()
            await asyncio.sleep(self._watchdog.interval_s)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Let the process end by itself."""
