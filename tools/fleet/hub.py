"""The hub of a centre: a machine with a disk of its own, power that fails at a commit, and a line to central.

Its application is served on loopback as in service; only what beats each second is played, by `Counters`, so that time
passes as the test lets it.
"""

import asyncio
import errno
import shutil
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import Connection, event

from common.machine.errors import StoreUnavailable
from hub.api.app import create_app
from hub.api.server.recalling import Recalling
from hub.api.server.server import Serving
from hub.delivery.enrolment import enrol, load_enrolment, own_key
from hub.delivery.forwarding import WaitingNow
from hub.engine.act import Hub
from hub.engine.opening import beat, open_hub, work_goes_on
from hub.log.reading import find_counter
from hub.log.rows import Counter
from hub.settings import CentralSection, HubConfig, HubSection
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.forwarder import Forwarder
from offline_store.feed.feed_keys import signing_keys
from offline_store.opening import open_store_in
from tests.kit.store import MACHINE
from tools.fleet.kiosk import Line, MachineClock, forget_images
from tools.fleet.live_central import SETTLED_WITHIN_S, listener
from tools.fleet.world import Known, WorldTime

NOBODY = "http://127.0.0.1:9"  # where nothing listens


class HubMachine:
    """The centre's enrolled hub."""

    def __init__(self, world: WorldTime, central: Known, folder: Path) -> None:
        self.folder, self._central = folder, central
        self.clock = MachineClock(world)
        self.cuts = 0
        self.is_dark = self.is_cut_off = False  # the latter from central
        self.says: dict[str, Any] | None = None  # as the hub's forwarder does: its version
        self._commits_left: int | None = None
        self._listener = listener()
        self._port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.data = folder / "disk-0"
        self._enrol()
        self._open()

    @property
    def config(self) -> HubConfig:
        """Its settings; the disk is the one of this boot."""
        section = HubSection(centre=self._central.centre, data_dir=str(self.data), address=self.url)
        url = NOBODY if self.is_cut_off else self._central.url
        return HubConfig(hub=section, central=CentralSection(url=url))

    def counter(self, number: int) -> Counter:
        """What the page of a counter has been sent."""
        with self.hub.read() as look:
            return find_counter(look.connection, number)

    def works(self, *, running: bool) -> None:
        """See that counters' pages are connected or not, as the hub does each second, and note the clocks."""
        try:
            work_goes_on(self.hub, running=running)
            beat(self.hub)
        except StoreUnavailable:
            assert self.is_dark

    def enrol_again(self) -> None:
        """Spend another code on the same disk, as a technician does where central lacks this hub."""
        self._leave()
        self.clock.trusted = lambda: None  # the command is a process of its own, and the store is closed
        self._enrol()
        self._open()

    def _enrol(self) -> None:
        enrol(self.config, self._central.url, self._central.code("hub"), self.clock, MACHINE)

    def forward(self, *, loses_answers: int = 0) -> None:
        """Deliver to central and hear its feed. Raises DeliveryError, StoreUnavailable."""
        self.line.loses_answers = loses_answers
        self._forwarder.run_once()

    # --- power --------------------------------------------------------------------------------------------------

    def cut_at_commit(self, number: int) -> None:
        """Have the power fail when the commit of this number from now is about to be made."""
        self._commits_left = number

    def cut(self) -> None:
        """Have the power fail now."""
        self._take_image()

    def boot(self, shows: datetime) -> None:
        """Start on what the disk holds, with the battery clock showing this."""
        self._leave()
        self.clock.boot(shows)
        self._open()
        forget_images(self.folder, self.data)

    def end(self) -> None:
        """Close in order."""
        self._leave()

    def _open(self) -> None:
        self.is_dark, self._commits_left = False, None
        self.clock.trusted = lambda: None
        enrolment = load_enrolment(self.data)
        store = open_store_in(self.data, enrolment.identity, stamp=self.clock.now(), machine=MACHINE)
        self.clock.trusted = store.trusted_time
        event.listen(store.engine, "commit", self._at_commit)
        event.listen(store.engine, "begin", lambda _: self._refuse_in_the_dark())
        self.hub: Hub = open_hub(store, self.clock, term=enrolment.term, serves=True)
        key = own_key(self.data)
        self.serving = Serving(self.hub, self.config, key)
        asyncio.run(Recalling(self.serving).ask_first())
        uplink = HttpUplink(self._central.url, kiosk=enrolment.hub, key=key, signing_keys=lambda: signing_keys(store))
        self.line = Line(uplink, lambda: self.is_cut_off)
        waiting = WaitingNow(self.hub)
        self._forwarder = Forwarder(store, lambda _: self.line, self.clock, health=lambda: self.says, waiting=waiting)
        self._serve()

    def _serve(self) -> None:
        if self._listener.fileno() < 0:
            self._listener = listener(self._port)
        settings = uvicorn.Config(
            create_app(self.serving), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],), name="hub")
        self._thread.start()
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while not self._server.started:
            assert time.monotonic() < deadline, "the hub did not start"
            time.sleep(0.005)

    def _leave(self) -> None:
        """Let go of what the kernel would let go of: sockets, descriptors, locks."""
        self._server.should_exit = True
        self._thread.join(SETTLED_WITHIN_S)
        self._listener.close()
        self.serving.threads.shutdown()
        self.serving.follower.close()
        self.line.close()
        self.hub.store.close()

    def _at_commit(self, connection: Connection) -> None:
        self._refuse_in_the_dark()
        if self._commits_left is None or connection.get_execution_options().get("reading"):
            return
        self._commits_left -= 1
        if self._commits_left < 0:
            self._take_image()
            self._refuse_in_the_dark()

    def _refuse_in_the_dark(self) -> None:
        if self.is_dark:
            raise OSError(errno.EIO, "there is no power")

    def _take_image(self) -> None:
        """Copy the disk as it is; the next boot is on the copy."""
        self.is_dark = True
        self.cuts += 1
        image = self.folder / f"disk-{self.cuts}"
        shutil.copytree(self.data, image, ignore=shutil.ignore_patterns("*-shm"))
        self.data = image
