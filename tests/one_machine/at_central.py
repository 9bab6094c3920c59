"""One kiosk and one hub of a centre say odd things to a central; what becomes of everybody else is printed."""

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any, Final

import base45
import msgspec
from sqlalchemy import select

from central.base import clock
from central.base.config import CentralConfig, load_config
from central.base.recurring import RecurringTask
from central.base.tables.received import inbox
from central.claims import keeping as claims_keeping
from central.commands.doctor.examination import examine
from central.inquiries import keeping as inquiries_keeping
from central.insight.centres import elsewhere, usual
from central.insight.centres.news import news
from central.insight.centres.now import centres_now
from central.insight.centres.page import centre_page, list_page
from central.insight.centres.reading import CentresReader
from central.insight.reports import counted_days
from central.insight.reports.month import count_month
from central.insight.visits.recall import recall
from central.insight.visits.visit import visits_of
from central.kiosks import signed_time
from central.messages import claims as message_claims
from central.messages.sending import Sender as MessageSender
from central.offices.integrations.webhooks import WebhookDispatcher
from central.offices.upkeep import needs
from central.server import preparation
from common.protocol.envelope import BODIES, MAX_BATCH_ITEMS, Batch, Item, OrderBody, Sealed, SealedContent, TicketBody
from common.protocol.inquiry import KINDS, Inquiry
from common.protocol.queue.call import WaitingList
from common.protocol.queue.event import ENDS
from tests.central.conftest import URL, Stage, staged
from tests.kit import order_codes
from tests.kit.sender import Sender
from tests.one_machine.odd_values import NUMBERS, TEXTS, Case, cases
from tests.one_machine.result import Result
from tests.one_machine.town import DAY, HONEST, NOW, ODD, SERVICE, TOKENS, Town, settled, waiting

EVENTS: Final = sorted({"called", "came", "not-here", "parked", "resumed", "transferred", "undone"} | ENDS)
PARTS: Final = ("items", "codes", "lists", "questions")
MONTH: Final = DAY[:7]
QUESTIONS_A_MINUTE: Final = 250  # below what central takes of one machine
OTHERS_WAIT_S: Final = 60.0


def main(folder: Path, parts: Collection[str]) -> None:
    """Prepare a central in a folder, have it told everything, and say what came of it."""
    config = load_config(folder / "central", None)
    asyncio.run(preparation.migrate(config))
    asyncio.run(_tell_and_look(replace(config, public_url=URL, unseals=False), parts))


