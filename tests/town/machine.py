"""What every machine of the town has: a disk, power, a clock, and a process that may die at any moment."""

import asyncio
import contextvars
import errno
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from common.machine.errors import StoreError
from offline_store.disk.database import Store
from tests.town import disks
from tests.town.clock import Battery, MachineClock
from tests.town.loop import TownLoop
from tests.town.net import HERE, Net

MACHINE = "a" * 64
PAGE_BYTES = 4096
STARTED_AGAIN_S = 5.0  # a program that does not start, as its disk takes nothing


class Machine:
    """A machine. Who inherits says in `_open` and `_close` what its process is."""

    def __init__(self, loop: TownLoop, net: Net, folder: Path, name: str, battery: Battery) -> None:
        self.loop, self.net, self.folder, self.name = loop, net, folder, name
        self.clock = MachineClock(loop, name, battery, lambda: self.net.are_connected(name, "internet"))
        self.data = folder / "disk-0"
        self.is_up, self.since_s, self.stopped_s = False, 0.0, 0.0
        self._images = 0
        self.health: dict[str, str] | None = None  # what its forwarder reports: which kinds of word it knows
        self._tasks: dict[asyncio.Task[Any], None] = {}  # in their order, which a set has not
        self._commits_left: int | None = None
        self._dies_after = False
        self.is_dying = False
        self.disk_ails: str | None = None

    # --- power and disk -----------------------------------------------------------------------------------------

    async def start(self, *, boots: bool) -> None:
        """Start the process on what the disk holds; `boots`: the machine was off."""
        if boots:
            self.clock.boot()
        self.is_dying, self._commits_left = False, None
        self.clock.trusts(lambda: None)
        while True:
            try:
                await self.on_it(self._open())
                break
            except (StoreError, OSError):
                if self.is_dying:  # it dies while it starts
                    return
                if self.disk_ails is None:
                    raise
                await asyncio.sleep(STARTED_AGAIN_S)
        self.is_up, self.since_s = True, self.loop.time()

    async def stop(self, *, power: bool) -> None:
        """End the process in the middle of things; `power`: the machine goes off with it."""
        if not self.is_up:
            return
        if not self.is_dying:
            self._take_image()
        self.is_up, self.stopped_s = False, self.loop.time()
        if power:
            self.clock.goes_off()
        while self._tasks:  # what clears up on its way out may take more than one word
            for task in list(self._tasks):
                task.cancel()
            await asyncio.wait(list(self._tasks), timeout=1.0)
        await self._close()

    def dies_at_commit(self, number: int, *, after: bool) -> None:
        """Have the process die at the commit of this number from now: just before it, or just after."""
        self._commits_left, self._dies_after = number, after

    def watch(self, store: Store) -> None:
        """Have this store obey the machine's power."""
        event.listen(store.engine, "commit", self._at_commit)
        disks.obeys(self, store.engine)
        event.listen(store.engine, "checkout", lambda *_: self._refuse_in_the_dark())

    def _at_commit(self, connection: Connection) -> None:
        self._refuse_in_the_dark()
        if self._commits_left is None or connection.get_execution_options().get("reading"):
            return
        self._commits_left -= 1
        if self._commits_left >= 0:
            return
        self._commits_left = None
        if self._dies_after:
            self.loop.call_soon(self._take_image)
        else:
            self._take_image()
            self._refuse_in_the_dark()

    def _refuse_in_the_dark(self) -> None:
        if self.is_dying:
            raise OSError(errno.EIO, "there is no power")

    def _take_image(self) -> None:
        """Copy the disk as it is: the next start is on the copy, whatever the dying process still writes."""
        if self.is_dying:
            return
        self.is_dying = True
        self._images += 1
        image, before = self.folder / f"disk-{self._images}", self.data
        shutil.copytree(before, image, ignore=shutil.ignore_patterns("*-shm"))
        self.data = image

    def damage(self, page: int) -> bool:
        """Lose a page of the store while the machine is off; return whether there was one."""
        path = self.data / "store.db"
        if not path.exists():
            return False
        connection = sqlite3.connect(path)
        size = PAGE_BYTES
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = int(connection.execute("PRAGMA page_size").fetchone()[0])
            pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
        except sqlite3.DatabaseError:  # it has lost a page before
            pages = max(1, path.stat().st_size // size)
        finally:
            connection.close()
        with path.open("r+b") as file:
            file.seek(size * (page % pages))
            file.write(bytes(size))
        return True

    def copy_aside(self) -> Path:
        """Keep a copy of the disk, as an image of it is made."""
        copy = self.folder / "kept"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.data, copy, ignore=shutil.ignore_patterns("*-shm"))
        return copy

    def put_back(self) -> bool:
        """Put the disk back to the copy while the machine is off; return whether there was one."""
        copy = self.folder / "kept"
        if not copy.exists():
            return False
        self._images += 1
        self.data = self.folder / f"disk-{self._images}"
        shutil.copytree(copy, self.data)
        return True

    def forgets_copy(self) -> None:
        """Throw the copy of the disk away: whose it was is no machine of the centre any more."""
        shutil.rmtree(self.folder / "kept", ignore_errors=True)

    def gets_a_new_disk(self) -> None:
        """Have an empty one in its place."""
        self._images += 1
        self.data = self.folder / f"disk-{self._images}"

    # --- the process --------------------------------------------------------------------------------------------

    def run(self, what: Coroutine[Any, Any, None]) -> None:
        """Have something run on this machine until it goes off."""
        task = self.loop.create_task(what, context=self._context())
        self._tasks[task] = None
        task.add_done_callback(self._ended)

    async def on_it[T](self, what: Awaitable[T]) -> T:
        """Do something on this machine, to its end."""

        async def done() -> T:
            return await what

        return await self.loop.create_task(done(), context=self._context())

    def _context(self) -> contextvars.Context:
        context = contextvars.copy_context()
        context.run(HERE.set, self.name)
        return context

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None and not self.is_dying:
            self.loop.call_exception_handler({"message": f"{self.name} stopped", "exception": error})

    async def _open(self) -> None:
        raise NotImplementedError

    async def _close(self) -> None:
        raise NotImplementedError


async def every(seconds: Callable[[], float], work: Callable[[], Awaitable[None]]) -> None:
    """Do something again and again, with so many seconds in between."""
    while True:
        await work()
        await asyncio.sleep(seconds())
