"""What managers wish by the hub's own page: whole answers, what each leaves, and whom it is refused."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from hub.log import tables
from hub.log.event import read_events
from tests.hub.api.conftest import MANAGER_PIN, OTHER_PIN, Stage
from tests.hub.hall import DAY


async def asked(
    stage: Stage, method: str, path: str, body: Any = None, *, who: dict[str, str] | None = None
) -> tuple[int, Any]:
    session = who if who is not None else await stage.session(None, MANAGER_PIN)
    answer = await stage.client.request(method, path, json=body, headers=session)
    stage.client.cookies.clear()
    if answer.status_code == 200:
        assert answer.headers["cache-control"] == "no-store"
        said = answer.json()
        said.pop("facts", None)  # see test_commits
        return 200, said
    return answer.status_code, (answer.json()["type"].removeprefix("/problems/"), answer.json()["detail"])


async def test_a_manager_opens_and_closes_days(stage: Stage) -> None:
    stage.hall.kiosks[0].give("A")
    wish = "open, undo or close: one of them must be asked for"
    assert await asked(stage, "PUT", "/v1/day", {}) == (422, ("no-wish", wish))
    assert await asked(stage, "PUT", "/v1/day", {"close": True}) == (200, {"business_day": DAY, "closed": True})
    assert await asked(stage, "PUT", "/v1/day", {"open": "2026-02-30"}) == (
        422, ("no-date", "open: 2026-02-30 is no date"),
    )  # fmt: skip
    opened = {"business_day": "2026-11-26", "closed": False}
    assert await asked(stage, "PUT", "/v1/day", {"open": "2026-11-26"}) == (200, opened)
    with stage.hall.hub.store.read() as connection:
        clerks = {one.clerk for one in read_events(connection) if one.kind in ("day-opened", "day-closed")}
    assert clerks == {None, "manager-1"}


async def test_a_manager_sets_counters_and_the_rule(stage: Stage) -> None:
    hall = stage.hall
    session = await stage.session(1)
    assert (await stage.press(1, session, {"press": "open"})).status_code == 200
    standing = {"number": 1, "state": "open", "must_resume": False}
    assert await asked(stage, "PUT", "/v1/counters", {"number": 1, "groups": ["C"]}) == (200, standing)
    with hall.hub.read() as look:
        assert look.centre.counters[1].groups == ["C"]
    closed = standing | {"state": "closed"}
    assert await asked(stage, "PUT", "/v1/counters", {"number": 1, "close": True}) == (200, closed)
    assert (await stage.press(1, session, {"press": "open"})).status_code == 401, "its session has ended"
    with hall.act() as act:
        act.connection.execute(tables.counters.update().values(must_resume=1, state="open"))
    released = await asked(stage, "PUT", "/v1/counters", {"number": 1, "release": True})
    assert released == (200, standing)
    weight = {"priority_weight": 3.0, "help_after_s": hall_rule(stage)}
    assert await asked(stage, "PUT", "/v1/rules", {"priority_weight": 3}) == (200, weight)
    assert await asked(stage, "PUT", "/v1/rules", {"help_after_s": 0}) == (200, weight | {"help_after_s": 0})
    assert await asked(stage, "PUT", "/v1/rules", {}) == (200, weight | {"help_after_s": 0})


def hall_rule(stage: Stage) -> int:
    with stage.hall.hub.read() as look:
        return int(look.centre.rules.help_after_s)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/rules", {"priority_weight": 0.9}), ("/v1/rules", {"priority_weight": 100.1}),
        ("/v1/rules", {"help_after_s": -1}), ("/v1/rules", {"help_after_s": 86_401}),
        ("/v1/counters", {"number": 1, "groups": []}), ("/v1/counters", {"number": 0}),
        ("/v1/counters", {"number": 1, "other": 1}), ("/v1/day", {"open": "tomorrow"}),
    ],
)  # fmt: skip
async def test_a_wish_beyond_its_bounds_is_no_wish(stage: Stage, path: str, body: dict[str, Any]) -> None:
    status, (code, _) = await asked(stage, "PUT", path, body)
    assert (status, code) == (400, "bad-request")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/v1/day", {"close": True}), ("PUT", "/v1/counters", {"number": 1, "close": True}),
        ("PUT", "/v1/rules", {"help_after_s": 5}), ("POST", "/v1/by-hand", {"ranges": [{"to": "A1001"}]}),
        ("GET", "/v1/waiting", None),
    ],
)  # fmt: skip
async def test_nobody_but_a_manager_wishes(stage: Stage, method: str, path: str, body: Any) -> None:
    clerk = await stage.session(2, OTHER_PIN)
    assert (await asked(stage, method, path, body, who=clerk))[0] == 403
    assert (await asked(stage, method, path, body, who={}))[0] == 401
    with stage.hall.hub.store.read() as connection:
        kinds = {one.kind for one in read_events(connection)}
    assert not kinds & {"day-closed", "counter-closed", "rules-set", "by-hand", "list-seen"}


async def test_numbers_that_were_called_by_voice_are_ended_once(stage: Stage) -> None:
    given = [stage.hall.kiosks[0].give("A") for _ in range(3)]
    body = {"ranges": [{"to": "A1002"}]}
    assert await asked(stage, "POST", "/v1/by-hand", body) == (200, {"entered": 2, "unconfirmed": False})
    assert await asked(stage, "POST", "/v1/by-hand", body) == (200, {"entered": 0, "unconfirmed": False})
    assert [stage.hall.ticket(one.id).end for one in given] == ["by-hand", "by-hand", None]


async def test_the_list_of_those_who_wait_is_printed_and_that_it_was_is_in_the_log(stage: Stage) -> None:
    stage.hall.kiosks[0].give("C")
    stage.hall.passes(61)
    as_of = stage.hall.clock.now().text
    status, found = await asked(stage, "GET", "/v1/waiting")
    (row,) = found["waiting"]
    assert (status, found["as_of"]) == (200, as_of)
    assert row.pop("names")["en"] == "Pay a water bill"
    assert row == {"number": "C1001", "service": "water-bill", "group": "C", "waited_s": 61}
    with stage.hall.hub.store.read() as connection:
        seen = [(one.clerk, one.read_body().detail) for one in read_events(connection) if one.kind == "list-seen"]
    assert seen == [("manager-1", {"counter": None})]


async def test_who_says_first_that_he_goes_to_somebody_goes(stage: Stage) -> None:
    call = "5b1f6f0a-1111-4c3e-9d2a-000000000001"
    with stage.hall.hub.store.write() as connection:
        row = {"id": call, "kiosk": "kiosk-1", "asked_line": 0, "asked_at": "x"}
        connection.execute(insert(tables.help_calls), [row, row | {"id": "other"}])
    first, second = await stage.session(1), await stage.session(2, OTHER_PIN)
    path = f"/v1/help/{call}/acknowledged"
    for who in (first, second):
        assert await asked(stage, "POST", path, who=who) == (200, {"id": call, "seen_by": "clerk-1"})
    assert (await asked(stage, "POST", path, who={}))[0] == 401
    unknown = (404, ("no-such-call", "there is no such call for staff"))
    assert await asked(stage, "POST", "/v1/help/none/acknowledged", who=first) == unknown
    with stage.hall.hub.store.read() as connection:
        columns = tables.help_calls.c
        assert dict(connection.execute(select(columns.id, columns.seen_by)).all()) == {call: "clerk-1", "other": None}
