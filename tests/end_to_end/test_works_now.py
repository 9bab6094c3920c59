"""From a clerk's press to tile, board and public page, from a hub's silence to "no news", and a manager's day of seats.

Central, hub, both forwarders and their files are those of a centre; the times are promises, not speed.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

import httpx2
import pytest

from central.base.clock import CENTRE_TIME
from demo.centre import CENTRE, SEATS
from tests.end_to_end.town import SERVICE, Town, town_in, within

pytestmark = [pytest.mark.proof, pytest.mark.timeout(300)]
TILE_S, BOARD_S, PUBLIC_S, SILENT_S = 5, 2, 15, 60
TIMES: Final = 6


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_in(tmp_path_factory.mktemp("town")) as found:
        yield found


def becomes(read: Callable[[], object], wanted: object) -> Callable[[], bool]:
    return lambda: read() == wanted


def test_a_press_is_seen_at_tile_board_and_public_page_in_time(town: Town) -> None:
    for turn in range(TIMES):
        is_stopped = turn % 2 == 0
        wish = {"state": "interrupted", "reason": "registry-line"} if is_stopped else {"state": "working"}
        assert town.page.client.put(f"/v1/services/{SERVICE}", json=wish).status_code == 200
        pressed = time.monotonic()

        def left(promised_s: float, since: float = pressed) -> float:
            return promised_s - (time.monotonic() - since)

        within(left(BOARD_S), becomes(town.at_the_board, is_stopped))
        within(left(TILE_S), becomes(town.at_the_kiosk, is_stopped))
        within(left(PUBLIC_S), becomes(town.service_outside, wish["state"]))
        within(left(PUBLIC_S), becomes(town.on_the_page, is_stopped))


def test_what_central_stops_stands_still_in_the_hall_within_half_a_minute(town: Town) -> None:
    town.there.command("interrupt", SERVICE, "--reason", "registry-line")
    within(30, lambda: town.at_the_board() and town.at_the_kiosk())
    found = next(json.loads(line) for line in town.there.command("now").splitlines() if "homs-main" in line)
    assert found["centre"] == "homs-main"
    within(PUBLIC_S, lambda: town.service_outside() == "interrupted")
    town.there.command("works-again", SERVICE)
    within(30, lambda: not town.at_the_board())


def test_a_hub_that_says_nothing_is_no_news_within_a_minute(town: Town) -> None:
    town.processes.kill("hub-forward")
    try:
        within(SILENT_S, lambda: town.outside()["state"] == "unknown")
        found = town.outside()
        assert (found["groups"], {one["state"] for one in found["services"]}) == ([], {"unknown"})
    finally:
        town.starts_telling()


def test_a_manager_changes_a_day_at_the_hub_and_central_gives_no_more_until_it_is_taken_back(town: Town) -> None:
    day = (datetime.now(CENTRE_TIME) + timedelta(days=1)).date().isoformat()
    rules = {"same_day_share": 0}  # none is kept back for the day itself
    town.there.command("publish", "seats", "-", stdin=json.dumps({"centre": CENTRE, "rules": rules, "plan": SEATS}))

    def asks(call: str, **more: object) -> httpx2.Response:
        return town.manager.client.post(call, json={"key": str(uuid.uuid4())} | more, timeout=60)

    def planned() -> set[int]:
        lines = town.there.command("seats", "--centre", CENTRE, "--day", day).splitlines()
        return {one["capacity"] for one in map(json.loads, lines) if one["group"] == "A"}

    def book(time_of_day: str, who: str) -> httpx2.Response:
        at = datetime.fromisoformat(f"{day}T{time_of_day}").replace(tzinfo=CENTRE_TIME).isoformat()
        return asks("/v1/appointments", service=SERVICE, at=at, who=who)

    booked = book("10:30", "1234")
    assert booked.status_code == 201, booked.text
    wish = {"day": day, "group": "A", "at": None, "seats": 0, "key": str(uuid.uuid4())}
    changed = [asks("/v1/capacity", **wish).json() for _ in range(2)]
    assert changed[0] == changed[1], "a press that is repeated is one change"
    assert [one["by"].partition("/")[2] for one in changed[0]["changes"]] == ["سامر"]
    assert planned() == {0}
    assert book("11:00", "5678").json()["type"].endswith("appointment-slot-full")
    back = asks("/v1/capacity/back", day=day, group="A", change=changed[0]["change"]).json()
    assert back["changes"] == []
    assert planned() == {1}
    assert sum(one["booked"] for one in back["half_hours"]) == 1, "what was promised outlives it"
    assert asks("/v1/appointments/ends", digits=booked.json()["digits"]).status_code == 200
