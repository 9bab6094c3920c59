"""What central answers who asks for an appointment, in the tests of kiosk and hub."""

from collections.abc import Mapping

from tests.kit.answering_rows import Said

SEATS = {"seats": [
    {"at": "2026-11-26T10:00:00+03:00", "minutes": 15, "left": 1},
    {"at": "2026-11-26T10:15:00+03:00", "minutes": 15, "left": 0},
    {"at": "2026-11-26T11:30:00+03:00", "minutes": 15, "left": 2},
    {"at": "2026-11-29T09:00:00+03:00", "minutes": 15, "left": 2},
]}  # fmt: skip
MADE = {"claim": "ab" * 16, "at": "2026-11-26T11:30:00+03:00", "code": "SY1:CODE", "digits": "12345674"}
DAY_OF_SEATS = {
    "day": "2026-11-26",
    "half_hours": [
        {"group": "A", "at": "10:00", "planned": 4, "booked": 3, "arrived": 1, "missed": 1},
        {"group": "A", "at": "10:30", "planned": 4, "booked": 0, "arrived": 0, "missed": 0},
    ],
    "changes": [{
        "id": 7, "group": "A", "day": "2026-11-26", "at": "10:00", "seats": 4, "by": "hub:h/manager-1",
        "made_at": "2026-11-26T07:00:00.000000Z",
    }],
}  # fmt: skip
APPOINTMENTS: Mapping[str, Said] = {
    "seats": ("answered", SEATS, {}),
    "claim": ("answered", {"claim": MADE["claim"], "at": MADE["at"]}, MADE),
    "claim-cancel": ("answered", {"claim": MADE["claim"], "state": "cancelled"}, {}),
    "day-seats": ("answered", DAY_OF_SEATS, {}),
    "capacity": ("answered", DAY_OF_SEATS | {"change": 8}, {}),
}
