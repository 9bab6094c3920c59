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
APPOINTMENTS: Mapping[str, Said] = {
    "seats": ("answered", SEATS, {}),
    "claim": ("answered", {"claim": MADE["claim"], "at": MADE["at"]}, MADE),
    "claim-cancel": ("answered", {"claim": MADE["claim"], "state": "cancelled"}, {}),
}
