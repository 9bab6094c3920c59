"""A town of two centres: an honest one, and one whose machines are to say odd things."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from central.base import clock
from central.claims.planned import publication as seats
from central.keys.keys import base64_text
from central.offices import operators, sessions
from central.offices.integrations import systems
from central.offices.operators import Operator
from central.publishing import calendar
from central.publishing.publication import publish_app_key
from common.protocol.envelope import BODIES, EnrolmentAnswer, Item, PrintBody, QueueBody, TicketBody
from common.protocol.feed_message import AppKey
from tests.central.claims.conftest import OPEN, line
from tests.central.conftest import URL, Stage
from tests.central.offices import town
from tests.central.offices.test_fleet import WELL
from tests.kit import order_codes
from tests.kit.features import said_by_features
from tests.kit.sender import Sender

NOW: Final = town.NOW
DAY: Final = "2026-11-25"
HONEST, ODD = "homs-main", "homs-new"
TOKENS: Final = tuple(f"{n:032x}" for n in range(1, 4))
SERVICE: Final = "civil-affairs"


@dataclass
class Town:
    """What is there before anything odd is said."""

    stage: Stage
    kiosk: Sender
    hub: Sender
    odd_kiosk: Sender
    odd_hub: Sender
    tickets: list[Item]
    office: dict[str, str]
    system: dict[str, str]


async def settled(stage: Stage) -> Town:
    """Let something of everything have come about, with the clock at `NOW`."""
    async with stage.engine.begin() as connection:
        await town.lay_down(connection, stage.ring)
        plan = {"centre": ODD, "rules": OPEN, "plan": [line(weekday, seats=9) for weekday in range(1, 8)]}
        await seats.publish(connection, msgspec.json.encode(plan), stage.ring)
        for centre in (HONEST, ODD):
            hours = {"date": DAY, "opens": "08:00", "closes": "14:00", "names": {"ar": "دوام", "en": "Hours"}}
            await calendar.publish(connection, msgspec.json.encode({"centre": centre, "days": [hours]}))
        await operators.appoint(connection, "Nadia", "administrator", [])
        office = await sessions.begin(connection, Operator("Nadia", "administrator"))
        token = await systems.give(connection, "warehouse", "visits")
        public = base64_text(order_codes.KEY.public_key().public_bytes_raw())
        await publish_app_key(connection, AppKey(order_codes.KID.hex(), public, 0, 2**33))
    kiosk, hub = await stage.enrolled(HONEST), await stage.enrolled_hub(HONEST)
    made = Town(
        stage, kiosk, hub, await stage.enrolled(ODD), await _hub_of(stage, ODD, "https://10.0.9.5:8090"),
        [], {"Cookie": f"offices-session={office}"}, {"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    await _morning(made)
    await stage.unseal()
    await stage.all_read()
    return made


async def _hub_of(stage: Stage, centre: str, address: str) -> Sender:
    sender = Sender("", URL)
    answer = await stage.try_enrol(sender, await stage.code(centre, "hub"), role="hub", address=address)
    sender.learn(msgspec.json.decode(answer.content, type=EnrolmentAnswer))
    return sender


async def _morning(town: Town) -> None:
    """Three numbers, of which one was called and one was served; an order; what was said of the visit."""
    kiosk, hub = town.kiosk, town.hub
    for n, token in enumerate(TOKENS):
        body = TicketBody(f"A{kiosk.digit}00{n + 1}", SERVICE, DAY, token=token)
        town.tickets.append(kiosk.item(body, "ticket", wall_time=f"{DAY}T08:0{n}:00.000000Z"))
    first, second, _ = town.tickets
    paper = kiosk.item(PrintBody(first.id, "ticket", "printed"), "print", wall_time=f"{DAY}T08:00:05.000000Z")
    code = order_codes.genuine()
    ordered = kiosk.order(code, order_codes.ORDER_ID.hex())
    said = [
        kiosk.item(msgspec.convert(body, BODIES[kind]), kind, wall_time=f"{DAY}T08:40:00.000000Z")
        for kind, body in said_by_features(ticket=first.id)
    ]
    await town.stage.deliver(kiosk, *town.tickets, paper, ordered, health=WELL)
    told: list[tuple[str, Item, dict[str, Any], int]] = [
        ("called", first, {"counter": 1, "expected_s": (60, 900)}, 10), ("came", first, {"counter": 1}, 11),
        ("done", first, {"counter": 1, "documents": {SERVICE: 2}}, 30), ("called", second, {"counter": 1}, 31),
    ]  # fmt: skip
    events = [
        hub.item(QueueBody(name, kiosk.kiosk, one.id, **more), "queue", wall_time=f"{DAY}T08:{minute}:00.000000Z")
        for name, one, more, minute in told
    ]
    await town.stage.deliver(hub, *events, waiting=waiting(town.tickets[2].id), health=WELL)
    await town.stage.deliver(kiosk, *said)


def waiting(ticket: str) -> dict[str, Any]:
    """Return a hub's word on now, in which one waits and one service stands still."""
    stopped = {"service": "plan-copy", "state": "interrupted", "since": f"{DAY}T07:00:00Z", "until": "14:00"}
    services = [stopped | {"reason": "registry-line"}, {"service": SERVICE, "today": "yes"}]
    now = {"state": "open", "services": services, "groups": {"A": {"waiting": 1, "low_s": 60, "high_s": 600}}}
    return {
        "at": clock.as_text(NOW), "business_day": DAY, "term": 1, "waiting": {"A": 1}, "seq": 4, "board_silent_s": 3,
        "tickets": [{"id": ticket, "before": 0, "low_s": 60, "high_s": 600, "today": "yes"}], "now": now,
    }  # fmt: skip
