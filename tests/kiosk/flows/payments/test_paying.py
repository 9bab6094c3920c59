"""How a payment's code on the screen ends: by what is touched, by what central says, or by what nobody says."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import pytest

from kiosk.flows.payments import paying
from kiosk.prompts.choosing import Done


class Try:
    """A payment that stands as the test says; each look at the screen is answered out of a list."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, state: str, *answers: Any, **more: Any) -> None:
        self.answers, self.asked, self.once_more, self.let_go = list(answers), list[Any](), 0, 0
        self.slept: list[float] = []
        self.following = SimpleNamespace(
            now=SimpleNamespace(state=state, show=more.get("show", "code"), payer="bank", biller="water", bill_no="B1",
                                payment="p1"),
            lost=more.get("lost"), is_over=more.get("is_over", False), asked=SimpleNamespace(id="a1"),
        )  # fmt: skip
        self.one = cast("Any", SimpleNamespace(
            now=self.following.now, following=self.following, names=None, setup=None,
            late_days=more.get("late_days", 0), paying=SimpleNamespace(seconds_left=lambda _: 42),
            lacks_seal=lambda: more.get("lacks_seal", False),
        ))  # fmt: skip
        self.ctx = cast("Any", SimpleNamespace(sleep=self._sleep))
        monkeypatch.setattr(paying, "_asked_while", self._asked)
        monkeypatch.setattr(paying, "_ask_once_more", self._once_more)
        monkeypatch.setattr(paying, "ending_of", lambda *given: ("ended", given[1].state, given[2]))
        monkeypatch.setattr(paying, "amount_text", lambda _: "100")
        monkeypatch.setattr("kiosk.flows.payments.asked.payer_names", lambda *_: {"en": "Bank"})

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        try:
            await asyncio.Event().wait()
        finally:
            self.let_go += 1

    async def _asked(self, _ctx: Any, _one: Any, prompt: Any, ends: Any = None) -> Any:
        self.asked.append((type(prompt).__name__, ends is not None))
        await asyncio.sleep(0)
        answer = self.answers.pop(0)
        if isinstance(answer, str) and answer.startswith("now:"):
            self.following.now.state = answer.removeprefix("now:")
            return None
        return answer

    async def _once_more(self, *_: Any) -> None:
        self.once_more += 1

    async def shown(self) -> Any:
        return await paying._shown(self.ctx, self.one)


@pytest.mark.parametrize("state", ["inquired", "opened"])
@pytest.mark.parametrize(
    ("answer", "late_days", "ending"), [("counter", 0, "counter"), (Done(), 0, "reference"), (Done(), 5, "bank")]
)
async def test_who_touches_while_the_code_is_shown_leaves_by_counter_or_with_its_reference(
    monkeypatch: pytest.MonkeyPatch, state: str, answer: Any, late_days: int, ending: str
) -> None:
    scene = Try(monkeypatch, state, None, answer, late_days=late_days)
    assert await scene.shown() == ending
    assert scene.asked == [("PayCode", False)] * 2
    assert (scene.slept, scene.once_more) == ([], 0)


@pytest.mark.parametrize(
    ("more", "once_more"), [({"show": None}, 0), ({"lost": "timed-out"}, 1), ({"show": None, "lacks_seal": True}, 1)]
)
async def test_without_a_code_or_a_word_it_ends_as_it_stands_and_central_is_asked_where_something_lacks(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], once_more: int
) -> None:
    scene = Try(monkeypatch, "opened", late_days=3, **more)
    assert await scene.shown() == ("ended", "opened", 3)
    assert (scene.asked, scene.once_more) == ([], once_more)


async def test_a_question_that_is_over_waits_for_the_end_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Try(monkeypatch, "opened", None, "counter", is_over=True)
    assert await scene.shown() == "counter"
    assert scene.asked == [("PayCode", True)] * 2
    await asyncio.sleep(0)
    assert (scene.slept, scene.let_go) == ([42.0] * 2, 2)  # nothing goes on waiting for a code that nobody sees


@pytest.mark.parametrize(
    ("answers", "ending"),
    [
        (["now:paid", "now:marked"], ("ended", "marked", 0)),
        (["now:paid", None, Done()], "entering"),
        (["now:expired"], ("ended", "expired", 0)),
    ],
)
async def test_what_is_paid_is_waited_for_to_be_entered(
    monkeypatch: pytest.MonkeyPatch, answers: list[Any], ending: Any
) -> None:
    scene = Try(monkeypatch, "opened", *answers)
    assert await scene.shown() == ending
    assert scene.answers == []
    waiting = [("PaidWaiting", True)] * (len(answers) - 1)
    assert scene.asked == [("PayCode", False), *waiting]


@pytest.mark.parametrize(
    ("late_days", "state", "ending"), [(3, "paid", "bank"), (0, "paid", "entering"), (0, "opened", "reference")]
)
async def test_a_payment_that_is_left_has_its_paper_and_is_told(
    monkeypatch: pytest.MonkeyPatch, late_days: int, state: str, ending: str
) -> None:
    scene = Try(monkeypatch, state, late_days=late_days)
    printed = mock.AsyncMock(return_value="printed")
    monkeypatch.setattr(paying, "print_paper", printed)
    scene.one.paying.tell, scene.one.is_told = mock.Mock(), False
    await paying._leave(scene.ctx, scene.one)
    assert printed.await_args is not None
    assert printed.await_args.args[-1] == ending
    scene.one.paying.tell.assert_called_once_with("p1", state, "printed")
    assert scene.one.is_told is True
