"""What an answer to a kiosk holds, and what is kept of those who ask."""

import hashlib

import msgspec
from sqlalchemy import select

from central.base.tables.claimed import claim_requests, claims
from central.claims import requests
from central.claims.inquiries import MOST_SEATS, _whole_days
from central.claims.planned.seats import FreeSeat
from central.claims.requests import ClaimRequest
from central.claims.wanted import Door, who_mark
from tests.central.claims.conftest import APP, CENTRE, SERVICE, Office

AT = "2026-12-01T10:30"


def seats_of(*days: int) -> list[FreeSeat]:
    return [
        FreeSeat(f"2026-12-{day + 1:02}T10:{n % 60:02}:00+03:00", 15, 1)
        for day, many in enumerate(days)
        for n in range(many)
    ]


def test_an_answer_holds_whole_days_and_never_more_than_a_kiosk_takes() -> None:
    assert len(_whole_days(seats_of(100, 100))) == 200
    assert len(_whole_days(seats_of(150, 150, 150, 150))) == 300
    assert len(_whole_days(seats_of(MOST_SEATS, 1))) == MOST_SEATS
    assert len(_whole_days(seats_of(MOST_SEATS + 300))) == MOST_SEATS


async def test_a_request_is_known_again_and_says_nothing_of_the_person(office: Office) -> None:
    await office.publish()
    asked = ClaimRequest(centre=CENTRE, service=SERVICE, at=AT, who="someone", phone="+963944000111")
    async with office.stage.engine.begin() as connection:
        await requests.claim(connection, office.stage.ring, asked, APP, "key", office.now)
    (row,) = await office.stage.all(select(claim_requests))
    elsewhere = office.stage.ring.vault().mark("something else")
    assert len(row.request_sha256) == len(elsewhere)
    assert row.request_sha256 not in hashlib.sha256(msgspec.json.encode(asked)).hexdigest()


async def test_four_digits_name_a_person_among_those_of_one_centre(office: Office) -> None:
    await office.publish()
    screen = Door("kiosk:a", is_desk=True)
    await office.book(AT, screen, who="1234")
    marks = {row.who for row in await office.stage.all(select(claims.c.who))}
    assert marks == {who_mark(office.stage.ring, screen, CENTRE, "1234")}
    assert who_mark(office.stage.ring, screen, "homs-new", "1234") not in marks
