"""One kiosk of a hall, and central of what it recalls, say odd things to a hub; what becomes of the hall is printed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Final

import msgspec

from common.protocol.queue.call import HelpCall, QueuedTicket, TicketsCall
from common.protocol.queue.claim import ClaimAsked
from common.protocol.queue.recall import QueueRecall, RecalledTicket
from hub.takeover.recalling import take_recall
from tests.hub.api.conftest import KIOSK_KEY
from tests.hub.hall import HUB_ID
from tests.hub.test_first_week import Centre, opened
from tests.one_machine.odd_values import Case, cases
from tests.one_machine.result import Result

PARTS: Final = ("tickets", "calls", "recalls")
LOOKED_AFTER: Final = 60
"""Odd words between two looks at the whole hall."""
RECALLED: Final = {
    "id": "00000000-0000-4000-9000-000000000000", "kiosk": "kiosk-9", "number": "A9001", "service": "civil-affairs",
    "business_day": "2026-11-25", "issued_at": "2026-11-25T05:00:00Z", "state": "ended", "end": "done", "counter": 1,
}  # fmt: skip
HONEST: Final = (0, 1)
ODD: Final = 2


def main(folder: Path, parts: Collection[str]) -> None:
    """Open a hub in a folder, have it told everything, and say what came of it."""
    folder.mkdir(parents=True)
    asyncio.run(_tell_and_look(folder, parts))


async def _tell_and_look(folder: Path, parts: Collection[str]) -> None:
    result = Result()
    async with opened(folder) as centre:
        hall = centre.stage.hall
        await centre.seconds.next()
        for counter in (1, 2, 3):
            hall.press(counter, "open")
        hall.works()
        given = [hall.kiosks[n].give("A") for n in HONEST for _ in range(3)]
        hall.passes(60)
        first = hall.called(1)
        before = {one.id: hall.ticket(one.id).state for one in given}
        names = [one.id for one in given] + [hall.kiosks[0].record.id, HUB_ID]
        async for some in said_oddly(centre, result, parts, names):
            await _seen(centre, result, some)
        after = {one.id: hall.ticket(one.id).state for one in given}
        result.broken += [f"{one}: {before[one]} is {after[one]}" for one in before if before[one] != after[one]]
        await _goes_on(centre, result, first)
        for later in (timedelta(hours=9), timedelta(days=1)):
            hall.clock.sleep(later.total_seconds())
            await _seen(centre, result, f"{later} later")
    result.say()


async def _seen(centre: Centre, result: Result, after: str) -> None:
    """Look at each page, stream and finding, and let the hub do what it does each second."""
    result.pages += 1
    try:
        await centre.is_seen_whole()
    except Exception as error:  # noqa: BLE001 - it is what this is to find
        result.broken.append(f"{after}: {type(error).__name__} {error}"[:400])


async def _goes_on(centre: Centre, result: Result, first: str | None) -> None:
    """Serve who was called and call the next ones: the hall works on."""
    hall = centre.stage.hall
    hall.press(1, "came")
    hall.passes(120)
    hall.press(1, "done")
    called = [hall.called(1), hall.called(2)]
    if first is None or None in called:
        result.broken.append(f"nobody is called any more: {first}, {called}")


async def said_oddly(centre: Centre, result: Result, parts: Collection[str], names: list[str]) -> AsyncIterator[str]:
    """Say one odd thing after the other; yield now and then, with the last of them, for the hall to be looked at."""
    kiosk, tellers = centre.stage.hall.kiosks[ODD], list[tuple[Iterable[Case], Callable[[Case], Awaitable[int]]]]()
    call = {"boot_id": kiosk.boot_id, "boot_time_ns": kiosk.boot_time_ns(), "tickets": [], "needs": []}

    def posting(path: str, around: Callable[[bytes], bytes] = lambda body: body) -> Callable[[Case], Awaitable[int]]:
        async def post(one: Case) -> int:
            sent = around(one.body)
            answer = await centre.stage.post_signed(kiosk.record.id, sent, key=KIOSK_KEY, path=path)
            return answer.status_code

        return post

    def in_a_call(ticket: bytes) -> bytes:
        return msgspec.json.encode(call | {"boot_time_ns": kiosk.boot_time_ns(), "tickets": [msgspec.Raw(ticket)]})

    async def recall(one: Case) -> int:
        with centre.stage.hall.hub.act() as act:
            take_recall(act, QueueRecall([msgspec.json.decode(one.body, type=RecalledTicket)]))
        return 0

    if "tickets" in parts:
        plain = msgspec.to_builtins(kiosk.ticket())
        tellers.append((_each_anew(cases(QueuedTicket, plain, names)), posting("tickets", in_a_call)))
    if "calls" in parts:
        tellers.append((cases(TicketsCall, call, names), posting("tickets")))
        tellers.append((cases(HelpCall, {"id": names[0]}, names), posting("help")))
        tellers.append((cases(ClaimAsked, {"digits": "12345678"}, names), posting("claims")))
    if "recalls" in parts:
        # Central's answer is made of what machines said; of the hall's own tickets it is believed, so it names none.
        tellers.append((_each_anew(cases(RecalledTicket, RECALLED)), recall))
    for found, tell in tellers:
        for some in batched(found, LOOKED_AFTER, strict=False):
            for one in some:
                await _told(result, one, tell)
            yield f"up to {some[-1].place}"


async def _told(result: Result, one: Case, tell: Callable[[Case], Awaitable[int]]) -> None:
    try:
        status = await tell(one)
    except Exception as error:  # noqa: BLE001 - it is what this is to find
        result.broken.append(f"{one.place}: {type(error).__name__} {error}"[:300])
        return
    result.tried(one.place, str(status))
    if status >= 500:
        result.broken.append(f"{one.place} is answered with {status}")


def _each_anew(found: Iterable[Case]) -> Iterator[Case]:
    """Give each odd ticket an id and a place of its own, but where those are what is odd."""
    for n, one in enumerate(found):
        ticket = msgspec.json.decode(one.body)
        if ".id =" not in one.place:
            ticket["id"] = f"00000000-0000-4000-{'9' if 'kiosk' in ticket else '8'}000-{n:012x}"
        if "seq" in ticket and ".seq =" not in one.place:
            ticket["seq"] = 100 + n
        yield Case(one.place, msgspec.json.encode(ticket))
