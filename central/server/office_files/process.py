"""Spreadsheets and reports in a process with limits: one a job, one after the other, killed when it takes too long."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from central.insight.reports.sheets import Report
from central.insight.reports.writers import Format
from central.publishing.spreadsheet import SpreadsheetRefused
from central.server.office_files.job import Job, Order, Outcome, ReadCatalogue, WriteForm, WriteReport
from common.city.brand.brand import brand

# A month as PDF takes 260 MB and 3 s (ten tables of 20 lines), one of 150 lines each 540 MB and 13 s.
MEMORY_BYTES: Final = 640 * 1024 * 1024
CPU_S: Final = 30
WITHIN_S: Final = 60.0
MOST_WAITING: Final = 8


class JobFailed(Exception):
    """The job took too much time or memory, or too many others wait. The text is a plain sentence."""


class OfficeFiles:
    """Does jobs in a process of their own."""

    def __init__(self, memory_bytes: int = MEMORY_BYTES, within_s: float = WITHIN_S) -> None:
        """Start nothing yet."""
        self._memory_bytes = memory_bytes
        self._within_s = within_s
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def read_catalogue(self, name: str, content: bytes) -> bytes:
        """Turn a spreadsheet into what `publish catalogue` takes. Raises SpreadsheetRefused, JobFailed."""
        outcome = await self._do(ReadCatalogue(name, content))
        if outcome.refused is not None:
            raise SpreadsheetRefused(outcome.refused)
        return outcome.content

    async def write_form(self, services: Sequence[Mapping[str, Any]]) -> bytes:
        """Return the spreadsheet to be filled. Raises JobFailed."""
        return (await self._do(WriteForm([dict(one) for one in services]))).content

    async def write_report(self, report: Report, form: Format) -> bytes:
        """Return a report as a file. Raises JobFailed."""
        return (await self._do(WriteReport(report, form))).content

    async def _do(self, job: Job) -> Outcome:
        if self._waiting >= MOST_WAITING:
            raise JobFailed("too many files are being read or written: try again in a minute")
        self._waiting += 1
        try:
            async with self._turn:
                return await self._in_process(msgspec.msgpack.encode(Order(job, brand())))
        finally:
            self._waiting -= 1

    async def _in_process(self, order: bytes) -> Outcome:
        # -P: modules come from where central's own do, never from the folder that it was started in.
        module = "central.server.office_files.worker"
        command = (sys.executable, "-P", "-m", module, str(self._memory_bytes), str(CPU_S))
        # It needs no database, so it is told of none.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CENTRAL_")}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, env=environment, process_group=0
        )
        try:
            async with asyncio.timeout(self._within_s):
                answer, _ = await process.communicate(order)
            return msgspec.msgpack.decode(answer, type=Outcome)
        except (TimeoutError, msgspec.DecodeError) as error:
            raise JobFailed("the file takes too much time or memory") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
