"""A hub's site for a real browser: the application on a port of loopback, over a hall whose clock the test moves."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from sqlalchemy import delete, update

from hub.api.app import create_app
from hub.api.server.server import Serving
from hub.log import tables
from hub.settings import CentralSection, HubConfig, HubSection
from tests.hub.api.conftest import HUB_KEY, named
from tests.hub.hall import CENTRE, HUB_ID, Hall, open_hall
from tests.hub.voice.recorded import record


@dataclass
class Site:
    """The hall, and the address under which its pages are."""

    hall: Hall
    serving: Serving
    url: str


class _Server(uvicorn.Server):
    """Stops on request alone: signals belong to the test's process."""

    def install_signal_handlers(self) -> None: ...


@contextmanager
def running(folder: Path, port: int = 0, hub_id: str = HUB_ID) -> Iterator[Site]:
    """Serve a hall with three counters until the block ends."""
    hall = open_hall(folder, hub_id=hub_id)
    hall.set_up({1: ["A", "B"], 2: ["A"], 3: ["C"]})
    named(hall)
    hall.works()
    record(folder / "clips", seconds=0.02)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(100)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        section = HubSection(centre=CENTRE, address=url, data_dir=str(folder))
        config = HubConfig(hub=section, central=CentralSection(url="http://127.0.0.1:1"))
        serving = Serving(hall.hub, config, HUB_KEY)
        server = _Server(
            uvicorn.Config(create_app(serving), log_config=None, timeout_graceful_shutdown=1, lifespan="on")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="site")
        thread.start()
        try:
            yield Site(hall, serving, url)
        finally:
            server.should_exit = True
            thread.join()
            hall.hub.store.close()


def stands_by(site: Site) -> None:
    """Make a hub one that has never led: it follows, and its log is empty."""
    with site.hall.hub.store.write() as connection:
        for table in (tables.events, *tables.PROJECTIONS):
            connection.execute(delete(table))
        connection.execute(update(tables.state).values(role="following", term=0))
