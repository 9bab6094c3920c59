"""What the hub's machine and managers are told that needs a person, word by word."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from hub.api import health
from hub.engine.status import OverIssuing
from offline_store.alarms import raise_alarm
from tests.hub.api.conftest import Stage

COUNTERS = "central has published no counters for this centre: nobody can open one"
CLERKS = "central has named no clerks for this centre: nobody can log in"
RECALL = "this hub may lack who was called before it led: nobody is called until central is heard"
UNCONFIRMED = "neither central nor every other hub was heard: another hub may lead by now"


def silent(seconds: int) -> str:
    return f"the standby hub-2 has not pulled for {seconds} s: a dead hub would lose what came since"


def warnings(
    monkeypatch: pytest.MonkeyPatch,
    *,
    silent_s: float | None = None,
    over: tuple[OverIssuing, ...] = (),
    counters: bool = True,
    clerks: bool = True,
    recall_due: bool = False,
    unconfirmed: bool = False,
) -> list[str]:
    monkeypatch.setattr(health, "silent_hubs", lambda _: {} if silent_s is None else {"hub-2": silent_s})
    monkeypatch.setattr(health, "over_issuing", lambda _: list(over))
    centre = SimpleNamespace(is_set_up=counters, clerks={"clerk-1": None} if clerks else {})
    look = SimpleNamespace(
        centre=centre, is_recall_due=recall_due, alone_since="2026-11-25T09:00:00Z" if unconfirmed else None
    )
    return health._warnings(cast("Any", look))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, []),
        ({"counters": False}, [COUNTERS]),
        ({"clerks": False}, [CLERKS]),
        ({"recall_due": True}, [RECALL]),
        ({"unconfirmed": True}, [UNCONFIRMED]),
        ({"silent_s": 10.9}, [silent(10)]),
        ({"silent_s": 75.0}, [silent(75)]),
        ({"over": (OverIssuing("kiosk-1", 301),)}, ["kiosk kiosk-1 gave 301 numbers in ten minutes"]),
        (
            {"counters": False, "clerks": False, "recall_due": True, "unconfirmed": True, "silent_s": 11.0}
            | {"over": (OverIssuing("kiosk-1", 301), OverIssuing("kiosk-2", 999))},
            [
                COUNTERS, CLERKS, RECALL, UNCONFIRMED, silent(11),
                "kiosk kiosk-1 gave 301 numbers in ten minutes", "kiosk kiosk-2 gave 999 numbers in ten minutes",
            ],
        ),
    ],
)  # fmt: skip
def test_each_thing_that_needs_a_person_is_said_while_it_stands(
    monkeypatch: pytest.MonkeyPatch, state: dict[str, Any], expected: list[str]
) -> None:
    assert warnings(monkeypatch, **state) == expected


BEGUN = 2  # a life, and who leads


async def test_this_machine_hears_whole_how_the_hub_stands(stage: Stage) -> None:
    with stage.hall.hub.store.write() as connection:
        raise_alarm(connection, "clock-behind", "an hour", stage.hall.clock.now())
    ready = await stage.client.get("/readyz")
    assert (ready.status_code, ready.headers["cache-control"]) == (200, "no-store")
    said = ready.json()
    with stage.hall.hub.read() as look:  # its own beat may have written that nobody works here
        assert BEGUN <= said["holders"][0].pop("through") <= look.seq
    assert said == {
        "status": "ready", "leading": True, "term": 1, "warnings": [], "alarms": ["clock-behind"],
        "holders": [{"name": "hub-0001", "role": "leading", "at": "2026-11-25T09:00:00.000000Z"}],
    }  # fmt: skip
    alive = await stage.client.get("/healthz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    page = await stage.client.get("/metrics")
    assert page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
