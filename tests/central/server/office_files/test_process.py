"""Spreadsheets and reports cost the server nothing: a process with limits reads and writes them."""

import asyncio
import io
import time
import zipfile

import psutil
import pytest
from openpyxl import Workbook

from central.insight.reports import writers
from central.insight.reports.first_page import FirstPage
from central.insight.reports.sheet import Sheet
from central.insight.reports.sheets import Report
from central.publishing.spreadsheet import MAX_UNPACKED, SpreadsheetRefused, write_form
from central.server.office_files import process as processes
from central.server.office_files.job import Outcome
from central.server.office_files.process import JobFailed, OfficeFiles

REPORT = Report(
    "November",
    "حمص",
    "made now",
    "ar",
    FirstPage((), ()),
    (Sheet("visitors", "Visitors", "All", ("what", "n"), (("A", 1), ("B", None))),),
)
ENTRY = {"code": "water-bill", "names": {"ar": "فاتورة المياه", "en": "Water bill"}}


def children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "central.server.office_files.worker" in one.cmdline()]


def with_part(name: str, size: int) -> bytes:
    """An XLSX whose part of that name unpacks to so many bytes more."""
    kept, form = io.BytesIO(), zipfile.ZipFile(io.BytesIO(write_form([ENTRY])))
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as book:
        for one in form.namelist():
            book.writestr(one, form.read(one) + b" " * (size if one == name else 0))
    return kept.getvalue()


async def test_a_spreadsheet_a_form_and_reports_go_through_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "as_pdf", None)  # nothing of this process's own is asked
    files = OfficeFiles()
    form = await files.write_form([ENTRY])
    assert b"water-bill" in await files.read_catalogue("form.xlsx", form)
    for kind, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")):
        assert (await files.write_report(REPORT, kind)).startswith(begins), kind  # type: ignore[arg-type]
    assert children() == []


async def test_every_fault_of_a_spreadsheet_comes_back_by_its_cell() -> None:
    with pytest.raises(SpreadsheetRefused, match=r"B2 \(fee\)"):
        await OfficeFiles().read_catalogue("x.csv", b"code,fee\nwater-bill,ten\n")


async def test_a_small_file_that_unpacks_to_much_is_refused_unread() -> None:
    bomb = with_part("xl/styles.xml", 9_000_000)
    assert len(bomb) < 20_000
    with pytest.raises(SpreadsheetRefused, match="far more than a catalogue"):
        await OfficeFiles().read_catalogue("x.xlsx", bomb)
    full = with_part("xl/styles.xml", MAX_UNPACKED // 2)
    assert b"water-bill" in await OfficeFiles().read_catalogue("x.xlsx", full)


async def test_a_row_of_many_cells_is_refused_unread() -> None:
    book, kept = Workbook(), io.BytesIO()
    book.active.append(["x"] * 16_000)
    for _ in range(25):
        book.active.append(["x"] * 16_000)
    book.save(kept)
    with pytest.raises(SpreadsheetRefused, match="far more than a catalogue"):
        await OfficeFiles().read_catalogue("x.xlsx", kept.getvalue())


async def test_a_job_that_takes_too_much_memory_or_time_ends_and_the_next_is_done(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(JobFailed, match="too much time or memory"):
        await OfficeFiles(memory_bytes=40_000_000).write_report(REPORT, "pdf")
    began = time.monotonic()
    with pytest.raises(JobFailed, match="too much time or memory"):
        await OfficeFiles(within_s=0.01).write_report(REPORT, "pdf")
    assert time.monotonic() - began < processes.WITHIN_S / 2
    assert children() == []
    assert "حمص" not in capfd.readouterr().err


async def test_no_more_than_eight_jobs_wait_and_each_that_is_done_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    done = asyncio.Event()

    async def work(_: OfficeFiles, _order: bytes) -> Outcome:
        await done.wait()
        return Outcome(b"form")

    monkeypatch.setattr(OfficeFiles, "_in_process", work)
    files = OfficeFiles()
    waiting = [asyncio.create_task(files.write_form([])) for _ in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(JobFailed, match="try again in a minute"):
        await files.write_form([])
    done.set()
    assert await asyncio.gather(*waiting) == [b"form"] * 8
    assert await files.write_form([]) == b"form"
