"""Whether a service is served now, and between which moments an appointment's code is taken."""

from datetime import date, datetime, timedelta

import msgspec
import pytest

from common.city.calendar import CentreHours
from common.city.catalogue import Hours, Service, load_catalogue
from common.machine.stamp import Trust
from common.protocol.codes.claim_code import Claim
from common.protocol.feed_message import CalendarDay
from kiosk.desk.answers import Refusal, Refused
from kiosk.desk.hours import closed, prolonged, taken_from, times_of_day
from offline_store.issuing.business_day import ZONE
from offline_store.queue.word import HubWord
from tests.kit.clock import BOOT, NOON, HandClock

CENTRE = CentreHours(Hours("08:00", "14:00"))
FEAST = CentreHours(Hours("08:00", "14:00"), {"2026-11-26": CalendarDay("2026-11-26", closed=True)})
SHUT = CentreHours(
    None,
    {f"{day}": CalendarDay(f"{day}", closed=True) for day in (date(2026, 11, 25) + timedelta(n) for n in range(500))},
)
MORNING = Hours("09:00", "12:00")


def service(hours: Hours | None) -> Service:
    found = load_catalogue().get("clearance")
    assert found is not None
    return msgspec.structs.replace(found, hours=hours)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        (None, "2026-11-25T08:00", None),
        (None, "2026-11-25T13:59", None),
        (None, "2026-11-25T07:59", ("2026-11-25", "08:00", True)),
        (None, "2026-11-25T14:00", ("2026-11-26", "08:00", False)),
        (MORNING, "2026-11-25T09:00", None),
        (MORNING, "2026-11-25T08:30", ("2026-11-25", "09:00", True)),
        (MORNING, "2026-11-25T12:00", ("2026-11-26", "09:00", False)),
    ],
)
def test_a_service_is_served_while_centre_and_service_are_open(
    hours: Hours | None, at: str, opens: tuple[str, str, bool] | None
) -> None:
    refused = closed(service(hours), CENTRE, [local(at)])
    if opens is None:
        assert refused is None
        return
    day, time, is_today = date.fromisoformat(opens[0]), opens[1], opens[2]
    sentence = f"clearance is closed now; it opens on {day:%Y/%m/%d} at {time}"
    assert refused == Refused(Refusal.CLOSED, sentence, day, time, is_today)


def test_where_nobody_has_said_when_it_opens_nobody_is_sent_to_a_day() -> None:
    refused = closed(service(None), SHUT, [NOON])
    assert refused == Refused(Refusal.CLOSED, "clearance is closed now; nobody has said when it opens")


EARLY, EIGHT = local("2026-11-25T07:54"), local("2026-11-25T08:00")


def heard(at: datetime | None, ago_s: int = 0, boot_id: str = BOOT) -> HubWord:
    heard_boot_ns, said = int((HandClock().boottime_s - ago_s) * 1e9), None if at is None else at.isoformat()
    return HubWord(
        hub="hub-1", term=1, boot_id=boot_id, heard_boot_ns=heard_boot_ns, wall_time=f"{EARLY}", hall_time=said
    )


@pytest.mark.parametrize(
    ("trust", "word", "times"),
    [
        ("synced", heard(EIGHT), [EARLY]),
        ("restored", None, [EARLY]),
        ("restored", heard(EIGHT), [EIGHT]),
        ("restored", heard(EIGHT, ago_s=20), [EIGHT + timedelta(seconds=20)]),
        ("restored", heard(EIGHT, ago_s=900), [EARLY, EIGHT + timedelta(minutes=15)]),
        ("restored", heard(EIGHT, boot_id="another"), [EARLY]),
        ("restored", heard(None), []),
        ("restored", heard(None, ago_s=900), [EARLY]),
        ("file", heard(EIGHT), [EIGHT]),
        ("file", None, []),
    ],
)
def test_where_a_clock_is_not_sure_the_hub_says_what_time_it_is_or_that_nobody_knows(
    trust: Trust, word: HubWord | None, times: list[datetime]
) -> None:
    assert list(times_of_day(HandClock(EARLY, trust).now(), word)) == times


def test_what_is_open_by_the_halls_clock_or_ones_own_is_open() -> None:
    assert closed(service(None), CENTRE, [EARLY, EIGHT]) is None
    assert closed(service(None), CENTRE, [EIGHT, EARLY]) is None
    assert closed(service(MORNING), CENTRE, [EARLY, EIGHT]) is not None
    assert closed(service(None), CENTRE, [EARLY]) is not None


def test_a_clock_that_is_not_trusted_closes_nothing() -> None:
    assert closed(service(None), SHUT, times_of_day(HandClock(trust="file").now())) is None


@pytest.mark.parametrize(
    ("at", "centre", "hours", "taken"),
    [
        ("2026-11-25T11:20", CENTRE, None, "2026-11-25T10:50"),
        ("2026-11-25T08:20", CENTRE, None, "2026-11-25T08:00"),
        ("2026-11-25T08:30", CENTRE, None, "2026-11-25T08:00"),
        ("2026-11-25T09:10", CENTRE, MORNING, "2026-11-25T09:00"),
        ("2026-11-26T08:20", FEAST, None, "2026-11-26T07:50"),
        ("2026-11-25T08:20", SHUT, None, "2026-11-25T07:50"),
    ],
)
def test_a_code_is_taken_half_an_hour_before_its_time_but_not_before_the_doors_open(
    at: str, centre: CentreHours, hours: Hours | None, taken: str
) -> None:
    assert taken_from(local(at), 30, centre, hours) == local(taken)


@pytest.mark.parametrize(
    ("centre", "hours", "until"),
    [
        (CENTRE, None, "2026-11-28T00:00"),
        (FEAST, None, "2026-11-29T00:00"),
        (FEAST, Hours("09:00", "12:00", ("mon", "wed")), "2026-12-03T00:00"),
    ],
)
def test_a_code_is_good_longer_by_the_days_that_were_closed_since(
    centre: CentreHours, hours: Hours | None, until: str
) -> None:
    at, ends = local("2026-11-25T11:20"), local("2026-11-28T00:00")
    claim = Claim(
        id="0" * 32, centre="homs-main", service="clearance", kind="booked", at=int(at.timestamp()), minutes=10,
        digits="12345678", credit_min=30, issued=0, expires=int(ends.timestamp()),
    )  # fmt: skip
    catalogue = load_catalogue([{"code": "clearance", "hours": msgspec.to_builtins(hours)}])
    found = prolonged(claim, catalogue=lambda: catalogue, centre=lambda: centre)
    assert datetime.fromtimestamp(found.expires, ZONE) == local(until)
