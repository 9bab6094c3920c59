"""What central does by itself now and then, beside the requests that it answers."""

import abc
import asyncio
import contextlib
from typing import ClassVar, Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

log = structlog.get_logger()


class RecurringTask(abc.ABC):
    """Acts each `every_s` until it is stopped, with a pause before the first time unless `at_once`."""

    every_s: ClassVar[float]
    at_once: ClassVar[bool] = False
    failure_level: ClassVar[Literal["error", "warning"]] = "error"

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End `run` after what is being done."""
        self._stopping.set()

    async def run(self) -> None:
        """Act now and then until `stop`; a database that is away is waited for."""
        is_due = self.at_once
        while not self._stopping.is_set():
            if not is_due:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self.every_s)
                    return
            is_due = False
            try:
                await self.act()
            except Exception as error:  # noqa: BLE001 - the task's edge: it must go on
                self.failed(type(error).__name__)

    @property
    @abc.abstractmethod
    def failure(self) -> str:
        """The event of the log where acting failed."""

    @abc.abstractmethod
    async def act(self) -> None:
        """Do what is due."""

    def failed(self, kind: str) -> None:
        """Log the kind of an error; its text, or a traceback, may repeat what a database was given."""
        getattr(log, self.failure_level)(self.failure, error=kind)
