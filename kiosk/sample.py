"""Papers with made-up values, and the exact bytes that a printer would get for them."""

from datetime import datetime
from typing import Literal, assert_never

from devices.receipt_printer import commands, composition, profile
from devices.receipt_printer.composition import StoredKey
from devices.receipt_printer.graphics import key_for
from devices.receipt_printer.paper import Paper
from kiosk import documents
from kiosk.documents import Words
from offline_store.business_day import ZONE

type SampleKind = Literal["ticket", "order", "test-page"]

_ID = "0193f3c2-7b1e-7c55-9a40-1d2f3a4b5c6d"
_MOMENT = datetime(2026, 11, 24, 9, 5, tzinfo=ZONE)


def sample_paper(kind: SampleKind, language: str, centre: Words, kiosk: str) -> Paper:
    """Return one paper of a kind; all that it says but the centre and the kiosk is made up."""
    service = {"ar": "براءة ذمة من مجلس المدينة", "en": "Clearance from the city council"}
    match kind:
        case "ticket":
            ticket = documents.TicketContent(
                id=_ID,
                number="B2014",
                centre=centre,
                service=service,
                kiosk=kiosk,
                issued_at=_MOMENT,
                people_before=7,
                papers=(
                    {"ar": "البطاقة الشخصية", "en": "identity card"},
                    {"ar": "سند الملكية", "en": "title deed"},
                ),
                fee_minor=150_000,
            )
            return documents.ticket(ticket, language)
        case "order":
            receipt = documents.ReceiptContent(
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
            return documents.page_for_testing(centre, kiosk, _MOMENT, (), language)
        case _:
            assert_never(kind)


def raw_job(paper: Paper, profile_name: str, paper_mm: int) -> bytes:
    """Return a job that needs nothing stored in the printer.

    Raises:
        ProfileError: no such profile.
    """
    layout = profile.layout(profile.load(profile_name), paper_mm)
    return composition.compose(paper, layout, {}).data


def stored_job(paper: Paper, profile_name: str, paper_mm: int) -> tuple[bytes, bytes]:
    """Return the job once its fixed lines are stored, and the uploads that store them; none where it cannot.

    Raises:
        ProfileError: no such profile.
    """
    layout = profile.layout(profile.load(profile_name), paper_mm)
    lasting = layout.profile.nv_graphics
    keys: dict[str, StoredKey] = {}
    uploads = bytearray()
    for graphic in composition.compose(paper, layout, {}).wanted:
        key = key_for(graphic.digest, frozenset(each.key for each in keys.values()))
        keys[graphic.digest] = StoredKey(key, lasting)
        picture = graphic.picture
        uploads += commands.define_graphic(key, picture.width, picture.rows, picture.data, lasting=lasting)
    return composition.compose(paper, layout, keys).data, bytes(uploads)
