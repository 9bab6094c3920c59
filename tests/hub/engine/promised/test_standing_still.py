"""Which standstill keeps a promise: over half an hour of a window, of the centre or of the service, to the second."""

import pytest

from common.protocol.queue.claim import ClaimFound
from common.protocol.queue.service_now import INTERRUPTED, RESUMED
from hub.engine.promised.judging import found_by_digits
from hub.engine.promised.standing import stood_still
from tests.hub.engine.promised.promises import Promises, shown
from tests.hub.hall import Hall

MIN = 60
SERVICE = "civil-affairs"


def now(hall: Hall) -> int:
    with hall.hub.read() as look:
        return look.line_us


def stood(hall: Hall, since_line: int, until_line: int, service: str = SERVICE) -> bool:
    with hall.hub.read() as look:
        return stood_still(look, service, since_line, until_line)


def says(hall: Hall, kind: str, service: str = SERVICE) -> int:
    """Let a service stand still or go on; return when it was said."""
    with hall.act() as act:
        value = {"reason": "no-form", "by": "manager"} if kind == INTERRUPTED else None
        detail = {"name": f"interrupted:{service}", "value": value, "message_id": 0, "service": service}
        act.record(kind, detail=detail)
        return act.line_us


@pytest.mark.parametrize(("seconds", "is_still"), [(10 * MIN, False), (30 * MIN - 1, False), (30 * MIN + 1, True)])
def test_a_cut_of_over_half_an_hour_is_a_standstill(hall: Hall, seconds: int, is_still: bool) -> None:
    since = now(hall)
    hall.passes(10 * MIN)
    hall.works(running=False)
    hall.passes(seconds)
    hall.works()
    hall.passes(10 * MIN)
    assert stood(hall, since, now(hall)) is is_still
    assert stood(hall, since, now(hall), "clearance") is is_still, "of the whole centre"
    assert not stood(hall, since, since + 39 * MIN * 1_000_000), "of which a part lies outside the window"


@pytest.mark.parametrize(("seconds", "is_still"), [(30 * MIN, False), (30 * MIN + 1, True)])
def test_a_service_that_stood_so_long_is_one_for_those_of_that_service(
    hall: Hall, seconds: int, is_still: bool
) -> None:
    since = now(hall)
    hall.passes(5 * MIN)
    says(hall, INTERRUPTED)
    hall.passes(10 * MIN)
    says(hall, INTERRUPTED)  # said once more: it stands still since the first word
    hall.passes(seconds - 10 * MIN)
    assert stood(hall, since, now(hall)) is is_still, "until now"
    says(hall, RESUMED)
    hall.passes(10 * MIN)
    says(hall, RESUMED)
    assert stood(hall, since, now(hall)) is is_still
    assert not stood(hall, since, now(hall), "clearance")


def test_several_stops_of_a_service_are_added_up(hall: Hall) -> None:
    since = now(hall)
    for _ in range(2):
        says(hall, INTERRUPTED)
        hall.passes(15 * MIN)
        says(hall, RESUMED)
        hall.passes(5 * MIN)
    assert not stood(hall, since, now(hall))
    says(hall, INTERRUPTED)
    hall.passes(1)
    assert stood(hall, since, now(hall))


def test_only_what_lies_in_the_window_counts(hall: Hall) -> None:
    hall.passes(60 * MIN)
    says(hall, INTERRUPTED)
    hall.passes(20 * MIN)
    since = now(hall)
    hall.passes(30 * MIN)
    resumed = says(hall, RESUMED)
    hall.passes(60 * MIN)
    assert not stood(hall, since, now(hall))
    assert stood(hall, since - 1_000_000, now(hall))
    assert not stood(hall, resumed, now(hall))
    assert not stood(hall, 0, since), "stopped for twenty minutes of it"


def test_a_window_of_half_an_hour_or_one_that_is_still_ahead_has_no_standstill(hall: Hall) -> None:
    says(hall, INTERRUPTED)
    since = now(hall)
    hall.works(running=False)
    hall.passes(30 * MIN)
    assert not stood(hall, since, now(hall) + 10**12)
    hall.passes(1)
    assert stood(hall, since, now(hall) + 10**12)
    assert not stood(hall, since + 1_000_000, now(hall))


def test_what_digits_name_is_told_whole_until_it_expires(hall: Hall) -> None:
    promises = Promises(hall)
    claim = promises.claim(600, minutes=20, letter="B", expires=int(hall.clock.wall.timestamp()) + 3600)
    promises.expect(promises.claim(), claim)

    def found() -> ClaimFound | None:
        with hall.hub.read() as look:
            return found_by_digits(look, claim.digits)

    open_claim = ClaimFound(claim.id, "booked", "clearance", claim.at, 20, claim.expires, False)
    assert found() == open_claim
    hall.kiosks[0].give("B", claim=shown(claim))
    hall.passes(3599)
    assert found() == ClaimFound(claim.id, "booked", "clearance", claim.at, 20, claim.expires, True)
    hall.passes(1)
    assert found() is None
    hall.clock.trust = "unknown"
    assert found() is not None, "a clock that knows no time ends nothing"
