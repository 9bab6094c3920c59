"""A soak in which every process is killed: `python -m tools.soak.kills --seconds 600 --seed 1`.

Citizens touch the window of one kiosk; the window's process, the forwarder, central and the devices are each ended by
SIGKILL at random moments and started again. At the end what stood on the panel is held against central's books.
Prints what happened as one JSON line; the exit status is 1 when something does not agree.
"""

import argparse
import json
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from common.protocol.envelope import TicketBody, decode_body
from demo.processes import Processes, wait_until
from tests.end_to_end.conftest import BIN, Town
from tests.end_to_end.demos.hands import Hands
from tests.end_to_end.touched import app_key
from tools.soak.citizens import SoakDevices

VICTIMS = ("window", "forwarder", "central", "devices")
LIVES_S = (0.2, 4.0)  # between two kills
CENTRAL = "central.db"
SETTLED_WITHIN_S = 30.0

DEVICES = """
[devices.printer]
port = "{folder}/printer"
flow_control = "none"
[devices.scanner]
driver = "line-scanner"
port = "{folder}/scanner"
"""


@dataclass
class Reckoning:
    """What was killed and seen, and what does not agree."""

    seed: int
    seconds: float = 0.0
    visits: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    screens: dict[str, int] = field(default_factory=dict)
    numbers_seen: int = 0
    orders_seen: int = 0
    tickets_at_central: int = 0
    orders_at_central: int = 0
    unseen_tickets: int = 0  # recorded, and the window was killed before it had drawn the number
    faults: list[str] = field(default_factory=list)


class Lobby:
    """A town of one kiosk whose processes die and come again."""

    def __init__(self, town: Town, seed: int) -> None:
        self._town, self._seed = town, seed
        self._ports = town.folder / "ports"
        self._ports.mkdir()
        self._devices = self._plug_in()
        self.kiosk = town.enrol("one", extra=DEVICES.format(folder=self._ports))
        town.central("publish", "app-key", "-", given=json.dumps(app_key()))
        self.kiosk.done("forward", "--once")
        self._port = int(town.url.rsplit(":", 1)[1])
        self._forward()
        self._lives: list[Hands] = []
        self.open_window()

    def kill(self, victim: str) -> None:
        """Kill one process and start it again."""
        match victim:
            case "window":
                self.window.kill()
                self.open_window()
            case "forwarder":
                self._town.processes.kill("forward")
                self._forward()
            case "central":
                self._town.processes.kill("central")
                self._town.start_central(self._port)
            case _:
                self._devices.kill()
                self._devices = self._plug_in()

    @property
    def window(self) -> Hands:
        """The window's process that lives now."""
        return self._lives[-1]

    @property
    def said(self) -> list[Any]:
        """Everything that every window has said."""
        return [said for window in self._lives for said in window.said]

    def open_window(self) -> None:
        """Start the window again, with other citizens before it."""
        self._lives.append(Hands(self.kiosk.settings, self._seed * 1000 + len(self._lives), self._act))

    def end(self) -> int:
        """Mend everything, let the last citizen go, deliver what is left; how many came to the last window."""
        self._devices.act("mend")
        visits = self.window.rest()
        self.window.close()
        self._town.processes.stop("forward")
        self.kiosk.done("forward", "--once")
        return visits

    def close(self) -> None:
        """End what still lives."""
        with self.window:
            pass
        self._devices.__exit__(None, None, None)

    def _act(self, act: list[Any]) -> None:
        with suppress(OSError, ValueError):  # it is dead just now: nothing happens to it
            self._devices.act(*act)

    def _plug_in(self) -> SoakDevices:
        devices = SoakDevices(self._ports)
        for name, port in devices.ports.items():
            link = self._ports / name
            link.unlink(missing_ok=True)
            link.symlink_to(port)
        return devices

    def _forward(self) -> None:
        self._town.processes.start("forward", [str(BIN / "kiosk"), "forward", "--config", str(self.kiosk.settings)])


