"""What goes to the process and what comes back, as MessagePack."""

from typing import Any

from msgspec import Struct

from central.insight.reports.sheets import Report
from central.insight.reports.writers import Format
from common.city.brand.brand import Brand


class ReadCatalogue(Struct, frozen=True, tag=True):
    """Turn a spreadsheet into what `publish catalogue` takes."""

    name: str
    content: bytes


class WriteForm(Struct, frozen=True, tag=True):
    """Make the spreadsheet to be filled, with what these entries say already."""

    services: list[dict[str, Any]]


class WriteReport(Struct, frozen=True, tag=True):
    """Write a report as a file."""

    report: Report
    form: Format


Job = ReadCatalogue | WriteForm | WriteReport


class Order(Struct, frozen=True):
    """A job, and whose system it is."""

    job: Job
    brand: Brand


class Outcome(Struct, frozen=True):
    """What came of it: the content, or why the file was refused."""

    content: bytes = b""
    refused: str | None = None
