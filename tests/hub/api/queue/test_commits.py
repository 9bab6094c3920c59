"""POST /v1/commits: what one hub was told stands at the hub that leads after it, but for what was said here since."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from common.protocol.envelope import QueueBody, decode_body
from common.protocol.feed_message import HubRecord, Hubs
from hub.api.commits import NO_COUNTER, committed
from hub.api.signing import press_signature
from hub.engine import managing
from hub.engine.act import Act
from hub.engine.centre import Interruption
from hub.engine.days import serve
from hub.engine.presses.by_hand import enter_by_hand
from hub.engine.presses.press import NumberRange
from hub.log import tables
from hub.log.event import read_events
from hub.log.facts import MOST
from hub.log.reading import find_day, label_of
from hub.services.interrupting import interrupt, works_again
from offline_store.issuing.business_day import open_day
from tests.hub.api.conftest import HUB_KEY, URL, Stage, public
from tests.hub.api.test_takeover import OTHER
from tests.hub.hall import CENTRE, DAY, HUB_ID, Hall, open_hall, said

type Told = dict[str, Any]


@pytest.fixture
def former(stage: Stage, tmp_path: Path) -> Iterator[Hall]:
    """A hub that led until now: a page was told by it, and this hub has nothing of its log."""
    records = [HubRecord(HUB_ID, URL, public(HUB_KEY)), HubRecord("hub-0002", URL, public(OTHER))]
    said(stage.hall.hub, Hubs(CENTRE, records), 5)
    hall = open_hall(tmp_path / "former", stage.hall.clock, hub_id="hub-0002")
    hall.set_up({1: ["A", "B"], 2: ["A"]})
    yield hall
    hall.hub.store.close()


def asked(hall: Hall, *works: Callable[[Act], object]) -> list[Told]:
    """Do what a page asks of a hub, each in its turn; return what the page keeps of the answers."""
    kept = []
    for work in works:
        with hall.act() as act:
            act.clerk = "manager-1"
            answer = committed(act, {"said": str(work(act))})
        kept.append({"answer": _signed(answer.body, answer.term)})
    return kept


def _signed(body: bytes, term: int, hub: str = "hub-0002") -> Told:
    class Signs:
        hub_id, key = hub, OTHER

    signs: Any = Signs()
    signature = press_signature(signs, term, NO_COUNTER, "", 200, body)
    return {"status": 200, "body": body.decode(), "signature": signature}


async def tells(stage: Stage, *facts: Told) -> tuple[int, Any]:
    answer = await stage.client.post("/v1/commits", json={"facts": facts})
    return answer.status_code, answer.json()


def stops(act: Act) -> object:
    return interrupt(act, "civil-affairs", Interruption("registry-line", "clerk-1"))


def works(act: Act) -> object:
    return works_again(act, "civil-affairs", "clerk-1")


def stopped(stage: Stage) -> list[str]:
    with stage.hall.hub.read() as look:
        return [*look.centre.interrupted]


async def test_a_service_that_stood_still_stands_still_and_is_told_once(stage: Stage, former: Hall) -> None:
    told = asked(former, stops)
    changes = stage.serving.changes.count
    status, answer = await tells(stage, *told)
    with stage.hall.hub.read() as look:
        stopped_at = next(one.seq for one in read_events(look.connection) if one.kind == "service-interrupted")
    assert (status, answer) == (200, {"taken": 1, "term": 1, "seq": stopped_at})
    assert stage.serving.changes.count > changes
    assert stopped(stage) == ["civil-affairs"]
    assert _told_central(stage) == [("service-interrupted", "clerk-1")], "by whom, as if it had been said here"
    assert (await tells(stage, *told))[1]["taken"] == 0


@pytest.mark.parametrize("earlier_first", [True, False])
async def test_the_later_word_stands_whichever_page_tells_first(
    stage: Stage, former: Hall, earlier_first: bool
) -> None:
    told = asked(former, stops, works)
    for one in told if earlier_first else reversed(told):
        await tells(stage, one)
    assert stopped(stage) == []


async def test_what_was_said_here_since_stands(stage: Stage, former: Hall) -> None:
    told = asked(former, stops)
    with stage.hall.act() as act:
        stops(act)
    with stage.hall.act() as act:
        works(act)
    assert (await tells(stage, *told))[1]["taken"] == 0
    assert stopped(stage) == []


async def test_what_a_manager_set_stands(stage: Stage, former: Hall) -> None:
    stage.hall.press(2, "open")
    for _ in range(3):
        former.press(2, "open")
        former.press(2, "pause")
    told = asked(
        former,
        lambda act: managing.set_rules(act, {"help_after_s": 77}),
        lambda act: managing.set_groups(act, 2, ["B"]),
        lambda act: managing.close_counter(act, 2),
        lambda act: managing.name_board(act, "10.0.0.9", counts=True),
    )
    await tells(stage, *told)
    with stage.hall.hub.read() as look:
        assert look.centre.rules.help_after_s == 77
        assert look.centre.counters[2].groups == ["B"]
        assert look.centre.boards == {"10.0.0.9"}
    assert stage.hall.counter(2).state == "closed"


async def test_numbers_that_were_entered_as_called_by_voice_have_ended(stage: Stage, former: Hall) -> None:
    given = stage.hall.kiosks[0].give("A")
    told = asked(former, lambda act: enter_by_hand(act, None, [NumberRange(to="A1009")]))
    assert [(await tells(stage, *told))[1]["taken"] for _ in range(2)] == [2, 0]
    assert stage.hall.ticket(given.id).end == "by-hand"


async def test_a_day_that_was_closed_and_the_next_that_was_opened(stage: Stage, former: Hall) -> None:
    waits = stage.hall.kiosks[0].give("A")
    former.kiosks[0].give("A")
    told = asked(former, managing.close_day)
    await tells(stage, *told)
    with stage.hall.hub.read() as look:
        found = find_day(look.connection, look.day)
    assert found is not None
    assert found.is_closed
    assert stage.hall.ticket(waits.id).end == "carried"
    tomorrow = (stage.hall.clock.wall + timedelta(days=1)).date().isoformat()
    told += asked(former, lambda act: managing.open_day(act, tomorrow))
    for _ in range(2):
        await tells(stage, *told)
        with stage.hall.hub.read() as look:
            found = find_day(look.connection, look.day)
        assert found is not None
        assert (found.label, found.is_closed) == (tomorrow, False)


async def test_only_what_a_hub_of_the_centre_signed_counts(stage: Stage, former: Hall) -> None:
    (told,) = asked(former, stops)
    answer = told["answer"]
    for changed, status in (
        ({"answer": answer | {"body": answer["body"].replace("registry-line", "power")}}, 422),
        ({"answer": _signed(answer["body"].encode(), 1, "hub-0077")}, 422),
        ({"answer": _signed(answer["body"].encode(), 2)}, 409),
        ({"answer": answer, "counter": 1}, 422),
        ({"answer": _signed(b'{"facts":{"life":"x","term":1,"said":[{"seq":0}]}}', 1)}, 422),
        ({"answer": _signed(b"[", 1)}, 422),
        ({"answer": answer | {"signature": "x"}}, 400),
        ({"answer": answer, "more": 1}, 400),
    ):
        assert (await tells(stage, changed))[0] == status, changed
    assert stopped(stage) == []
    with stage.hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    assert (await tells(stage, told))[0] == 503


async def test_a_day_that_was_opened_by_a_slip_and_taken_back_is_as_before(stage: Stage, former: Hall) -> None:
    """Also where more people waited than an answer bears facts: they follow from the day."""
    waits = [stage.hall.kiosks[0].give("A").id for _ in range(MOST + 5)]
    for _ in waits:
        former.kiosks[0].give("A")
    tomorrow = (stage.hall.clock.wall + timedelta(days=1)).date().isoformat()
    told = asked(former, lambda act: managing.open_day(act, tomorrow), lambda act: managing.undo_day(act, tomorrow))
    assert len(stage.hall.waiting()) == len(waits)
    await tells(stage, told[0])
    assert stage.hall.waiting() == []
    await tells(stage, told[1])
    assert stage.hall.waiting() == waits
    with stage.hall.hub.read() as look:
        assert label_of(look.connection, look.day) == DAY


async def test_a_day_that_no_manager_opened_is_opened_by_no_page(stage: Stage, former: Hall) -> None:
    """What falls due within somebody's act is not his: here it comes by this hub's own clock, or from central."""
    stage.hall.kiosks[0].give("A")
    tomorrow = (stage.hall.clock.wall + timedelta(days=1)).date().isoformat()

    def falls_due(act: Act) -> None:
        day, act.head = open_day(act.connection, act.head, tomorrow, "clock", act.stamp)
        serve(act, day.id, day.date)

    told = asked(former, falls_due)
    assert (await tells(stage, *told)) == (200, {"taken": 0, "term": 1, "seq": _seq(stage)})


def _told_central(stage: Stage) -> list[tuple[str, str | None]]:
    with stage.hall.hub.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM items WHERE kind = 'queue' ORDER BY seq").scalars()
        said = [decode_body("queue", row) for row in rows]
    return [(one.event, one.clerk) for one in said if isinstance(one, QueueBody) and one.service is not None]


def _seq(stage: Stage) -> int:
    with stage.hall.hub.read() as look:
        return int(look.seq)
