"""The demo's citizen with a code before the scanner: what he reads, when he is asked, and what ends the play."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from demo.people import citizen as played
from demo.processes import DemoFailed
from tests.demo.people.conftest import Make, Scene
from tests.demo.people.made_up import screen

START = screen("start")


def held(made: Scene, *answers: SimpleNamespace | None) -> Callable[[str], None]:
    """Hold a code to the scanner, and have each of these come; None: nothing happens."""
    left, made.window.did = list(answers), []

    def hold(code: str) -> None:
        made.window.did.append(f"hold {code}")
        answer = left.pop(0)
        made.window.shown = answer or made.window.shown

    return hold


READING = screen("hold_code", failures=0)


async def test_he_holds_his_code_to_the_scanner_and_reads_the_answer(scene: Make) -> None:
    result = screen("result", outcome="accepted")
    made = scene(START, order=READING, done=[START, START])
    await made.citizen.hand_in(["C1"], held(made, None, result))
    assert made.window.did == ["order", "hold C1", "hold C1", "done"]
    assert (made.seen.outcome, made.seen.outcomes, made.looked) == (
        "accepted", ["accepted"], ["1-hold_code", "2-result"],
    )  # fmt: skip
    assert made.told == ["held the phone to the scanner: accepted"]


async def test_a_code_that_cannot_be_read_is_followed_by_the_next(scene: Make) -> None:
    made = scene(START, order=READING, done=START)
    twice = held(made, screen("hold_code", failures=1), screen("result", outcome="known"))
    await made.citizen.hand_in(["C1", "C2"], twice)
    assert made.window.did == ["order", "hold C1", "hold C2", "done"]
    assert (made.seen.outcomes, made.seen.outcome) == (["unreadable", "known"], "known")


async def test_a_scanner_that_never_answers_ends_the_play_after_six_tries(scene: Make) -> None:
    made = scene(START, order=READING)
    with pytest.raises(DemoFailed, match=r"^no answer to the code; the screen is hold_code$"):
        await made.citizen.hand_in(["C1"], held(made, *[None] * 6))
    assert made.window.did == ["order", *["hold C1"] * 6]


async def test_who_hesitates_is_asked_whether_he_is_still_there(scene: Make) -> None:
    made = scene(START, order=READING, more_time=READING, done=START)
    hold = held(made, screen("result", outcome="accepted"))
    look, taken = made.window.screenshot, list[Path]()

    def picture(path: Path) -> None:
        look(path)
        taken.append(path)
        if path.stem == "1-hold_code":
            made.window.shown = screen("still_there")

    made.window.screenshot = picture  # type: ignore[method-assign]
    await made.citizen.hand_in(["C1"], hold, hesitates=True)
    assert made.looked == ["1-hold_code", "2-still_there", "3-result"]
    assert made.window.did == ["order", "more_time", "hold C1", "done"]
    assert ("still_there", 60.0) in made.window.waits


async def test_he_sees_a_scanner_fail_and_work_again(scene: Make) -> None:
    def reading(works: bool) -> SimpleNamespace:
        return screen("hold_code", failures=0, scanner=SimpleNamespace(is_offered=works))

    made, did = scene(START, order=reading(works=True)), list[str]()

    def act(name: str, works: bool) -> Callable[[], None]:
        def now() -> None:
            did.append(name)
            made.window.shown = reading(works)

        return now

    await made.citizen.meet_broken_scanner(act("break", works=False), act("mend", works=True))
    assert (did, made.window.did, made.looked) == (["break", "mend"], ["order"], ["1-hold_code"])
    assert made.told == ["the scanner is out of order, and the screen says so; it is mended"]


async def test_he_may_order_where_the_button_stands_and_notices_a_sentence(
    scene: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(played, "Language", lambda code: SimpleNamespace(text=lambda msgid: f"{code} {msgid}"))
    made = scene(START)
    assert not made.citizen.can_order()
    made.window.stage.offer("order")
    assert made.citizen.can_order()
    made.window.stage.said = ["ar strip.no_orders"]
    await made.citizen.notice("strip.no_orders")
    assert (made.looked, made.seen.texts) == (["1-start"], {"1-start": ["ar strip.no_orders"]})
