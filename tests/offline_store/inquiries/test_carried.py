"""A question through a real central and back, killed at each step: one claim that was shown, or none."""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from common.machine.clock import SystemClock
from common.machine.stamp import Stamp
from kiosk.delivery.forwarding import open_carrier
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.inquiries import asking, carrier
from offline_store.inquiries.asking import Outcome
from tests.kit.answering_central import STEPS, AnsweringCentral, answering_central
from tests.kit.carrying_process import config_of, opened

PLACE = {"at": "2026-12-01T10:30"}
WITHIN_S = 40.0


@dataclass
class Asking:
    """A kiosk that asks in this process. `who` is whom its claims are for."""

    data: Path
    store: Store
    clock: SystemClock
    central: AnsweringCentral
    who: str

    def ask(self, kind: str = "claim", *, waits_longer_s: int = 0) -> asking.Asked:
        """Ask, as somebody who waits longer than people do where a process has to start on a busy machine first."""
        body, now = {"from": "2026-12-01"} if kind == "seats" else PLACE, self.clock.now()
        now = replace(now, boot_time_ns=now.boot_time_ns + waits_longer_s * 10**9)
        return asking.ask(self.store, now, kind, body, {"who": self.who} if kind == "claim" else None)

    def wait(self, asked: asking.Asked) -> Outcome:
        found = asking.wait(self.store, asked, self.clock)
        assert isinstance(found, Outcome)
        return found

    def state(self, inquiry: str) -> str:
        with self.store.read() as connection:
            states = select(tables.inquiries.c.state).where(tables.inquiries.c.id == inquiry)
            return str(connection.scalar(states))

    def dies_now(self, inquiry: str) -> None:
        """Let the question's time be over."""
        with self.store.write() as connection:
            connection.execute(update(tables.inquiries).where(tables.inquiries.c.id == inquiry).values(dies_ns=1))

    def places(self) -> int:
        return self.central.taken().count(self.who)

    @contextlib.contextmanager
    def carried(self) -> Iterator[None]:
        stop = threading.Event()
        with open_carrier(config_of(self.data, self.central.url), self.store, self.clock) as one:
            thread = threading.Thread(target=one.run, args=(stop,))
            thread.start()
            try:
                yield
            finally:
                stop.set()
                thread.join()


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnsweringCentral]:
    with answering_central(tmp_path_factory.mktemp("central")) as central:
        yield central


@pytest.fixture
def central(tmp_path: Path) -> Iterator[AnsweringCentral]:
    """A central of the test's own, to be killed."""
    with answering_central(tmp_path / "central") as one:
        yield one


@contextlib.contextmanager
def asks(folder: Path, central: AnsweringCentral) -> Iterator[Asking]:
    central.enrol(folder / "kiosk")
    clock = SystemClock()
    with opened(folder / "kiosk", clock) as store:
        yield Asking(folder / "kiosk", store, clock, central, store.identity.kiosk)


@pytest.fixture
def kiosk(tmp_path: Path, shared: AnsweringCentral) -> Iterator[Asking]:
    with asks(tmp_path, shared) as one:
        yield one


def test_a_question_is_answered_with_what_is_for_its_process_alone(kiosk: Asking) -> None:
    with kiosk.carried():
        asked = kiosk.ask()
        found = kiosk.wait(asked)
        assert found.fate == "answered"
        assert (found.answer["code"], found.answer["digits"]) == (f"SY1:{kiosk.who}", "12345678")
        assert kiosk.wait(kiosk.ask("seats")).answer["seats"][0]["left"] < 20
    assert (kiosk.state(asked.id), kiosk.places()) == ("shown", 1)
    files = b"".join(path.read_bytes() for path in kiosk.data.glob("store.db*"))
    assert b"12345678" not in files
    assert f"SY1:{kiosk.who}".encode() not in files
    # After a restart its key is gone: the reference is known, and nothing else.
    with kiosk.store.read() as connection:
        answer = connection.scalar(select(tables.inquiries.c.answer).where(tables.inquiries.c.id == asked.id))
    assert json.loads(answer or "").keys() == {"claim", "at", "sealed"}


def test_no_is_told_with_its_reason(kiosk: Asking) -> None:
    with kiosk.carried():
        asked = asking.ask(kiosk.store, kiosk.clock.now(), "claim", PLACE)
        assert kiosk.wait(asked) == Outcome("refused", {"reason": "no-who"})
        asked = asking.ask(kiosk.store, kiosk.clock.now(), "claim-cancel", {})
        assert kiosk.wait(asked) == Outcome("refused", {"reason": "unknown-kind"})


def test_without_a_network_it_is_said_so_at_once(kiosk: Asking) -> None:
    kiosk.central = AnsweringCentral(Path(), "http://127.0.0.1:9")
    with kiosk.carried():
        began = time.monotonic()
        assert kiosk.wait(kiosk.ask("seats")).fate == "no-network"
    assert time.monotonic() - began < 8


def test_nobody_carries_it_and_its_time_runs_out(kiosk: Asking) -> None:
    asked = kiosk.ask()
    dead = Stamp(datetime.now(UTC), asked.dies_ns, asked.boot_id, "synced")
    assert asking.take(kiosk.store, asked, kiosk.clock.now()) is None
    assert asking.take(kiosk.store, asked, dead) == Outcome("timed-out")
    with kiosk.carried():  # it may have been done all the same
        until(lambda: kiosk.state(asked.id) == "over")
    assert kiosk.places() == 0


