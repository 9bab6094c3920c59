"""Papers with made-up values, and the exact bytes that a printer gets for them on any but the fastest wires."""

from datetime import datetime
from pathlib import Path
from typing import Literal, assert_never

import msgspec

from common.city.catalogue import load_catalogue
from common.machine.errors import PlainError
from common.machine.locks import PrinterLock
from devices.paper import Paper
from devices.protocols import Printed
from devices.receipt_printer import commands, profile
from devices.receipt_printer.dialogue.graphics import key_for
from devices.receipt_printer.typeset import composition
from devices.receipt_printer.typeset.composition import StoredKey
from devices.registry import open_printer
from kiosk.papers import documents, staff_documents
from kiosk.papers.contents import ReceiptContent, TicketContent, Words
from kiosk.peripherals.watch import settings_of
from kiosk.settings.sections import LANGUAGES, KioskConfig, PrinterSection
from offline_store.issuing.business_day import ZONE

type SampleKind = Literal["ticket", "order", "test-page"]

_ID = "0193f3c2-7b1e-7c55-9a40-1d2f3a4b5c6d"
_MOMENT = datetime(2026, 11, 24, 9, 5, tzinfo=ZONE)


def sample_paper(kind: SampleKind, language: str, centre: Words, kiosk: str) -> Paper:
    """Return one paper of a kind; all that it says but the centre and the kiosk is made up."""
    service = {"ar": "براءة ذمة من مجلس المدينة", "en": "Municipal clearance"}
    match kind:
        case "ticket":
            ticket = TicketContent(
                id=_ID,
                number="B2014",
                centre=centre,
                service=service,
                kiosk=kiosk,
                issued_at=_MOMENT,
                papers=(
                    {"ar": "البطاقة الشخصية", "en": "identity card"},
                    {"ar": "سند الملكية", "en": "title deed"},
                ),
                fee_minor=150_000,
            )
            return documents.ticket(ticket, language)
        case "order":
            receipt = ReceiptContent(
                id=_ID,
                order_number="4017263958",
                centre=centre,
                service=service,
                collect_at=centre,
                kiosk=kiosk,
                recorded_at=_MOMENT,
            )
            return documents.order_receipt(receipt, language)
        case "test-page":
            return staff_documents.page_for_testing(centre, kiosk, _MOMENT, (), language)
        case _:
            assert_never(kind)


def raw_job(paper: Paper, profile_name: str, paper_mm: int) -> bytes:
    """Return a job that needs nothing stored in the printer, and leaves to its own letters what they can say.

    Raises:
        ProfileError: no such profile.
    """
    forgetful = msgspec.structs.replace(profile.load(profile_name), nv_graphics=False, ram_graphics=False)
    layout = profile.layout(forgetful, paper_mm)
    return composition.compose(paper, layout, {}).data


def stored_job(paper: Paper, profile_name: str, paper_mm: int, *, is_fast: bool = False) -> tuple[bytes, bytes]:
    """Return the job once its fixed lines are stored, and the uploads that store them; none where it cannot.

    `is_fast`: for a wire that carries the number as a picture too.

    Raises:
        ProfileError: no such profile.
    """
    layout = profile.layout(profile.load(profile_name), paper_mm, is_fast=is_fast)
    lasting = layout.profile.nv_graphics
    keys: dict[str, StoredKey] = {}
    uploads = bytearray()
    for graphic in composition.compose(paper, layout, {}).wanted:
        key = key_for(graphic.digest, frozenset(each.key for each in keys.values()))
        keys[graphic.digest] = StoredKey(key, lasting)
        picture = graphic.picture
        uploads += commands.define_graphic(key, picture.width, picture.rows, picture.data, lasting=lasting)
    return composition.compose(paper, layout, keys).data, bytes(uploads)


def write_sample(
    config: KioskConfig, kind: SampleKind, language: str, file: Path, *, stored: bool
) -> dict[str, object]:
    """Write a job's bytes; with `stored` the steady-state job, and beside it `FILE.setup` with the uploads.

    Raises:
        ProfileError: no such profile.
        OSError: the file can't be written.
    """
    section = config.devices.printer or PrinterSection(port="none")
    paper = _paper_of(config, kind, language)
    if not stored:
        job = raw_job(paper, section.profile, section.paper_mm)
        file.write_bytes(job)
        return {"file": str(file), "bytes": len(job)}
    job, uploads = stored_job(paper, section.profile, section.paper_mm)
    setup = file.with_name(f"{file.name}.setup")
    file.write_bytes(job)
    setup.write_bytes(uploads)
    return {"file": str(file), "bytes": len(job), "setup": str(setup), "setup_bytes": len(uploads)}


def print_sample(config: KioskConfig, kind: SampleKind, language: str) -> dict[str, object]:
    """Print a sample on this kiosk's printer. It belongs to no record, so it is not journalled.

    Raises:
        PlainError: there is no printer, or no paper came out.
        StoreUnavailable: another process drives the printer.
    """
    section = config.devices.printer
    if section is None:
        raise PlainError("the settings name no printer: add [devices.printer], or write the job with --raw FILE")
    config.data_dir.mkdir(parents=True, exist_ok=True)
    with PrinterLock(config.data_dir):
        printer = open_printer(settings_of(section, config.data_dir))
        try:
            result = printer.print(_paper_of(config, kind, language))
        finally:
            printer.close()
    if isinstance(result, Printed):
        return {"print": "printed", "millimetres": result.millimetres}
    raise PlainError(f"the paper was not confirmed: {result.reason}")


def _paper_of(config: KioskConfig, kind: SampleKind, language: str) -> Paper:
    if language not in LANGUAGES:
        raise PlainError(f"there is no language {language!r}; known are {', '.join(LANGUAGES)}")
    return sample_paper(kind, language, load_catalogue().centre_names(config.kiosk.centre), config.kiosk.centre)
