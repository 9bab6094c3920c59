"""One kiosk and one hub of a centre say odd things to a central; what becomes of everybody else is printed."""

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import select

from central.base import clock
from central.base.config import CentralConfig, load_config
from central.base.database import engine as engines
from central.base.tables.received import inbox
from central.insight.centres.news import news
from central.insight.centres.now import centres_now
from central.insight.centres.page import centre_page, list_page
from central.insight.centres.reading import CentresReader
from central.server import preparation
from common.protocol.envelope import BODIES, MAX_BATCH_ITEMS, Batch, Item, OrderBody, Sealed, SealedContent, TicketBody
from common.protocol.queue.call import WaitingList
from common.protocol.queue.event import ENDS
from tests.central.conftest import PATIENT_S, URL, staged
from tests.kit import order_codes
from tests.kit.features import said_by_features
from tests.kit.sender import Sender
from tests.one_machine.looking import at_work, looked_at, stand_at
from tests.one_machine.odd_values import Case, cases
from tests.one_machine.result import Result
from tests.one_machine.saying import ASKED, bodies, codes, dies_soon, healths, inquiries
from tests.one_machine.town import DAY, NOW, SERVICE, TOKENS, Town, settled, waiting

EVENTS: Final = sorted({"called", "came", "not-here", "parked", "resumed", "transferred", "undone"} | ENDS)
PARTS: Final = ("items", "codes", "lists", "questions")
QUESTIONS_A_MINUTE: Final = 250  # below what central takes of one machine
OTHERS_WAIT_S: Final = 60.0


def main(folder: Path, parts: Collection[str]) -> None:
    """Prepare a central in a folder, have it told everything, and say what came of it."""
    config = load_config(folder / "central", None)
    engines.CONNECT_WITHIN_S = PATIENT_S  # type: ignore[misc]  # in this process alone: the machine may be busy
    asyncio.run(preparation.migrate(config))
    asyncio.run(_tell_and_look(replace(config, public_url=URL, unseals=False), parts))


async def _tell_and_look(config: CentralConfig, parts: Collection[str]) -> None:
    stand_at(NOW)
    result = Result()
    async with staged(config) as stage:
        town = await settled(stage)
        await at_work(town, Result())  # what it does of itself once is no answer to anybody's odd word
        before = await looked_at(town)
        async for name, tell in said_oddly(town, result, parts):
            try:
                await tell()
            except Exception as error:  # noqa: BLE001 - what it broke is what this process is to say
                result.broken.append(f"{name}: {type(error).__name__} {error}"[:300])
        await at_work(town, result)
        after: dict[str, tuple[int, str]] = {}
        try:
            after = await looked_at(town)
        except Exception as error:  # noqa: BLE001 - what it broke is what this process is to say
            result.broken.append(f"reports and visits: {type(error).__name__} {error}"[:300])
        result.pages = len(after)
        for page, (status, said) in after.items():
            if status >= 500:
                result.broken.append(f"{page} answers {status}")
            elif before[page] != (status, said) and not page.startswith("of all "):
                result.broken.append(f"{page} has changed: {changed(before[page][1], said)}")
    result.say()


def changed(before: str, after: str) -> str:
    """Return the place at which two answers part."""
    at = next((n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), len(before))
    return f"{before[max(0, at - 60) : at + 60]!r} is {after[max(0, at - 60) : at + 60]!r}"


Telling = AsyncIterator[tuple[str, Callable[[], Awaitable[object]]]]