def test_an_answer_that_comes_when_nobody_waits_any_more_is_undone(kiosk: Asking) -> None:
    with kiosk.carried():
        asked = kiosk.ask()
        until(lambda: kiosk.state(asked.id) == "answered")
        assert kiosk.places() == 1
        late = Stamp(datetime.now(UTC), asked.dies_ns, asked.boot_id, "synced")
        assert asking.take(kiosk.store, asked, late) == Outcome("late")
        until(lambda: kiosk.state(asked.id) == "over")
    assert kiosk.places() == 0


def test_who_leaves_holds_no_place(kiosk: Asking) -> None:
    asked = kiosk.ask()
    with kiosk.carried():
        assert asking.wait(kiosk.store, asked, kiosk.clock, is_left=lambda: kiosk.places() == 1) is None
        until(lambda: kiosk.state(asked.id) == "over")
    assert kiosk.places() == 0


def test_who_leaves_while_central_answers_holds_no_place(kiosk: Asking) -> None:
    kiosk.who = "slow"
    asked = kiosk.ask()
    with kiosk.carried():
        until(lambda: any(one.name == "inquiry" for one in threading.enumerate()))
        asking.give_up(kiosk.store, asked)
        until(lambda: kiosk.state(asked.id) == "over")
    assert kiosk.places() == 0


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_wrong_clock_changes_nothing(kiosk: Asking, year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = kiosk.clock.now

    def wrong() -> Stamp:
        stamp = now()
        return Stamp(datetime(year, 1, 1, tzinfo=UTC), stamp.boot_time_ns, stamp.boot_id, "unknown")

    monkeypatch.setattr(kiosk.clock, "now", wrong)
    with kiosk.carried():
        assert kiosk.wait(kiosk.ask()).fate == "answered"
    assert kiosk.places() == 1


def test_a_restart_between_question_and_answer_undoes_it(kiosk: Asking) -> None:
    asked = kiosk.ask()
    with kiosk.carried():
        until(lambda: kiosk.state(asked.id) == "answered")
    with kiosk.store.write() as connection:  # as it looks to the next boot
        row = tables.inquiries.c
        connection.execute(update(tables.inquiries).where(row.id == asked.id).values(boot_id="the boot before"))
    with kiosk.carried():
        until(lambda: kiosk.state(asked.id) == "over")
    assert kiosk.places() == 0


@pytest.mark.parametrize("step", STEPS)
def test_central_is_killed_at_each_step(tmp_path: Path, central: AnsweringCentral, step: str) -> None:
    with asks(tmp_path, central) as kiosk, kiosk.carried():
        central.dies_at(step)
        asked = kiosk.ask()
        central.wait_dead()
        central.start()
        found = kiosk.wait(asked)
        # With a central that was back soon enough the question goes on; else it says so, and holds nothing.
        if found.fate == "answered":
            assert kiosk.places() == 1
        else:
            until(lambda: kiosk.state(asked.id) == "over")
            assert kiosk.places() == 0


def test_the_screen_is_killed_before_it_has_shown_the_answer(tmp_path: Path, central: AnsweringCentral) -> None:
    with asks(tmp_path, central) as kiosk, kiosk.carried():
        with _process(kiosk, "ask") as screen:
            inquiry = _line(screen)["id"]
            until(lambda: kiosk.state(inquiry) == "answered")
            assert central.taken() == ["rana"]
        kiosk.dies_now(inquiry)
        until(lambda: kiosk.state(inquiry) == "over")
        assert central.taken() == []


def test_the_screen_is_killed_after_it_has_shown_the_answer(tmp_path: Path, central: AnsweringCentral) -> None:
    with asks(tmp_path, central) as kiosk, kiosk.carried():
        with _process(kiosk, "ask", "take") as screen:
            inquiry = _line(screen)["id"]
            assert _line(screen) == {"fate": "answered"}
        kiosk.dies_now(inquiry)
        assert kiosk.wait(kiosk.ask("seats")).fate == "answered"
        assert (kiosk.state(inquiry), central.taken()) == ("shown", ["rana"])


@pytest.mark.parametrize("at", ["once", "the place is taken", "it is answered"])
def test_the_forwarder_is_killed_at_each_step(tmp_path: Path, central: AnsweringCentral, at: str) -> None:
    with asks(tmp_path, central) as kiosk:
        asked = kiosk.ask(waits_longer_s=60)
        with _process(kiosk) as forwarder:
            _line(forwarder)
            if at == "the place is taken":
                until(lambda: kiosk.places() == 1)
            elif at == "it is answered":
                until(lambda: kiosk.state(asked.id) == "answered")
        with kiosk.carried():
            assert kiosk.wait(asked).fate == "answered"
        assert kiosk.places() == 1


def test_one_carrier_carries_many_side_by_side(kiosk: Asking) -> None:
    asked = [kiosk.ask("seats") for _ in range(2 * carrier.AT_ONCE)]
    with kiosk.carried():
        assert {kiosk.wait(one).fate for one in asked} == {"answered"}


@contextlib.contextmanager
def _process(kiosk: Asking, *wanted: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process of the kiosk's, and end it as kill -9 does."""
    command = [sys.executable, "-m", "tests.kit.carrying_process", str(kiosk.data), kiosk.central.url, *wanted]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def _line(process: subprocess.Popen[bytes]) -> dict[str, str]:
    assert process.stdout is not None
    line: dict[str, str] = json.loads(process.stdout.readline())
    return line
