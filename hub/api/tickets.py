"""POST /v1/kiosks/{kiosk}/tickets and /help: what kiosks tell, signed by them, and hear, signed by the hub."""

from typing import Annotated, Final

import msgspec
from litestar import Response, post
from litestar.params import PathParameter
from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from msgspec.structs import replace

from common.protocol.feed_message import KioskRecord
from common.protocol.field import Count, Uuid, Visible
from common.protocol.queue.call import (
    DAY_NOT_BELIEVED,
    MAX_TICKETS,
    HelpCall,
    Needs,
    QueuedTicket,
    RefusedTicket,
    TicketsAnswer,
    TicketsCall,
)
from common.protocol.queue.hub_statement import HubStatement
from common.protocol.queue.rows import AsOf
from common.web.problem import Problem
from common.web.request import HttpRequest
from common.web.signing import unauthorized, verify
from hub.api.server.server import Serving, ServingDep
from hub.api.signing import own_statement, signed
from hub.arrivals.answering import answer
from hub.arrivals.taking import is_worth_a_write, take
from hub.engine.act import LEADING, Act, Following, Look
from hub.log.reading import find_help
from hub.messages.kiosks import are_news, note_needs
from hub.takeover.heeding import heed

MAX_BYTES: Final = 256 * 1024
KioskPath = Annotated[str, PathParameter(description="The kiosk's id")]


class _RawCall(Struct, frozen=True):
    boot_id: Visible
    boot_time_ns: Count
    tickets: Annotated[list[Raw], Meta(max_length=MAX_TICKETS)] = []
    followed: HubStatement | None = None
    needs: Needs = []
    as_of: AsOf | UnsetType | None = UNSET


class _Named(Struct, frozen=True):
    id: Uuid


@post("/v1/kiosks/{kiosk:str}/tickets", status_code=200, request_max_body_size=MAX_BYTES, summary="Tell of tickets")
async def tickets(request: HttpRequest, kiosk: KioskPath, serving: ServingDep) -> Response[bytes]:
    """Take a kiosk's tickets; a bad one is refused alone. The answer says how its people's places stand."""
    record = await kiosk_of(request, serving, kiosk)
    call, unreadable = _read(await request.body())
    serving.presence.kiosk_heard(kiosk, serving.hub.clock.boottime())

    said = await serving.run(lambda: _taken(serving, record, call, unreadable))
    serving.metrics.tickets.labels("taken").inc(len(said.taken))
    serving.metrics.tickets.labels("refused").inc(len(said.refused))
    if call.tickets:
        not_believed = {one.id for one in said.refused if one.reason == DAY_NOT_BELIEVED}
        serving.presence.note_day(
            kiosk, next((one.business_day for one in call.tickets if one.id in not_believed), None)
        )
        serving.changes.note()
    return signed(request, serving, said)


@post("/v1/kiosks/{kiosk:str}/help", status_code=200, request_max_body_size=4096, summary="Ask for somebody")
async def ask_for_help(request: HttpRequest, kiosk: KioskPath, serving: ServingDep) -> Response[bytes]:
    """Note that a citizen at a kiosk asks for somebody; the same id asks once."""
    asked = await asked_by(request, serving, kiosk, HelpCall)

    def work() -> None:
        with serving.hub.act() as act:
            if find_help(act.connection, asked.id) is None:
                act.record("help-asked", detail={"id": asked.id, "kiosk": kiosk})

    await serving.run(work)
    serving.changes.note()
    return signed(request, serving, {"id": asked.id})


def _taken(serving: Serving, record: KioskRecord, call: TicketsCall, unreadable: list[RefusedTicket]) -> TicketsAnswer:
    """Take what a kiosk tells, and compose the answer. Raises Following, NotYet, StoreUnavailable."""
    if record.revoked:
        refused = [RefusedTicket(one.id, "kiosk-revoked") for one in call.tickets]
        with serving.hub.read() as look:
            return TicketsAnswer(look.term, refused=[*unreadable, *refused])
    heed(serving.hub, call.followed)
    with serving.hub.read() as look:
        if look.role != LEADING:
            raise Following
        serving.holding.begin(look, record.id)
        if not is_worth_a_write(look, record.id, call) and not are_news(look, record.id, call.needs):
            return _completed(serving, look, record.id, call, answer(look, record.id, call, unreadable))
    with serving.hub.act() as act:
        serving.holding.begin(act, record.id)  # a promotion may have come between
        refused = take(act, record, call)
        note_needs(act, record.id, call.needs)
        said = answer(act, record.id, call, [*unreadable, *refused])
    turned_away = {one.id for one in refused}
    serving.holding.took(act.life, record.id, [one.revision for one in call.tickets if one.id not in turned_away])
    return _completed(serving, act, record.id, call, said)


def _completed(serving: Serving, look: Act | Look, kiosk: str, call: TicketsCall, said: TicketsAnswer) -> TicketsAnswer:
    """Return the answer with this hub's word that it leads, and how far it holds the kiosk: of what is on disk."""
    held = serving.holding.held(look.life, kiosk, call.followed)
    return replace(said, statement=own_statement(serving, look), held=held)


async def kiosk_of(request: HttpRequest, serving: Serving, kiosk: str) -> KioskRecord:
    """Return the kiosk that signed this request. Raises Problem 401."""
    record = await serving.read(lambda look: look.centre.kiosks.get(kiosk))
    if record is None:
        raise unauthorized("no kiosk of this name is known here: central has named none such yet")
    await verify(request, serving.config.address, record.public_key)
    if not record.revoked:
        serving.keep_places(request.client)
    return record


async def asked_by[Asked](request: HttpRequest, serving: Serving, kiosk: str, kind: type[Asked]) -> Asked:
    """Return what a kiosk asks that is not revoked. Raises Problem 401, 403, 400."""
    record = await kiosk_of(request, serving, kiosk)
    if record.revoked:
        raise Problem(403, "kiosk-revoked", "this kiosk was revoked")
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "bad-request", str(error)[:200]) from error


def _read(body: bytes) -> tuple[TicketsCall, list[RefusedTicket]]:
    """Read a post; a ticket that cannot be read is refused alone, by its id. Raises Problem 400."""
    tickets: list[QueuedTicket] = []
    refused: list[RefusedTicket] = []
    try:
        call = msgspec.json.decode(body, type=_RawCall)
        for raw in call.tickets:
            try:
                tickets.append(msgspec.json.decode(raw, type=QueuedTicket))
            except msgspec.ValidationError:
                refused.append(RefusedTicket(msgspec.json.decode(raw, type=_Named).id, "unreadable"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "unreadable-tickets", str(error)[:300]) from error
    return TicketsCall(call.boot_id, call.boot_time_ns, tickets, call.followed, call.needs, call.as_of), refused