async def said_oddly(town: Town, result: Result, parts: Collection[str]) -> Telling:
    """Yield each thing that the odd machines say, to be awaited."""
    names = [one.id for one in town.tickets] + [town.kiosk.kiosk, town.hub.kiosk, *TOKENS, order_codes.ORDER_ID.hex()]
    if "items" in parts:
        for kind, plain in bodies(town).items():
            sender = town.odd_hub if kind == "queue" else town.odd_kiosk
            for some in batched(cases(BODIES[kind], plain, names), MAX_BATCH_ITEMS, strict=False):
                yield f"items of kind {kind}", _delivering(town, result, sender, kind, some)
                if kind == "ticket":
                    yield "what is told of odd tickets", _telling_of_the_last(town, result, len(some))
        yield "what is told of others' tickets", _telling_of_others(town, result)
        whole = cases(Item, msgspec.to_builtins(town.odd_kiosk.ticket()), names)
        yield "items", _delivering_items(town, result, list(whole))
    if "codes" in parts:
        yield "codes", _delivering_codes(town, result, names)
    if "lists" in parts:
        for one in cases(WaitingList, waiting(town.tickets[2].id), names):
            yield one.place, _reporting(town, result, town.odd_hub, one, "waiting")
        for one in healths():
            yield one.place, _reporting(town, result, town.odd_kiosk, one, "health")
    if "questions" in parts:
        yield "keys", _asking_with_keys(town, result)
        for n, (place, asked) in enumerate(inquiries(names)):
            moment = NOW + timedelta(minutes=n // QUESTIONS_A_MINUTE)
            stand_at(moment)
            yield place, _asking(town, result, place, asked)
        stand_at(NOW)


def _delivering(
    town: Town, result: Result, sender: Sender, kind: str, found: Sequence[Case]
) -> Callable[[], Awaitable[None]]:
    async def tell() -> None:
        made = [_item(sender, kind, one.body) for one in found]
        said = (await town.stage.deliver(sender, *made)).results
        for one, answer in zip(found, said, strict=True):
            result.tried(one.place, answer.result)
        await town.stage.unseal()
        await town.stage.all_read()

    return tell


def _telling_of_the_last(town: Town, result: Result, how_many: int) -> Callable[[], Awaitable[None]]:
    """Tell of the odd tickets what becomes of any ticket: called, carried over, spoken of."""

    async def tell() -> None:
        query = select(inbox.c.id).where(inbox.c.kiosk == town.odd_kiosk.kiosk, inbox.c.kind == "ticket")
        last = await town.stage.all(query.order_by(inbox.c.arrival.desc()).limit(how_many))
        for row in last:
            for kind, body in said_by_features(ticket=row.id):
                await _one(town, result, town.odd_kiosk, kind, msgspec.json.encode(body))
            for event in ("called", "carried"):
                days = {"first_day": DAY, "last_day": DAY}
                told = {"event": event, "kiosk": town.odd_kiosk.kiosk, "ticket": row.id, "counter": 1} | days
                await _one(town, result, town.odd_hub, "queue", msgspec.json.encode(told))
        await town.stage.all_read()

    return tell


def _telling_of_others(town: Town, result: Result) -> Callable[[], Awaitable[None]]:
    """Tell of the honest centre's tickets whatever can become of one, and speak of them."""

    async def tell() -> None:
        for ticket in town.tickets:
            for event in EVENTS:
                told = {"event": event, "kiosk": town.kiosk.kiosk, "ticket": ticket.id, "counter": 7}
                for sender in (town.odd_hub, town.odd_kiosk):
                    await _one(town, result, sender, "queue", msgspec.json.encode(told))
            voided = msgspec.json.encode({"event": "ticket-voided", "detail": {"ticket": ticket.id}})
            await _one(town, result, town.odd_kiosk, "audit", voided)
        for token in TOKENS:
            for kind, body in said_by_features(token=token):
                await _one(town, result, town.odd_kiosk, kind, msgspec.json.encode(body))
        await town.stage.all_read()

    return tell


async def _one(town: Town, result: Result, sender: Sender, kind: str, body: bytes) -> None:
    (answer,) = (await town.stage.deliver(sender, _item(sender, kind, body))).results
    result.tried(f"{BODIES[kind].__name__}.of a ticket", answer.result)


def _item(sender: Sender, kind: str, body: bytes) -> Item:
    plain = sender.item(TicketBody("A1001", SERVICE, DAY), "ticket", wall_time=f"{DAY}T08:30:00.000000Z")
    made = sender.rehashed(plain, kind=kind, body=base64.b64encode(body).decode())
    sender.head = made.hash
    return made


def _delivering_items(town: Town, result: Result, found: list[Case]) -> Callable[[], Awaitable[None]]:
    async def tell() -> None:
        for one in found:
            changed = msgspec.json.decode(one.body, type=Item)
            sender = town.odd_kiosk
            made = sender.rehashed(changed)
            body = msgspec.json.encode(Batch([made]))
            answer = await town.stage.post(sender, body)
            _judged(result, one.place, answer.status_code)
        await town.stage.all_read()

    return tell


def _delivering_codes(town: Town, result: Result, names: list[str]) -> Callable[[], Awaitable[None]]:
    async def tell() -> None:
        sender = town.odd_kiosk
        contents = [(f"code {one[:30]!r}", msgspec.json.encode(SealedContent(code=one))) for one in codes()]
        contents += list(cases(SealedContent, {"code": "0123456789", "person": {"name": "x"}}, names))
        for place, content in contents:
            item_id = str(uuid.uuid4())
            sealed: Sealed = sender.sealed_bytes(item_id, content)
            made = sender.item(OrderBody("accepted", service=SERVICE, sealed=sealed), "order", item_id)
            (answer,) = (await town.stage.deliver(sender, made)).results
            result.tried(f"SealedContent.{place}", answer.result)
            async with asyncio.timeout(OTHERS_WAIT_S):
                await town.stage.unseal()

    return tell


def _reporting(town: Town, result: Result, sender: Sender, one: Case, name: str) -> Callable[[], Awaitable[None]]:
    async def tell() -> None:
        answer = await town.stage.post(sender, b'{"items":[],"%s":%s}' % (name.encode(), one.body))
        _judged(result, one.place, answer.status_code)
        await _centres_answer(town, result, one.place)

    return tell


async def _centres_answer(town: Town, result: Result, place: str) -> None:
    """Draw what visitors see while this is a hub's last word; the server's own reader keeps a word for a while."""
    try:
        read = await CentresReader(town.stage.engine).read(0)
        now, known = centres_now(read), {one.code: one for one in read.centres}
        for language in ("ar", "en"):
            list_page(now, known, language)
            for code in known:
                centre_page(now, known, code, language)
            news(now, known, language)
    except Exception as error:  # noqa: BLE001 - it is what this is to find
        result.broken.append(f"{place} breaks the pages of all centres: {type(error).__name__} {error}"[:300])


def _asking(town: Town, result: Result, place: str, asked: bytes) -> Callable[[], Awaitable[None]]:
    async def tell() -> None:
        sender = town.odd_hub if "day-seats" in place or "capacity" in place else town.odd_kiosk
        said = msgspec.json.decode(asked)
        said["id"] = str(uuid.uuid4()) if ".id" not in place else said["id"]
        dies = clock.now() + timedelta(seconds=14)
        said["dies_at"] = clock.as_text(dies) if ".dies_at" not in place else said["dies_at"]
        path, body = f"/v1/kiosks/{sender.kiosk}/inquiries", msgspec.json.encode(said)
        headers = sender.signature("POST", path, body) | {"Content-Type": "application/json"}
        answer = await town.stage.client.post(path, content=body, headers=headers)
        _judged(result, place, answer.status_code)

    return tell


def _asking_with_keys(town: Town, result: Result) -> Callable[[], Awaitable[None]]:
    """Book times to be answered to keys of low order (RFC 7748, section 6.1), to which nothing can be sealed."""

    async def tell() -> None:
        for n, point in enumerate((0, 1, 2**255 - 20, 2**255 - 19)):
            key = base64.b64encode(point.to_bytes(32, "little")).decode()
            body = ASKED["claim"] | {"at": f"2026-11-26T1{n}:00:00+03:00"}
            asked = {"id": str(uuid.uuid4()), "kind": "claim", "dies_at": dies_soon(), "body": body, "reply_key": key}
            place = f"Inquiry claim.reply_key = {key}"
            await _asking(town, result, place, msgspec.json.encode(asked))()

    return tell


def _judged(result: Result, place: str, status: int) -> None:
    result.tried(place, str(status))
    if status >= 500:
        result.broken.append(f"{place} is answered with {status}")
