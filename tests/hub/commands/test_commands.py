"""What the hub's commands do and say, in this process, over a hub that is open already."""

import pytest

from common.machine.errors import CannotBeDone
from hub.log.event import read_events
from hub.services.now import services_now
from tests.hub.commands.in_process import open_for_commands, rows, run
from tests.hub.hall import DAY, HUB_ID, Hall

BEGUN = ("life-began", "led", "work-switched", "day-opened")
"""What a hall's hub has noted by itself."""


@pytest.fixture(autouse=True)
def _opened(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    open_for_commands(monkeypatch, hall)


def test_a_service_is_interrupted_and_works_again_in_json_and_in_a_sentence(hall: Hall) -> None:
    stopped = rows("interrupt", "clearance", "--reason", "registry-line", "--until", "11:30", "--json")
    standing = {"service": "clearance", "state": "interrupted", "reason": "registry-line", "until": "11:30"}
    assert [{name: row[name] for name in standing} for row in stopped] == [standing]
    assert [row["by"] for row in stopped] == ["console"]
    with hall.hub.read() as look:
        told = {one.service: one.state for one in services_now(look)}
    assert rows("services") == rows("services", "--json")
    assert {row["service"]: row["state"] for row in rows("services")} == told
    assert told["clearance"] == "interrupted"
    assert set(told.values()) == {"interrupted", "working"}
    assert run("works-again", "clearance") == "clearance works\n"
    assert run("interrupt", "clearance", "--reason", "registry-line") == "clearance stands still: registry-line\n"
    (works,) = rows("works-again", "clearance", "--json")
    assert (works["service"], works["state"], works["reason"]) == ("clearance", "working", None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("interrupt", "clearance", "--reason", "registry-line", "--until", "25:00"), "--until 25:00: expected"),
        (("interrupt", "clearance", "--reason", "none"), "reason: none is none of "),
        (("interrupt", "none", "--reason", "registry-line"), "none"),
        (("works-again", "none"), "none"),
        (("board", "none"), "none"),
        (("modem",), "no modem is set up: [modem] in hub.toml"),
        (("follow",), "this hub leads, under term 1: run `hub serve`; it follows once another is promoted"),
    ],
)
def test_what_a_command_cannot_do_it_says_and_nothing_happens(hall: Hall, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CannotBeDone) as refused:
        run(*words)
    assert said in str(refused.value)
    with hall.hub.store.read() as connection:
        assert [one.kind for one in read_events(connection) if one.kind not in BEGUN] == []


def test_a_day_is_closed_and_says_how_many_are_carried(hall: Hall) -> None:
    hall.press(1, "open")
    for _ in range(3):
        hall.kiosks[0].give()
    assert hall.called(1) is not None
    (closed,) = rows("close-day", "--json")
    assert (closed["business_day"], closed["carried"]) == (DAY, 2)
    assert run("close-day") == f"the day {DAY} is closed; 0 of those who waited come first on a later day\n"


def test_a_board_is_named_listed_and_forgotten() -> None:
    assert run("board") == "boards that count: none\n"
    assert rows("board", "10.0.0.9", "--json") == [{"boards": ["10.0.0.9"]}]
    assert run("board", "10.0.0.10") == "boards that count: 10.0.0.10, 10.0.0.9\n"
    assert rows("board", "10.0.0.9", "--forget", "--json") == [{"boards": ["10.0.0.10"]}]
    assert run("board") == "boards that count: 10.0.0.10\n"


def test_events_are_listed_after_a_number_and_status_and_version_are_one_object(hall: Hall) -> None:
    hall.press(1, "open")
    given = hall.kiosks[0].give()
    hall.called(1)
    listed = rows("events")
    assert [row["seq"] for row in listed] == list(range(1, len(listed) + 1))
    assert [row["kind"] for row in listed] == [*BEGUN, "counter-opened", "arrived", "called"]
    last = listed[-1]
    assert (last["kind"], last["ticket"], last["number"], last["counter"]) == ("called", given.id, given.number, 1)
    of_event = {"seq", "term", "kind", "kiosk", "ticket", "number", "counter", "press", "at"}
    assert set(last) == of_event | {"hub", "life", "late"}
    assert not last["late"]
    assert {(row["life"], row["hub"]) for row in listed} == {(hall.hub.life, HUB_ID)}
    assert rows("events", "--after", str(last["seq"] - 1)) == [last]
    (status,) = rows("status")
    assert status["led"] == {"term": 1, "hub": HUB_ID, "by": None, "at": listed[0]["at"]}
    assert status["life"] == hall.hub.life
    assert (status["term"], [one["state"] for one in status["counters"]]) == (1, ["called", "closed", "closed"])
    assert rows("wanted-version") == [{"version": None, "due": False}]
    with hall.hub.any_act() as act:
        act.begin_life("started", asks=False)
    assert [(row["life"], row["hub"]) for row in rows("events", "--after", str(last["seq"]))] == [
        (hall.hub.life, HUB_ID)
    ]