def soak(folder: Path, seed: int, seconds: float, fewest: int = 2) -> Reckoning:
    """Have citizens touch and processes die for so long, and until each has died `fewest` times; then reckon."""
    chance, reckoning, kills = Random(seed), Reckoning(seed), Counter[str]()
    with _town(folder) as town:
        lobby = Lobby(town, seed)
        try:
            began = time.monotonic()
            lobby.window.see("start")
            while time.monotonic() - began < seconds or min(kills[one] for one in VICTIMS) < fewest:
                seen = len(lobby.window.said)
                threading.Event().wait(chance.uniform(*LIVES_S))
                fewer = [one for one in VICTIMS if kills[one] == min(kills[other] for other in VICTIMS)]
                victim = chance.choice(fewer if chance.random() < 0.5 else VICTIMS)
                if victim == "window" and chance.random() < 0.5:  # in the middle of what a citizen gets
                    lobby.window.see("printing", "ticket", "screen_ticket", "hold_code", "result", since=seen)
                lobby.kill(victim)
                kills[victim] += 1
            reckoning.visits = lobby.end()
            reckoning.seconds = round(time.monotonic() - began, 1)
            reckoning.kills = dict(kills)
            _reckon(reckoning, lobby, town)
        finally:
            lobby.close()
    return reckoning


def _reckon(reckoning: Reckoning, lobby: Lobby, town: Town) -> None:
    """Hold what stood on the panels against central's books and the kiosk's."""
    said, faults = lobby.said, reckoning.faults
    reckoning.screens = dict(Counter(one["shown"] for one in said if "shown" in one))
    seen = {one["number"] for one in said if one.get("number")}
    ids = {one["made"]: one["id"] for one in said if "made" in one}
    ordered = {ids[one["order"]] for one in said if "order" in one}
    books = town.folder / "central" / CENTRAL
    assert wait_until(lambda: not _sealed(books), SETTLED_WITHIN_S), "central has not opened what was sealed"
    tickets, results, orders = _books(books)
    numbers = Counter(body.number for body in tickets.values())
    kept = [*lobby.kiosk.done("outbox", "list").rows, *lobby.kiosk.done("outbox", "dead").rows]
    known = [row["id"] for row in lobby.kiosk.done("outbox", "list", "--all").rows]
    unseen = numbers.keys() - seen
    reckoning.numbers_seen, reckoning.tickets_at_central = len(seen), len(tickets)
    reckoning.orders_seen, reckoning.orders_at_central = len(ordered), len(orders)
    reckoning.unseen_tickets = len(unseen)
    checks = {
        "numbers that citizens saw and central has not": seen - numbers.keys(),
        "orders that citizens saw recorded and central has not": ordered - orders,
        "numbers twice at central": {number for number, times in numbers.items() if times > 1},
        "more numbers that nobody saw than windows were killed": unseen if len(unseen) > _times(reckoning) else (),
        "more orders that nobody saw than windows were killed": (
            orders - ordered if len(orders - ordered) > _times(reckoning) else ()
        ),
        "items that wait or were refused": [row["id"] for row in kept],
        "items that central did not apply": [one for one, result in results.items() if result != "applied"],
        "items at one end only": set(known) ^ results.keys(),
    }
    faults += [f"{what}: {sorted(which)[:5]}" for what, which in checks.items() if which]


def _times(reckoning: Reckoning) -> int:
    return reckoning.kills.get("window", 0)


def _sealed(path: Path) -> int:
    """Count what central has still to open."""
    with closing(sqlite3.connect(path)) as database:
        (count,) = database.execute("SELECT count(*) FROM inbox WHERE seal_state = 'waiting'").fetchone()
    return int(count)


def _books(path: Path) -> tuple[dict[str, TicketBody], dict[str, str], set[str]]:
    """Read central's database: tickets by item, the result of each item, and the orders that were taken."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT id, kind, body, result FROM inbox").fetchall()
        orders = {str(order) for (order,) in database.execute("SELECT order_id FROM orders")}
    bodies = {str(row[0]): decode_body(row[1], row[2]) for row in rows if row[1] == "ticket"}
    tickets = {item: body for item, body in bodies.items() if isinstance(body, TicketBody)}
    return tickets, {str(row[0]): str(row[3]) for row in rows}, orders


@contextmanager
def _town(folder: Path) -> Iterator[Town]:
    with Processes(folder) as processes:
        town = Town(folder, processes)
        town.start_central()
        yield town


def main() -> int:
    """Soak, and print the reckoning."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        reckoning = soak(Path(folder), words.seed, words.seconds)
    print(json.dumps(asdict(reckoning)))
    return 1 if reckoning.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
