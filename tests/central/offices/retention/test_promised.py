"""Which claims, seats and changes are over at a moment: those of before it, never the newest change."""

from typing import Any

from sqlalchemy import Integer, create_engine, insert, select
from sqlalchemy.sql.sqltypes import BigInteger, Boolean

from central.base.tables.claimed import claim_seats, claims, seat_changes, seats
from central.offices.retention import promised

BEFORE = "2026-11-25T10:00:00.000Z"
JUST_BEFORE, AT = "2026-11-25T09:59:59.999Z", BEFORE


def row(table: Any, **values: Any) -> dict[str, Any]:
    """A whole row: what is not named is 0 or empty."""
    made: dict[str, Any] = {}
    for column in table.columns:
        if not column.nullable:
            made[column.name] = 0 if isinstance(column.type, Integer | BigInteger | Boolean) else ""
    return made | values


def test_what_is_over_goes_and_what_is_of_the_moment_itself_stays() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for table in (claims, seats, seat_changes, claim_seats):
            table.create(connection, checkfirst=False)
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for name, at, change in (("old", JUST_BEFORE, 1), ("now", AT, 2), ("newest", JUST_BEFORE, 3)):
            connection.execute(insert(claims).values(row(claims, id=name, at=at, change=change, kind="booked")))
        for number, at in ((1, JUST_BEFORE), (2, AT)):
            connection.execute(insert(seats).values(row(seats, id=number, at=at, queue=str(number))))
        for number, day in ((1, "2026-11-24"), (2, "2026-11-25"), (3, "2026-11-26")):
            connection.execute(insert(seat_changes).values(row(seat_changes, id=number, day=day)))
        for claim in ("old", "gone"):
            connection.execute(insert(claim_seats).values(row(claim_seats, claim=claim, seat=1)))
        over = {
            one.what: [tuple(found) for found in connection.execute(select(*one.key).where(one.over))]
            for one in promised.sweeps(BEFORE)
        }
    engine.dispose()
    assert over == {"claims": [("old",)], "claim_seats": [("gone", 1)], "seats": [(1,)], "seat_changes": [(1,)]}
    assert all(one.becomes is None and not one.stays for one in promised.sweeps(BEFORE))