async def _tell_and_look(config: CentralConfig, parts: Collection[str]) -> None:
    _stand_at(NOW)
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
        for one in _healths():
            yield one.place, _reporting(town, result, town.odd_kiosk, one, "health")
    if "questions" in parts:
        yield "keys", _asking_with_keys(town, result)
        for n, (place, asked) in enumerate(inquiries(names)):
            moment = NOW + timedelta(minutes=n // QUESTIONS_A_MINUTE)
            _stand_at(moment)
            yield place, _asking(town, result, place, asked)
        _stand_at(NOW)


def _stand_at(moment: datetime) -> None:
    clock.now = lambda: moment


def bodies(town: Town) -> dict[str, dict[str, Any]]:
    """Return a plain body of each kind of item."""
    own = town.odd_kiosk.ticket()
    return {
        "ticket": {"number": f"A{town.odd_kiosk.digit}001", "service": SERVICE, "business_day": DAY},
        "order": {"outcome": "accepted", "service": SERVICE},
        "print": {"item": own.id, "paper": "ticket", "state": "printed"},
        "audit": {"event": "started", "detail": {}},
        "queue": {"event": "called", "kiosk": town.odd_kiosk.kiosk, "ticket": own.id, "counter": 1},
        "feedback": {"served": "yes", "face": 1, "ticket": own.id},
        "payment": {"payment": own.id, "bill_no": "261125-3K7M-9TQ2-4VWX", "told": "told"},
    }


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
    """Tell of the odd tickets what becomes of any ticket: called, carried over, answered for."""

    async def tell() -> None:
        query = select(inbox.c.id).where(inbox.c.kiosk == town.odd_kiosk.kiosk, inbox.c.kind == "ticket")
        last = await town.stage.all(query.order_by(inbox.c.arrival.desc()).limit(how_many))
        for row in last:
            answered = msgspec.json.encode({"served": "yes", "face": 3, "ticket": row.id})
            await _one(town, result, town.odd_kiosk, "feedback", answered)
            for event in ("called", "carried"):
                days = {"first_day": DAY, "last_day": DAY}
                told = {"event": event, "kiosk": town.odd_kiosk.kiosk, "ticket": row.id, "counter": 1} | days
                await _one(town, result, town.odd_hub, "queue", msgspec.json.encode(told))
        await town.stage.all_read()

    return tell


def _telling_of_others(town: Town, result: Result) -> Callable[[], Awaitable[None]]:
    """Tell of the honest centre's tickets whatever can become of one, and answer for them."""

    async def tell() -> None:
        for ticket in town.tickets:
            for event in EVENTS:
                told = {"event": event, "kiosk": town.kiosk.kiosk, "ticket": ticket.id, "counter": 7}
                for sender in (town.odd_hub, town.odd_kiosk):
                    await _one(town, result, sender, "queue", msgspec.json.encode(told))
            voided = msgspec.json.encode({"event": "ticket-voided", "detail": {"ticket": ticket.id}})
            await _one(town, result, town.odd_kiosk, "audit", voided)
        for token in TOKENS:
            answered = msgspec.json.encode({"served": "other", "face": 1, "token": token})
            await _one(town, result, town.odd_kiosk, "feedback", answered)
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


def codes() -> Iterator[str]:
    """Yield codes that make a reader of CBOR work, or lead it astray."""
    yield "SY1:LTQO%3 OD%ZCOA7OA7OA7OA7"  # a fraction of 10 to the 999,999,999th
    for item in (
        "d81e816b3165393939393939393939", "c4821b7fffffffffffffff01", "c5821b7fffffffffffffff01", "9b7fffffffffffffff",
        "d82366286128612b292b24", "c2586f" + "ff" * 111, "d90102" + "80", "81" * 200, "f97e00", "fb7ff0000000000000",
    ):  # fmt: skip
        for before in ("", "d2", "d284", "d28440a040"):
            yield "SY1:" + base45.b45encode(bytes.fromhex(before + item)).decode()
    for claims in ({4: 2**63}, {6: float("nan")}, {7: b""}, {-70002: -1}, {-70001: "\u202e"}, {-70006: b"\0" * 90}):
        yield order_codes.signed({**order_codes.CLAIMS, **claims, 7: claims.get(7, bytes(16))})
    yield from TEXTS


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


def _healths() -> Iterator[Case]:
    for field in ("version", "devices", "paper", "paper_left_m", "outbox", "clock", "power", "alarms", "left_out"):
        odd_ones: list[Any] = [*TEXTS, *NUMBERS[:-2], [], {}, None, True, [[1]], {"a": {"b": 1}}]
        for value in odd_ones:
            yield Case(f"Batch.health.{field} = {str(value)[:40]!r}", msgspec.json.encode({field: value}))


ASKED: Final[dict[str, dict[str, Any]]] = {
    "seats": {"service": SERVICE, "from": "2026-11-25T09:00:00Z"},
    "claim": {"service": SERVICE, "at": "2026-11-26T10:30:00+03:00", "who": "rana", "kind": "booked", "people": 1},
    "claim-cancel": {"digits": "12345678", "code": "SY1:X"},
    "day-seats": {"day": "2026-11-26", "group": "A"},
    "capacity": {"day": "2026-11-26", "group": "A", "at": "10:30", "seats": 4, "by": "Huda"},
    "bill": {"biller": "water", "fields": {"number": "1"}},
    "payment": {"bill": "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11", "payer": "wallet"},
    "payment-state": {"payment": "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11"},
}


def inquiries(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield questions of each kind, each with one odd value, and with odd keys to be answered to."""
    assert ASKED.keys() == KINDS.keys()
    for kind, plain in ASKED.items():
        asked = {"id": "5b0e21a4-56dd-4e51-8f66-3e3b0a3f6c11", "kind": kind, "dies_at": _dies(), "body": plain}
        for place, body in cases(Inquiry, asked, names):
            if ".body" not in place:
                yield place.replace("Inquiry", f"Inquiry {kind}"), body
        for name in plain:
            odd_ones: list[Any] = [*TEXTS, *names, *NUMBERS[:-2], [], {}, None]
            for value in odd_ones:
                changed = asked | {"body": plain | {name: value}}
                yield f"Inquiry {kind}.body.{name} = {str(value)[:40]!r}", msgspec.json.encode(changed)


def _dies() -> str:
    return clock.as_text(NOW + timedelta(seconds=14))


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
            asked = {"id": str(uuid.uuid4()), "kind": "claim", "dies_at": _dies(), "body": body, "reply_key": key}
            place = f"Inquiry claim.reply_key = {key}"
            await _asking(town, result, place, msgspec.json.encode(asked))()

    return tell


def _judged(result: Result, place: str, status: int) -> None:
    result.tried(place, str(status))
    if status >= 500:
        result.broken.append(f"{place} is answered with {status}")


async def at_work(town: Town, result: Result) -> None:
    """Run whatever central does by itself once, a day later too, and look over all with its doctor."""
    stage = town.stage
    for later in (timedelta(), timedelta(days=1)):
        _stand_at(NOW + later)
        tasks: list[RecurringTask] = [
            counted_days.Keeper(stage.engine), signed_time.Keeper(stage.engine), elsewhere.Keeper(stage.engine),
            inquiries_keeping.Keeper(stage.engine), WebhookDispatcher(stage.engine, stage.ring, lambda *_: 204),
            claims_keeping.Keeper(stage.engine, stage.ring, message_claims.tell),
            usual.Keeper(stage.engine, usual.UsualReader(stage.engine)),
            MessageSender(stage.engine, stage.ring, post=lambda *_: 204),
        ]  # fmt: skip
        for task in tasks:
            await _unbroken(result, type(task).__module__, task.act())
        for centre in (HONEST, ODD):
            await _unbroken(result, f"month of {centre}", count_month(stage.engine, centre, MONTH))
            await _unbroken(result, f"recall of {centre}", recall(stage.engine, centre))
        await _unbroken(result, "doctor", _all(examine(stage.config, stage.config.data_dir / "none.pem")))
        await _unbroken(result, "needs", _needs(stage))
        await _unbroken(result, "visits", _all(visits_of(stage.engine, ODD, DAY)))
    _stand_at(NOW)


async def _needs(stage: Stage) -> None:
    async with stage.engine.begin() as connection:
        for one in await needs.what_needs_somebody(connection, stage.config):
            for language in ("ar", "en"):
                one.row(language)


async def _all(things: AsyncIterator[object]) -> None:
    async for _ in things:
        pass


async def _unbroken(result: Result, name: str, work: Awaitable[object]) -> None:
    result.tasks += 1
    try:
        await work
    except Exception as error:  # noqa: BLE001 - it is what this is to find
        result.broken.append(f"{name}: {type(error).__name__} {error}"[:300])


async def looked_at(town: Town) -> dict[str, tuple[int, str]]:
    """Return what everybody else is answered: pages of the honest centre, whole; of all centres, the status alone."""
    found: dict[str, tuple[int, str]] = {}
    own = [*(f"/t/{token}?lang={language}" for token in TOKENS for language in ("ar", "en")), f"/centres/{HONEST}"]
    for path in own:
        answer = await town.stage.client.get(path)
        found[path] = answer.status_code, answer.text
    for path in _offices():
        answer = await town.stage.client.get(f"/offices/{path}".rstrip("/"), headers=town.office)
        found[f"of all /offices/{path}"] = answer.status_code, ""
    for path in ("/centres", "/centres.atom", f"/centres/{ODD}", "/v1/centres", "/healthz", "/readyz", "/schema"):
        found[f"of all {path}"] = (await town.stage.client.get(path)).status_code, ""
    answer = await town.stage.client.get("/v1/visits", headers=town.system)
    found["of all /v1/visits"] = answer.status_code, ""
    month = await count_month(town.stage.engine, HONEST, MONTH)
    found[f"month of {HONEST}"] = 200, msgspec.json.encode(month).decode()
    found[f"recall of {HONEST}"] = 200, msgspec.json.encode(await recall(town.stage.engine, HONEST)).decode()
    visits = [one async for one in visits_of(town.stage.engine, HONEST, DAY)]
    found[f"visits of {HONEST}"] = 200, msgspec.json.encode(visits).decode()
    feed = await town.stage.feed(town.kiosk)
    found["feed of the honest kiosk"] = 200, msgspec.json.encode(feed.messages).decode()
    return found


def _offices() -> tuple[str, ...]:
    return (
        "", "needs", "fleet", f"fleet?centre={ODD}", "people", "publish", "announcing", f"appointments?centre={ODD}",
        f"messages?month={MONTH}", "reports", f"reports?centre={HONEST}&month={MONTH}", "operations",
        f"reports?centre={ODD}&month={MONTH}", f"reports/{ODD}/{MONTH}.csv", f"reports/{ODD}/{MONTH}.xlsx",
    )  # fmt: skip
