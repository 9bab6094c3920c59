"""Plays a case of `cases.json` by the pages as the town tells them again."""

import json
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, Final

from tests.town.board_page import BoardPage
from tests.town.counter_page import CounterPage
from tests.town.net import Answer, Net, Unheard
from tests.town.page import Page

OWN: Final = "https://hub-1.test"
DAY: Final = "2026-11-22"


class Answers(Net):
    """A net that gives what it was told to: by address, or one after the other."""

    def __init__(self, given: dict[str, Any] | list[Any]) -> None:
        super().__init__(Random(0))
        self._given = given
        self.asked: list[tuple[dict[str, str], dict[str, Any]]] = []

    async def ask(
        self, method: str, url: str, headers: dict[str, str], body: bytes = b"", *, patience_s: float = 10.0
    ) -> Answer:
        """See Net."""
        if isinstance(self._given, dict):
            said = self._given.get(url.removesuffix("/v1/hub"))
            answer = None if said is None else Answer(200, [], json.dumps(said).encode())
        else:
            self.asked.append((headers, json.loads(body)))
            answer = self._given.pop(0)
        if answer is None:
            raise Unheard("lost")
        return answer


def answer_of(status: int, said: object, **headers: str) -> Answer:
    """Compose an answer with the hub's headers."""
    return Answer(
        status, [(name.replace("_", "-"), value) for name, value in headers.items()], json.dumps(said).encode()
    )


def _counter(net: Net, number: int) -> CounterPage:
    return CounterPage(net, Random(0), [OWN], OWN, number)


def seen(see: dict[str, Any]) -> dict[str, Any]:
    """Return the view that a step of a board's case stands for."""
    calls = [{"seq": seq, "at": f"{DAY}T{at}.000000Z", "number": "A1001", "counter": 1} for seq, at in see["calls"]]
    return see | {"calls": calls, "hubs": []}


async def board(case: dict[str, Any]) -> list[list[int]]:
    """Return what each step announces, by its count."""
    page = BoardPage(Net(Random(0)), Random(0), [OWN], OWN)
    said: list[list[int]] = []
    page.on_call = lambda call: said[-1].append(call["seq"])
    for step in case["steps"]:
        said.append([])
        if "see" in step:
            page.view = seen(step["see"])
            await page.see()
        elif "type" in step:
            page.turn_to(step["type"])
        else:
            await _taken_to(page, step["move"])
    return said


async def _taken_to(page: Page, address: str) -> None:
    said = {"hub": "hub-z", "term": 99, "leading": True, "statement": None}
    page._net, page._hubs = Answers({address: said}), {address: "hub-z"}
    assert await page.go_where_one_leads()


async def leader(case: dict[str, Any]) -> str | None:
    """Return where the page goes."""
    page = Page(Net(Random(0)), Random(0), [], case["own"])
    page._hubs = {address: name for name, address in case["hubs"]}
    for answers in case["looks"]:
        page._net = Answers(answers)
        assert await page.go_where_one_leads() == (page.origin != case["own"])
    return page.origin if page.origin != case["own"] else None


async def followed(case: dict[str, Any]) -> dict[str, Any] | None:
    """Return the word that is kept."""
    page = _counter(Net(Random(0)), 1)
    for said in case["heard"]:
        page.heard_leader(said)
    return page.here.followed


async def press(case: dict[str, Any]) -> dict[str, Any]:
    """Return what was sent, and what became of it; each try takes `tries_s`, and `lines`: is a hub heard."""
    said = {"counter": {"version": 9, "ticket": None}}
    net = Answers([None if status is None else answer_of(status, said) for status in case["answers"]])
    page = _counter(net, case["counter"]["number"])
    page.view = {"counter": case["counter"], "leading": True}
    page.now_s = lambda: len(net.asked) * case.get("tries_s", 1.0)
    lines, asked = list(case.get("lines", [])), list[str]()

    def is_still_wanted(body: dict[str, Any]) -> bool:
        asked.append(body["press"])
        return bool(case["wanted"])

    page.is_still_wanted, page.has_line = is_still_wanted, lambda: lines.pop(0) if lines else True
    await page.press(case["kind"], **case["more"])
    keys = {headers["Idempotency-Key"] for headers, _ in net.asked}
    return {
        "sent": len(net.asked), "keys": len(keys), "body": net.asked[-1][1], "asked": asked,
        "looks": len(lines), "pending": page.pending is not None, "left": page.needs_login,
    }  # fmt: skip


async def kept(case: dict[str, Any]) -> list[list[Any]]:
    """Return what is kept of the answers, by count and log; of many the first and the last."""
    given = case["answers"] or [
        {"seq": n + 1, "pulled": 0, "signature": f"hub-a.1.s{n + 1}"} for n in range(case["many"])
    ]
    said = {"counter": {"version": 9, "ticket": None}}
    net = Answers(
        [
            answer_of(200, said, hub_signature=one["signature"], hub_seq=str(one["seq"]), hub_pulled=str(one["pulled"]))
            for one in given
        ]
    )
    page = _counter(net, case["counter"])
    page.view = {"counter": {"number": case["counter"], "version": 9, "ticket": None}}
    for _ in given:
        await page.press("next")
    found = [[one["seq"], one["known"]] for one in page.here.answers]
    return [found[0], found[-1]] if "many" in case else found


async def resume(case: dict[str, Any]) -> dict[str, Any]:
    """Return what the other hub was told, and what is kept after it."""
    net = Answers([None if one is None else answer_of(one[0], {"seq": one[1]}) for one in case["answers"]])
    page = _counter(net, case["counter"])
    page.here.answers = [{"version": 0} | one | {"answer": {}} for one in case["kept"]]
    hub, term = case["log"]
    page.view = {"hub": hub, "term": term, "leading": True, "must_resume": case["must_resume"]}
    page.view |= {"counter": {"number": case["counter"], "version": 4}}
    await page.see()
    return {
        "asked": [[wish["key"], wish.get("more")] for _, wish in net.asked],
        "kept": [[one["key"], one["known"], one["seq"]] for one in page.here.answers],
    }


async def commits(case: dict[str, Any]) -> dict[str, Any]:
    """Return what a hub was told that another one was told, and what is kept after it."""
    net = Answers([None if one is None else answer_of(one[0], {"seq": one[1]}) for one in case["answers"]])
    page = _counter(net, 3)
    page.here.answers = [one | {"answer": {"signature": one["key"]}} for one in case["kept"]]
    hub, term = case["log"]
    await page.tell_commits({"hub": hub, "term": term, "leading": case["leading"]})
    return {
        "asked": [wish["facts"][0]["answer"]["signature"] for _, wish in net.asked],
        "kept": [[one["key"], one["known"], one["seq"]] for one in page.here.answers],
    }


async def away(_case: dict[str, Any]) -> dict[str, bool]:
    """Return whether a press that has no answer waits at another address, and at its own once the page is back."""
    page = _counter(Net(Random(0)), 1)
    page.here.press = {"key": "k", "body": {"press": "next"}, "at": 0.0}
    page.turn_to("https://hub-2.test")
    there = page.pending is not None
    page.turn_to(OWN)
    return {"there": there, "back": page.pending is not None}


PARTS: Final[dict[str, Callable[[dict[str, Any]], Coroutine[Any, Any, Any]]]] = {
    "board": board, "leader": leader, "followed": followed, "press": press, "kept": kept, "resume": resume,
    "commits": commits, "away": away,
}  # fmt: skip
