"""Promise 8 from within: whatever is touched, the thread that draws never goes to the disk or the printer itself."""

import os
import random
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from devices.protocols import Card, Scan
from kiosk.machine.power import ServiceLevel
from kiosk.prompts.choosing import Done, Start, TakeNumber
from kiosk.prompts.order import OrderResult
from kiosk.prompts.ticket import TakeTicket
from kiosk.prompts.ui import Trouble
from offline_store.disk.database import Store
from tests.visits.lobby import Lobby
from tests.visits.scripted_ui import Happens
from tests.visits.test_any_visit import CARD, AnyUi, time_goes_on
from tests.visits.test_real_devices import a_kiosk

OURS = Path(__file__).parents[2]


class Trespass:
    """Notes who calls, in the thread of the loop, what may be slow."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found: list[str] = []
        self.elsewhere = 0
        self._loop_thread = threading.current_thread()
        for owner, name in ((Store, "read"), (Store, "write"), (os, "fsync"), (os, "open"), (Path, "open")):
            monkeypatch.setattr(owner, name, self._watched(name, getattr(owner, name)))

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.note(name)
            return real(*args, **kwargs)

        return call

    def note(self, name: str) -> None:
        if threading.current_thread() is not self._loop_thread:
            self.elsewhere += 1
            return
        here = [frame for frame in traceback.extract_stack() if frame.filename.startswith(str(OURS / "kiosk"))]
        if here:  # what the tests themselves look up does not count
            way = " for ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(here))
            self.found.append(f"{name} by {way}")


@pytest.mark.parametrize("seed", range(2))
async def test_no_touch_scan_or_change_takes_the_screens_thread_to_the_disk(
    lobby: Lobby, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    choice = random.Random(seed)
    code = lobby.place.app.code()
    happenings: list[Callable[[], Happens]] = [
        lambda: lobby.scans(code),
        lambda: lobby.scans(lobby.place.app.code(paid=False)),
        lambda: lobby.scans(CARD),
        lambda: Happens(lambda: lobby.hand.cards.put_nowait(Card("magstripe", b"key", "•••1"))),
        lambda: Happens(lambda: lobby.hand.scans.put_nowait(Scan(b"\x00noise"))),
        lambda: lobby.changes(printer=choice.choice([None, Trouble.PAPER_OUT])),
        lambda: lobby.changes(scanner=choice.choice([None, Trouble.PRINTER_LOST])),
        lambda: lobby.changes(
            power_service=choice.choice([ServiceLevel.FULL, ServiceLevel.FULL, ServiceLevel.NO_ORDERS])
        ),
        lambda: lobby.passes(200),
    ]
    trespass = Trespass(monkeypatch)
    lobby.tray.on_print = lambda: trespass.note("print")
    with capture_logs():
        await lobby.play(AnyUi(choice, happenings), meanwhile=lambda: time_goes_on(lobby))
    assert trespass.found == []
    assert trespass.elsewhere > 20  # the walk did go to the disk, and the tripwire was under it


async def test_the_kiosk_in_service_keeps_the_screens_thread_off_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real store, drivers and surroundings; only the reading of the settings at the start is before any screen."""
    async with a_kiosk(tmp_path) as kiosk:
        trespass = Trespass(monkeypatch)
        await kiosk.run(
            (Start, TakeNumber("water-bill")),
            (TakeTicket, Done()),
            (Start, kiosk.shows(kiosk.code())),
            (OrderResult, Done()),
        )
    assert [found for found in trespass.found if "settings.py" not in found] == []
    assert trespass.elsewhere > 20
