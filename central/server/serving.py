"""Prepares the database, then runs central's application until it is told to stop."""

from collections.abc import Callable

from central.base import sandbox
from central.base.config import CentralConfig
from central.base.database.engine import opened_engine
from central.intake.unsealing import unsealing
from central.keys import loopback
from central.server.api.app import create_app
from central.server.preparation import prepare
from common.machine.errors import CannotBeDone, ConfigError
from common.web import runner

# A request of 256 KiB over a slow line, and no more time than that for a stop.
GRACEFUL_STOP_S = 10


async def serve(
    config: CentralConfig, host: str, port: int, announce: Callable[[str], None], *, as_sandbox: bool = False
) -> None:
    """Prepare the database and serve until SIGTERM or SIGINT; `announce` gets the URL once connections are taken.

    Raises:
        CannotListen: the address cannot be had; besides what `prepare` raises.
        CannotBeDone: the database is a sandbox, or one in service where a sandbox is wanted.
        ConfigError: no address at all.
    """
    await prepare(config)
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        if as_sandbox:
            await sandbox.begin(connection)
        elif sandbox.is_open():
            raise CannotBeDone("this database is a sandbox: `central sandbox` serves it, and no kiosk in service may")
        await unsealing.try_keys_again(connection)
    if not host:  # to the system an empty one is every address there is
        raise ConfigError("--host: found nothing, expected an address such as 127.0.0.1")
    host.encode()  # UnicodeEncodeError where a byte of it is no text, of which a socket says something else
    listener, address = runner.listen(host, port)
    async with opened_engine(config.database_url) as engine, engine.begin() as connection:
        await loopback.note(connection, config)
    settings = runner.settings(create_app(config), GRACEFUL_STOP_S)
    await runner.serve(settings, listener, lambda: announce(f"http://{address}"))
