"""How long the hub is waited for, what is said where the disk refuses, and how many other centres are named."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from common.protocol.queue.call import Prospect
from common.protocol.queue.claim import ClaimFound
from common.protocol.queue.service_now import CentreElsewhere, Elsewhere, ServiceElsewhere
from kiosk.delivery.hub import HubNews, StaffByHub, claim_by_digits
from offline_store.queue import digits
from offline_store.queue import help as help_calls
from tests.kiosk.delivery.test_hub import CALL, say
from tests.kit.clock import HandClock


class Waits:
    """Notes each wait."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)


async def test_a_call_is_waited_for_sixteen_looks_and_then_not_sent(tmp_path: Path) -> None:
    waits = Waits()
    assert await StaffByHub(HubNews(tmp_path, HandClock()), tmp_path, waits).call(CALL) is False
    assert waits.waited == [0.3] * 16


async def test_a_call_or_digits_that_cannot_be_written_are_not_waited_for_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(help_calls, "ask", refuses)
    monkeypatch.setattr(digits, "ask", refuses)
    waits = Waits()
    with capture_logs() as logs:
        assert await StaffByHub(HubNews(tmp_path, HandClock()), tmp_path, waits).call(CALL) is False
        assert await claim_by_digits(tmp_path, "12345674", waits) is None
    reason = {"reason": "No space left on device", "log_level": "error"}
    assert logs == [{"event": "help-not-written", **reason}, {"event": "digits-not-written", **reason}]
    assert waits.waited == []


async def test_digits_are_looked_for_sixteen_times_and_then_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[Any] = []
    monkeypatch.setattr(digits, "ask", lambda folder, asked: did.append((folder, asked.id, asked.digits)))
    monkeypatch.setattr(digits, "found", lambda folder, asked: did.append((folder, asked)))
    monkeypatch.setattr(digits, "forget", did.append)
    waits = Waits()
    assert await claim_by_digits(tmp_path, "12345674", waits) is None
    asked = did[0][1]
    assert did == [(tmp_path, asked, "12345674"), *[(tmp_path, asked)] * 16, tmp_path]
    assert waits.waited == [0.3] * 16


@pytest.mark.parametrize("claim", [None, ClaimFound("ab" * 16, "booked", "clearance", 9, 15, 10, used=False)])
async def test_what_the_hub_says_of_digits_is_returned_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claim: ClaimFound | None
) -> None:
    answers = iter([None, None])
    monkeypatch.setattr(digits, "found", lambda _folder, asked: next(answers, digits.DigitsFound(asked, claim)))
    waits = Waits()
    assert await claim_by_digits(tmp_path, "12345674", waits) == claim
    assert waits.waited == [0.3] * 3


async def test_whether_the_hub_is_there_is_looked_at_all_the_time(tmp_path: Path) -> None:
    clock = HandClock()
    seen: list[bool] = []

    async def sleep(seconds: float) -> None:
        assert seconds == 0.3
        seen.append(staff.is_there)
        match len(seen):
            case 1:
                say(tmp_path, clock)
            case 2:
                clock.pass_time(seconds=31)
            case _:
                raise asyncio.CancelledError

    staff = StaffByHub(HubNews(tmp_path, clock), tmp_path, sleep)
    assert staff.is_there is False
    with pytest.raises(asyncio.CancelledError):
        await staff.watch()
    assert seen == [False, True, False]


def test_of_many_centres_at_which_it_works_the_three_last_heard_of_are_named(tmp_path: Path) -> None:
    clock = HandClock()
    at = [
        CentreElsewhere(f"c{n}", {"ar": f"c{n}", "en": f"c{n}"}, (clock.wall - timedelta(minutes=n)).isoformat())
        for n in (10, 4, 1, 3, -1, 2)
    ]
    told = Elsewhere(clock.now().text, [ServiceElsewhere("water-bill", at[:1]), ServiceElsewhere("clearance", at)])
    news = HubNews(tmp_path, clock, elsewhere=lambda: told)
    say(tmp_path, clock, Prospect(4, state="interrupted"))
    hall = news.hall()
    assert hall is not None
    said = [(line.msgid, line.values) for line in hall.stopped["clearance"].also_at]
    assert said == [
        ("interrupted.also_at", {"centre": {"ar": name, "en": name}, "time": time})
        for name, time in (("c-1", "12:01"), ("c1", "11:59"), ("c2", "11:58"))
    ]
    at[:] = [at[0]]
    hall = news.hall()
    assert hall is not None
    assert len(hall.stopped["clearance"].also_at) == 1, "ten minutes ago is not too long ago"
    clock.pass_time(seconds=1)
    say(tmp_path, clock, Prospect(4, state="interrupted"))
    hall = news.hall()
    assert hall is not None
    assert hall.stopped["clearance"].also_at == ()


async def test_of_a_call_that_was_not_sent_nobody_hears_later(tmp_path: Path) -> None:
    assert await StaffByHub(HubNews(tmp_path, HandClock()), tmp_path, Waits()).call(CALL) is False
    assert help_calls.asked(tmp_path) is None
