"""A day of six kiosks with everything that can befall a fleet: books equal; and no fault in them goes unseen.

`make fleet` plays four weeks of fifty kiosks.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from central.base.tables.enrolled import kiosks
from central.base.tables.received import inbox
from tools.fleet.books import Books
from tools.fleet.centre import Lost
from tools.fleet.plan import MINIATURE, SEASON, Kind, draw, is_open
from tools.fleet.run import Played, played

pytestmark = pytest.mark.timeout(400)  # the first test pays for the day


@pytest.fixture(scope="module")
def fleet() -> Iterator[Played]:
    with played(MINIATURE, 7) as one:
        yield one


def reckoned_again(fleet: Played) -> list[str]:
    """Open the books once more, over what central has now."""
    books = fleet.books
    return Books(books.central, books.centres, books.lost).faults()


def of_central(fleet: Played, *statements: Any) -> None:
    """Change central's database behind its back."""

    async def change(connection: Any) -> None:
        for statement in statements:
            await connection.execute(statement)

    fleet.books.central.do(change)


def a_ticket(fleet: Played) -> Any:
    """Return the item of a number that somebody was told and that central has."""
    told = {one.ticket.id for centre in fleet.books.centres for one in centre.told}
    return next(row for row in fleet.books.inbox if row.id in told)


def test_the_books_are_equal_and_the_operator_heard_nothing_untrue(fleet: Played) -> None:
    assert fleet.faults == []


def test_the_day_had_what_it_was_made_for(fleet: Played) -> None:
    assert {event.kind for event in fleet.season.happened} == set(Kind)
    assert sum(len(centre.told) for centre in fleet.books.centres) > 10
    assert len({one.why for one in fleet.books.lost}) > 1, "with a machine, and with central's last hours"


def test_the_page_says_what_was_typed_and_what_was_lost(fleet: Played, tmp_path: Path) -> None:
    page = tmp_path / "operator.md"
    fleet.write_page(page)
    text = page.read_text()
    for command in ("central bring-back copies", "central revoke", "central enrolment-code", "central rollout start"):
        assert f"`{command}" in text
    assert "Not heard for more than ten minutes" in text
    assert "not in the copy brought back" in text
    for one in fleet.books.lost:
        assert one.number is None or one.number in text


def test_an_item_that_central_dropped_is_missed(fleet: Played) -> None:
    row = a_ticket(fleet)
    of_central(fleet, delete(inbox).where(inbox.c.arrival == row.arrival))
    faults = reckoned_again(fleet)
    of_central(fleet, insert(inbox).values(row._asdict()))
    assert any(f"{row.id}: made and not lost, and not at central" in fault for fault in faults)
    assert any("told" in fault for fault in faults)


def test_an_item_that_was_doubled_under_another_id_is_named(fleet: Played) -> None:
    row, other = a_ticket(fleet), "00000000-0000-4000-8000-000000000000"
    double = row._asdict() | {"arrival": row.arrival + 10**6, "id": other, "seq": row.seq + 10**6}
    of_central(fleet, insert(inbox).values(double))
    faults = reckoned_again(fleet)
    of_central(fleet, delete(inbox).where(inbox.c.id == other))
    assert any(f"{other}: at central, and its machine never made it" in fault for fault in faults)


def test_a_number_that_bears_another_kiosks_digit_is_named(fleet: Played) -> None:
    row = a_ticket(fleet)
    of_central(fleet, update(kiosks).where(kiosks.c.id == row.kiosk).values(digit=kiosks.c.digit + 1))
    faults = reckoned_again(fleet)
    of_central(fleet, update(kiosks).where(kiosks.c.id == row.kiosk).values(digit=kiosks.c.digit - 1))
    assert any("does not bear the digit" in fault for fault in faults)


def test_what_is_listed_as_lost_must_be_lost(fleet: Played) -> None:
    row = a_ticket(fleet)
    fleet.books.lost.append(Lost(row.kiosk, row.id, None, "it is not"))
    faults = reckoned_again(fleet)
    fleet.books.lost.pop()
    assert any(f"{row.id}: listed as lost, and at central" in fault for fault in faults)
    assert reckoned_again(fleet) == []


def test_a_season_is_the_same_for_the_same_seed_and_has_all_kinds_on_working_days() -> None:
    plan = draw(SEASON, 26)
    assert plan == draw(SEASON, 26)
    assert plan != draw(SEASON, 27)
    assert {event.kind for event in plan.events} == set(Kind)
    assert all(is_open(event.day) for event in plan.events)
