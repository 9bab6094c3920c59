"""Runs the application under uvicorn: one process, told to listen, saying where, ending on SIGTERM."""

import gc
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from central.base import database
from central.base.config import CentralConfig, ConfigError
from central.intake.unsealing import unsealing
from central.keys import loopback
from central.server.api.app import create_app
from central.server.console import CannotBeDone
from central.server.preparation import prepare
from central.server.serving.connections import BoundedProtocol, backlog, say_exhaustion_once

# A request of 256 KiB over a slow line, and no more time than that for a stop.
GRACEFUL_STOP_S = 10


class CannotListenError(CannotBeDone):
    """The address is taken, or is not this machine's."""


async def serve(config: CentralConfig, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Prepare the database and serve until SIGTERM or SIGINT; `announce` gets the URL once connections are taken.

    Raises:
        CannotListenError: the address cannot be had; besides what `prepare` raises.
        ConfigError: no address at all.
    """
    await prepare(config)
    async with database.opened(config.database_url) as engine, engine.begin() as connection:
        await unsealing.try_keys_again(connection)
    if not host:  # to the system an empty one is every address there is
        raise ConfigError("--host: found nothing, expected an address such as 127.0.0.1")
    listener = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listener.getsockname()[1]}"
    async with database.opened(config.database_url) as engine, engine.begin() as connection:
        await loopback.note(connection, config)
    settings = uvicorn.Config(
        create_app(config),
        log_config=None,
        access_log=False,
        http=BoundedProtocol,
        backlog=backlog(),
        # What a proxy says of the caller is of no use here: targets are checked against --public-url or Host.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_STOP_S,
        lifespan="on",
    )
    say_exhaustion_once()
    # uvicorn raises the signal again once it has stopped; by then all is done, and that is exit status 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ignore)
    await _Announcing(settings, lambda: announce(url)).serve(sockets=[listener])


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What was loaded stays: no collection of garbage has to walk through it while kiosks wait.
        gc.collect()
        gc.freeze()
        if self.started:
            self._announce()


def _listen(host: str, port: int) -> socket.socket:
    host.encode()  # UnicodeEncodeError where a byte of it is no text, of which a socket says something else
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP: asyncio switches Nagle off only then, and with it on each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListenError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    return listener


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Let the process end by itself."""
