"""Whole visits on the kiosk as it is put together in service: real store, real drivers, simulators on pseudo-terminals.

Only the window is a script. Time is real here, so every wait is for a state.
"""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.machine.clock import boot_id
from common.machine.records.record import keep
from common.protocol.central_keys import key_id
from common.protocol.feed_message import CentralKeyRecord
from devices.code_scanner.simulator import ScannerSimulator
from devices.receipt_printer import profile
from devices.receipt_printer.simulator.simulator import PrinterSimulator
from devices.receipt_printer.typeset import typesetting
from devices.simulation import PtyPort
from kiosk.delivery.enrolment import Enrolment
from kiosk.prompts.choosing import Done, ShowService, Start, TakeNumber
from kiosk.prompts.order import (
    ChooseCopies,
    ChooseDocument,
    ChooseKind,
    ChooseWay,
    ConfirmIdentity,
    HoldCode,
    OrderResult,
    PresentCard,
    TypeOrderNumber,
)
from kiosk.prompts.paper import CameOut
from kiosk.prompts.ticket import PrintingTicket, TakeTicket, TicketOnScreen
from kiosk.prompts.ui import Availability, Text, Trouble
from kiosk.records.names import ENROLMENT
from kiosk.runtime.parts import open_store
from kiosk.runtime.serving import serve
from kiosk.settings.settings import Settings
from offline_store.delivery.outbox import OutboxRow, list_items
from offline_store.printed.print_journal import jobs_of
from tests.kit.desk import App
from tests.kit.printed import holds
from tests.kit.store import SEALING_KEY
from tests.visits.scripted_ui import Happens, ScriptedUi, Step

WISH: tuple[Step, ...] = ((ChooseKind, ShowService("family")), (ChooseCopies, 1))
CARD = "سلمى#الحمصي#أحمد#فاطمة#حمص 1-2-1980#04010012345#".encode("cp1256")
TAP = TakeNumber("water-bill")


