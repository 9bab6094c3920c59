"""The process: `python -m central.server.office_files.worker MEMORY_BYTES CPU_S` does one job, from input to output."""

import contextlib
import os
import resource
import sys

import msgspec

from central.insight.reports.writers import WRITERS
from central.publishing.spreadsheet import SpreadsheetRefused, read_catalogue, write_form
from central.server.office_files.job import Job, Order, Outcome, ReadCatalogue, WriteForm
from common.city.brand.brand import use

# As nice(2) counts: kiosks are answered first.
_BEHIND_ANSWERS = 10


def done(job: Job) -> Outcome:
    """Do a job."""
    if isinstance(job, ReadCatalogue):
        try:
            return Outcome(read_catalogue(job.name, job.content))
        except SpreadsheetRefused as refused:
            return Outcome(refused=str(refused))
    if isinstance(job, WriteForm):
        return Outcome(write_form(job.services))
    return Outcome(WRITERS[job.form](job.report))


def main() -> None:
    """Be the process. Its last words name no more than the kind of a failure: the text may hold what was sent."""
    memory_bytes, cpu_s = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(PermissionError):
        os.nice(_BEHIND_ANSWERS)
    try:
        order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
        use(order.brand)
        sys.stdout.buffer.write(msgspec.msgpack.encode(done(order.job)))
        sys.stdout.buffer.flush()
    except BaseException as error:  # noqa: BLE001 - the process's edge
        # Without unwinding: where memory has run out, nothing more can be made.
        os.write(
            2, b"central: a file could not be read or written\n" if isinstance(error, MemoryError) else _said(error)
        )
        os._exit(1)


def _said(error: BaseException) -> bytes:
    return f"central: a file could not be read or written ({type(error).__name__})\n".encode()


if __name__ == "__main__":
    main()
