"""A code of another centre's order is shown without a network; once central can be asked, how it stands is said.

Central, the forwarder and the store are those of a kiosk in service; the citizen is a script.
"""

import asyncio
import json
import random
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from demo.processes import wait_until
from kiosk.delivery import enrolment
from kiosk.flows.ordering.order_result import LOOK_EVERY_S
from kiosk.prompts.choosing import Done, Start
from kiosk.prompts.order import OrderResult
from kiosk.prompts.ui import Text
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.identity import machine_hash
from offline_store.opening import open_store_in
from tests.end_to_end.conftest import BIN, KioskByCommand, Town
from tests.kit.clock import HandClock
from tests.kit.desk import App, Place
from tests.kit.power_cut import record
from tests.visits.lobby import Lobby, Tray
from tests.visits.scripted_ui import Happens

pytestmark = pytest.mark.timeout(240)
ELSEWHERE = "homs-hamra"
WITHIN_S = 60.0


@dataclass
class Shown:
    """A kiosk of one centre, and the code of an order that is ready at another."""

    town: Town
    kiosk: KioskByCommand
    app: App
    order: str
    code: str

    @property
    def data(self) -> Path:
        return self.kiosk.settings.parent / "var"

    @contextmanager
    def store(self) -> Iterator[Store]:
        identity, clock = enrolment.load(self.data).identity, HandClock(datetime.now(UTC))
        with open_store_in(self.data, identity, stamp=clock.now(), machine=machine_hash()) as store:
            yield store

    def back_online(self) -> None:
        self.town.start_central(int(self.town.url.rsplit(":", 1)[1]))
        self.town.processes.start("forward", [str(BIN / "kiosk"), "forward", "--config", str(self.kiosk.settings)])


@pytest.fixture
def shown(town: Town) -> Shown:
    """The kiosk has heard all that there is for it, and central is gone."""
    kiosk, app, order = town.enrol("one"), App(), uuid.uuid4()
    town.central("enrolment-code", "--centre", ELSEWHERE)
    state = {"order": order.hex, "state": "ready", "centre": ELSEWHERE}
    town.central("publish", "order-state", "-", given=json.dumps(state))
    kiosk.done("forward", "--once")
    town.stop_central()
    now = datetime.now(UTC)
    code = app.code(
        order_id=order.bytes, destination=ELSEWHERE, issued=now - timedelta(hours=1), expires=now + timedelta(days=9)
    )
    made = Shown(town, kiosk, app, order.hex, code)
    with made.store() as store:
        app.make_known(store)
        assert state_of(store, made.order) is None, "it is none of this centre's business"
    return made


@pytest.fixture
async def lobby(shown: Shown) -> AsyncIterator[Lobby]:
    with shown.store() as store, ThreadPoolExecutor() as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        tray = Tray()
        yield Lobby(Place(store, HandClock(datetime.now(UTC)), shown.app, papers=tray), tray)


def state_of(store: Store, order: str) -> str | None:
    states = tables.order_states.c
    with store.read() as connection:
        return connection.scalar(select(states.state).where(states.order_id == order))


async def test_the_screen_says_how_it_stands_once_central_can_be_asked(shown: Shown, lobby: Lobby) -> None:
    async def network_comes_back() -> None:
        await asyncio.to_thread(shown.back_online)
        store = lobby.place.store
        assert await asyncio.to_thread(wait_until, lambda: state_of(store, shown.order) == "ready", WITHIN_S)
        await lobby.time.advance(LOOK_EVERY_S)

    ui = await lobby.run(
        (Start, lobby.scans(shown.code)),
        (OrderResult, Happens(network_comes_back)),
        (OrderResult, Done()),
        (Start, lobby.scans(shown.code)),
        (OrderResult, Done()),
        timeout_s=2 * WITHIN_S,
    )
    offline, online, again = (one for one in ui.asked if isinstance(one, OrderResult))
    hamra = lobby.place.catalogue.centre_names(ELSEWHERE)
    assert [(one.outcome, one.there) for one in (offline, online, again)] == [
        ("other_centre", None),
        ("other_centre", "ready"),
        ("ready", None),
    ]
    assert offline.what_to_do == (Text("outcome.other_centre_do"),)
    assert online.what_to_do == again.what_to_do == (Text("outcome.ready_elsewhere_do"),)
    at_hamra = (Text("result.collect_at", {"centre": hamra}),)
    assert offline.where_and_when == online.where_and_when == again.where_and_when == at_hamra
    assert lobby.numbers() == [], "priority is for where the document is"
    assert lobby.place.items("order") == 0


@pytest.mark.usefixtures("power_cuts")
def test_whatever_was_shown_before_a_power_cut_is_asked_after_it(shown: Shown, tmp_path: Path) -> None:
    command = [str(BIN / "kiosk"), "order", "--no-print", "--config", str(shown.kiosk.settings), shown.code]
    recording = record(command, shown.data, tmp_path / "trace")
    told = next(n for n in range(len(recording.calls) + 1) if recording.promises(n))
    assert json.loads(recording.promises(told)[0])["outcome"] == "other_centre"
    cut = tmp_path / "cut"
    cut.mkdir()
    recording.after_cut(told, cut, random.Random(7))
    before = [one for one in shown.data.rglob("*") if one.is_file()]
    for path in before:
        if not (cut / path.relative_to(shown.data)).exists():
            path.unlink()
    for left in cut.rglob("*"):
        if left.is_file():  # in place: keys stay readable by their owner alone
            (shown.data / left.relative_to(cut)).write_bytes(left.read_bytes())
    shown.back_online()
    with shown.store() as store:
        assert wait_until(lambda: state_of(store, shown.order) == "ready", WITHIN_S)