@dataclass
class CabledKiosk:
    """One kiosk with its devices, each behind a cable that can be pulled."""

    folder: Path
    printer: PrinterSimulator
    printer_cable: PtyPort
    scanner: ScannerSimulator
    scanner_cable: PtyPort
    app: App

    def __post_init__(self) -> None:
        self.config = self.folder / "kiosk.toml"
        self.config.write_text(
            f"""
            [kiosk]
            centre = "homs-main"
            [central]
            url = "http://127.0.0.1:9"
            [devices.printer]
            port = "{self.printer_cable.port}"
            flow_control = "none"
            [devices.scanner]
            driver = "line-scanner"
            port = "{self.scanner_cable.port}"
            """,
            encoding="utf-8",
        )
        self.data = self.folder / "var"
        self.data.mkdir()
        signing = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        enrolment = Enrolment(
            kiosk="kiosk-0001",
            centre="homs-main",
            digit=2,
            central="http://127.0.0.1:9",
            sealing_key=CentralKeyRecord(SEALING_KEY.kid, SEALING_KEY.public_key),
            signing_keys=[CentralKeyRecord(key_id(signing), base64.b64encode(signing).decode())],
            first_pin_hash="none",
        )
        keep(self.data / ENROLMENT, msgspec.to_builtins(enrolment))
        with open_store(Settings(self.config).config) as opened:
            # As enrolment does: central's signed time in this boot.
            opened.store.note_trusted_time(
                datetime.now(UTC), boot_time_ns=time.clock_gettime_ns(time.CLOCK_BOOTTIME), boot_id=boot_id()
            )
            self.app.make_known(opened.store)

    def code(self, **changes: Any) -> bytes:
        now = datetime.now(UTC)
        return self.app.code(issued=now - timedelta(hours=1), expires=now + timedelta(days=30), **changes).encode()

    def shows(self, payload: bytes) -> Happens:
        """Hold a code to the scanner until it has been taken."""

        async def act() -> None:
            asked = len(self.ui.asked)
            while len(self.ui.asked) == asked:
                self.scanner.show(payload)
                await asyncio.sleep(0.4)  # a binary code ends by silence

        return Happens(act)

    def does(self, act: Callable[[], None]) -> Happens:
        """Do something to a device or cable."""
        return Happens(act)

    async def run(self, *steps: Step) -> ScriptedUi:
        self.ui = ui = ScriptedUi(*steps)
        serving = asyncio.create_task(serve(ui, Settings(self.config)))
        ended = asyncio.create_task(ui.ended.wait())
        try:
            async with asyncio.timeout(30):
                await asyncio.wait({serving, ended}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            raise AssertionError(f"stuck before {ui.steps[:1]}; asked {ui.asked[-2:]}") from None
        finally:
            serving.cancel()
            ended.cancel()
            results = await asyncio.gather(serving, ended, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
                raise result
        return ui

    def items(self, kind: str) -> list[OutboxRow]:
        with open_store(Settings(self.config).config) as opened:
            return [row for row in list_items(opened.store, include_acknowledged=True) if row.kind == kind]

    def print_states(self) -> list[tuple[str, bool]]:
        with open_store(Settings(self.config).config) as opened:
            rows = [*list_items(opened.store, include_acknowledged=True)]
            return [(job.state, job.copy) for row in rows for job in jobs_of(opened.store, row.id)]


@asynccontextmanager
async def a_kiosk(folder: Path) -> AsyncIterator[CabledKiosk]:
    printer, scanner = PrinterSimulator(profile.load("epson-tm-t20iii")), ScannerSimulator()
    with PtyPort(printer) as printer_cable, PtyPort(scanner) as scanner_cable:
        yield CabledKiosk(folder, printer, printer_cable, scanner, scanner_cable, App())


@pytest.fixture
async def kiosk(tmp_path: Path) -> AsyncIterator[CabledKiosk]:
    async with a_kiosk(tmp_path) as made:
        yield made


async def test_a_touch_becomes_a_paper_in_under_three_seconds(kiosk: CabledKiosk) -> None:
    ui = await kiosk.run((Start, TAP), (TakeTicket, Done()))
    assert ui.last(TakeTicket).number == "C2001"
    assert ui.seconds_between(PrintingTicket, TakeTicket) < 3.0
    assert len(kiosk.printer.sheets) == 1
    layout = profile.layout(profile.load("epson-tm-t20iii"), 80)
    number = typesetting.digits("C2·001", layout.profile.dots(12.0), layout.width_dots, "triangle")
    assert holds(kiosk.printer.sheets[0].image, number)
    (ticket,) = kiosk.items("ticket")
    assert any(ticket.id in code for code in kiosk.printer.sheets[0].codes)
    assert kiosk.print_states() == [("printed", False)]


async def test_a_code_at_the_scanner_becomes_an_order_and_a_receipt_once(kiosk: CabledKiosk) -> None:
    ui = await kiosk.run((Start, kiosk.shows(kiosk.code())), (OrderResult, Done()))
    assert (ui.last(OrderResult).outcome, ui.last(OrderResult).paper) == ("accepted", CameOut())
    (order,) = kiosk.items("order")
    assert any(order.id in code for code in kiosk.printer.sheets[0].codes)


async def test_an_identity_card_at_the_scanner_becomes_a_cashier_number(kiosk: CabledKiosk) -> None:
    ui = await kiosk.run(
        (Start, "order"),
        (HoldCode, "new_order"),
        (ChooseDocument, ShowService("civil-affairs")),
        (ChooseWay, "card"),
        *WISH,
        (PresentCard, kiosk.shows(CARD)),
        (ConfirmIdentity, "confirm"),
        (OrderResult, Done()),
    )
    assert (ui.last(OrderResult).outcome, ui.last(OrderResult).ticket_number) == ("accepted_unpaid", "Y2001")
    on_disk = b"".join(path.read_bytes() for path in kiosk.data.rglob("*") if path.is_file())
    assert b"04010012345" not in on_disk
    assert "سلمى".encode() not in on_disk


async def test_paper_out_keeps_the_number_and_the_reprint_is_a_copy_of_it(kiosk: CabledKiosk) -> None:
    def runs_out() -> None:
        kiosk.printer.faults.paper_out = True

    def new_roll() -> None:
        kiosk.printer.faults.paper_out = False

    ui = await kiosk.run(
        (Start, kiosk.does(runs_out)),
        (Start, TAP),  # asked again by itself once that is known
        (TicketOnScreen, kiosk.does(new_roll)),
        (TicketOnScreen, "reprint"),
        (TakeTicket, Done()),
    )
    first = next(one for one in ui.asked if isinstance(one, TicketOnScreen))
    assert (first.number, first.trouble, first.can_reprint) == ("C2001", Trouble.PAPER_OUT, False)
    assert ui.last(TakeTicket).number == "C2001"
    assert len(kiosk.items("ticket")) == 1


async def test_a_printer_unplugged_in_mid_ticket_loses_no_number(kiosk: CabledKiosk) -> None:
    kiosk.printer_cable.unplug()
    ui = await kiosk.run((Start, TAP), (TicketOnScreen, Done()))
    assert ui.last(TicketOnScreen).trouble is Trouble.PRINTER_LOST
    assert [row.number for row in kiosk.items("ticket")] == ["C2001"]
    assert not kiosk.printer.sheets


async def test_a_printer_that_dies_in_the_middle_of_a_job_is_called_unknown_or_not_printed(kiosk: CabledKiosk) -> None:
    kiosk.printer.faults.dies_at = 3000
    ui = await kiosk.run((Start, TAP), (TicketOnScreen, Done()))
    assert ui.last(TicketOnScreen).number == "C2001"
    assert all(state != "printed" for state, _ in kiosk.print_states())


async def test_an_unplugged_scanner_leaves_the_number_pad_and_says_so(kiosk: CabledKiosk) -> None:
    kiosk.scanner_cable.unplug()
    ui = await kiosk.run(
        (Start, "order"), (HoldCode, "type_number"), (TypeOrderNumber, "9990001111"), (OrderResult, Done())
    )
    assert ui.last(OrderResult).outcome == "accepted_unverified"


async def test_a_scanner_that_babbles_opens_no_screen_and_is_said_to_be_broken(kiosk: CabledKiosk) -> None:
    kiosk.scanner.babble = True
    # The start screen is asked again by itself once the scanner counts as broken.
    ui = await kiosk.run((Start, Happens(lambda: None)), (Start, "order"), (HoldCode, "new_order"))
    assert ui.last(HoldCode).scanner == Availability(False, Text("fault.scanner"))
    assert [type(prompt) for prompt in ui.asked] == [Start, Start, HoldCode, ChooseDocument]


async def test_numbers_go_on_after_a_restart(kiosk: CabledKiosk) -> None:
    await kiosk.run((Start, TAP), (TakeTicket, Done()))
    ui = await kiosk.run((Start, TAP), (TakeTicket, Done()))
    assert ui.last(TakeTicket).number == "C2002"
