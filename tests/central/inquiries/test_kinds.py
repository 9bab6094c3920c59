"""What is asked of claims: seats left, a claim, its end by its paper; one that was never shown counts for nothing."""

from datetime import timedelta
from typing import Any

import pytest

from central.base import clock
from tests.central.claims.conftest import SERVICE, Office, office  # noqa: F401 - a fixture is had by its name
from tests.central.inquiries.test_inquiries import ask, question
from tests.kit.sender import Sender

AT = "2026-12-01T10:30"


async def asked(office: Office, sender: Sender, kind: str, body: dict[str, Any]) -> Any:  # noqa: F811
    response = await ask(office.stage, sender, question(kind, body))
    assert response.status_code == 200, response.text
    return response.json()


async def seats_left(office: Office, sender: Sender) -> dict[str, int]:  # noqa: F811
    found = await asked(office, sender, "seats", {"service": SERVICE, "from": "2026-12-01T00:00"})
    return {seat["at"][:16]: seat["left"] for seat in found["answer"]["seats"]}


async def test_a_claim_is_asked_for_and_ended_by_its_paper(office: Office) -> None:  # noqa: F811
    await office.publish()
    sender = await office.stage.enrolled()
    before = await seats_left(office, sender)
    made = await asked(office, sender, "claim", {"service": SERVICE, "at": AT, "who": "1234"})
    assert made["answer"].keys() == {"claim", "code", "digits", "at"}
    assert (await seats_left(office, sender)).get(AT, 0) == before[AT] - 1
    again = await asked(office, sender, "claim", {"service": SERVICE, "at": AT, "who": "1234"})
    assert again["answer"] == {"reason": "open-claim"}
    ended = await asked(office, sender, "claim-cancel", {"digits": made["answer"]["digits"]})
    assert ended["answer"] == {"claim": made["answer"]["claim"], "state": "cancelled"}
    nothing = await asked(office, sender, "claim-cancel", {"digits": "00000000"})
    assert nothing["answer"] == {"reason": "unknown-claim"}


async def test_a_claim_that_was_never_shown_leaves_its_seat_and_its_owner_free(office: Office) -> None:  # noqa: F811
    await office.publish()
    sender = await office.stage.enrolled()
    before = await seats_left(office, sender)
    one = question("claim", {"service": SERVICE, "at": AT, "who": "1234"})
    assert (await ask(office.stage, sender, one)).json()["state"] == "answered"
    assert (await ask(office.stage, sender, one | {"undo": True, "body": {}})).json()["state"] == "withdrawn"
    assert await seats_left(office, sender) == before
    for _ in range(2):  # as often as anybody may in a day
        other = await asked(office, sender, "claim", {"service": SERVICE, "at": AT, "who": "1234"})
        assert other["state"] == "answered"
        await asked(office, sender, "claim-cancel", {"code": other["answer"]["code"]})


async def test_a_kiosk_books_six_an_hour_and_a_desk_as_many_as_come(
    office: Office,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await office.publish()
    sender, other, hub = await office.stage.enrolled(), await office.stage.enrolled(), await office.stage.enrolled_hub()
    free = [at for at, left in (await seats_left(office, sender)).items() for _ in range(left)]

    async def book(by: Sender, who: int) -> Any:
        return await asked(office, by, "claim", {"service": SERVICE, "at": free[who], "who": f"{who:04}"})

    said = [await book(sender, who) for who in range(7)]
    assert [one["state"] for one in said] == ["answered"] * 6 + ["refused"]
    assert said[-1]["answer"] == {"reason": "too-many", "of": "machine"}
    assert (await book(other, 7))["state"] == "answered"
    assert [(await book(hub, who))["state"] for who in range(8, 15)] == ["answered"] * 7
    hour = office.now + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: hour)
    assert (await book(sender, 15))["state"] == "answered"


async def test_what_was_undone_unseen_counts_for_no_booking(office: Office) -> None:  # noqa: F811
    await office.publish()
    sender = await office.stage.enrolled()
    for who in range(8):
        one = question("claim", {"service": SERVICE, "at": AT, "who": f"{who:04}"})
        assert (await ask(office.stage, sender, one)).json()["state"] == "answered"
        await ask(office.stage, sender, one | {"undo": True, "body": {}})


async def test_what_cannot_be_read_is_refused_by_a_word(office: Office) -> None:  # noqa: F811
    await office.publish()
    sender = await office.stage.enrolled()
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("seats", {}),
        ("seats", {"service": SERVICE, "from": "soon"}),
        ("claim", {"service": SERVICE, "at": AT}),
        ("claim", {"service": SERVICE, "who": "1234"}),
        ("claim", {"service": SERVICE, "at": AT, "who": "1234", "people": 5}),
        ("claim-cancel", {}),
        ("claim-cancel", {"digits": "1234\x0078"}),
        ("claim-cancel", {"code": "SY1:\x00"}),
        ("claim", {"service": SERVICE, "at": AT, "who": "12\x00"}),
    ]
    for kind, body in wrong:
        assert (await asked(office, sender, kind, body))["answer"] == {"reason": "unreadable"}, (kind, body)
    far = await asked(office, sender, "claim", {"service": SERVICE, "at": "2027-06-01T10:30", "who": "1234"})
    assert (far["state"], far["answer"]) == ("refused", {"reason": "outside-window"})
    assert clock.now() == office.now
