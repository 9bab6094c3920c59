"""The power goes while a paper is printed: who holds half of it finds the number again at its kiosk."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from common.machine.locks import PrinterLock
from devices.paper import Banner
from kiosk.desk.desk import Issued
from kiosk.papers.printing import Printing
from kiosk.prompts.choosing import Done, Start
from kiosk.prompts.state import HelpOffer
from kiosk.prompts.ticket import FindNumber, TakeTicket, TicketOnScreen
from kiosk.prompts.ui import AskForHelp, Back, Trouble
from offline_store.printed.print_journal import open_job
from tests.kiosk.papers.conftest import CONTENT, Told
from tests.kit.clock import HandClock
from tests.kit.desk import App, Place, open_store
from tests.visits.lobby import Lobby, Tray


async def test_a_paper_that_a_cut_broke_off_is_printed_as_a_copy(tmp_path: Path) -> None:
    clock = HandClock()
    with open_store(tmp_path, clock) as store:
        ticket = Place(store, clock, App()).desk.issue("water-bill", intention="touch")
        assert isinstance(ticket, Issued)
        open_job(store, item_id=ticket.id, paper="ticket", stamp=clock.now())
    clock.boot_id, clock.boottime_s = "3f2c9d1e-0000-4000-8000-000000000002", 40.0
    with open_store(tmp_path, clock) as store, ThreadPoolExecutor() as threads, PrinterLock(tmp_path) as lock:
        asyncio.get_running_loop().set_default_executor(threads)
        printer = Told()
        with Printing(printer, store, CONTENT, now=clock.now) as printing:
            printing.start(lock)
            lobby = Lobby(Place(store, clock, App(), papers=printing), Tray())
            ui = await lobby.run(
                (Start, AskForHelp()),
                (HelpOffer(can_find=True), "find_number"),
                (FindNumber(), "001"),
                (TicketOnScreen, "reprint"),
                (TakeTicket, Done()),
                (Start, AskForHelp()),
                (HelpOffer(can_find=False), Back()),
            )
    shown = ui.last(TicketOnScreen)
    assert (shown.number, shown.trouble) == (ticket.number, Trouble.UNKNOWN)
    assert ui.last(TakeTicket).is_copy
    assert isinstance(printer.papers[-1].ops[0], Banner)
