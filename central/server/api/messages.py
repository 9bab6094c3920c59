"""Calls of the app's side on messages: numbers of orders, who asked to be told of his turn, and what is to be told."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Response, get, post, put
from litestar.params import PathParameter
from msgspec import Meta, Struct

from central.insight.public.status import status_of, ticket_of
from central.messages import app, contacts, watching
from central.messages.app import APPS, MessagesPage
from central.server.api.integrations import SECURITY, After, system_of
from central.server.api.schema import taking
from central.server.api.server import CentralDep
from common.protocol.field import OrderId, Phone
from common.web.page_texts import Language
from common.web.problem import Problem, answers
from common.web.request import HttpRequest

_MOST_BYTES: Final = 1024
Order = Annotated[str, PathParameter(description="The order's id, 32 hex digits")]


class Contact(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the owner of an order is written to; null takes it back."""

    phone: Phone | None
    language: Language = "ar"


class WatchWish(Struct, frozen=True, forbid_unknown_fields=True):
    """Which ticket is to be watched: the 32 hex digits of its page's address."""

    token: Annotated[str, Meta(max_length=64)]


class Watch(Struct, frozen=True):
    """A ticket that is watched, as messages name it."""

    watch: str


@put(
    "/v1/orders/{order:str}/contact",
    status_code=204,
    request_max_body_size=_MOST_BYTES,
    operation_class=taking(Contact),
    responses=answers(400, 401, 403, 413, 422, 503),
    security=SECURITY,
    summary="Say where the owner of an order is written to",
    operation_id="putContact",
    tags=["messages"],
)
async def put_contact(request: HttpRequest, order: Order, central: CentralDep) -> None:
    """Keep a number for this order alone, sealed, in the place of any before."""
    await system_of(request, central, *APPS)
    about, wanted = _convert(order, OrderId), _read(await request.body(), Contact)
    async with central.engine.begin() as connection:
        if wanted.phone is None:
            await contacts.forget(connection, "order", about)
        else:
            vault = central.ring.vault()
            await contacts.keep(connection, vault, "order", about, wanted.phone, wanted.language)


@post(
    "/v1/watches",
    status_code=201,
    request_max_body_size=_MOST_BYTES,
    operation_class=taking(WatchWish),
    responses=answers(400, 401, 403, 404, 409, 413, 422, 503),
    security=SECURITY,
    summary="Ask to be told when a turn is near",
    operation_id="watchTurn",
    tags=["messages"],
)
async def watch(request: HttpRequest, central: CentralDep) -> Response[Watch]:
    """Watch a ticket that waits; asked again it is the same watch."""
    await system_of(request, central, *APPS)
    wanted = _read(await request.body(), WatchWish)
    await central.visits.catch_up(central.engine)
    async with central.engine.begin() as connection:
        ticket = await ticket_of(connection, wanted.token)
        status = None if ticket is None else await status_of(connection, ticket)
        if ticket is None or status is None:
            raise Problem(404, "not-found", "there is no page for this number")
        found = await watching.ask(connection, ticket) if status.state == "waiting" else None
    if found is None:
        raise Problem(409, "over", "it waits no more, was told already, or its page says that nobody is to be told")
    return Response(Watch(found), status_code=201)


@get(
    "/v1/messages",
    responses=answers(400, 401, 403, 503),
    security=SECURITY,
    summary="Read whom to tell what",
    operation_id="readMessages",
    tags=["messages"],
)
async def read_messages(request: HttpRequest, central: CentralDep, after: After = "") -> MessagesPage:
    """Messages for the app after a place that are of use still; an id that comes again is the same message."""
    await system_of(request, central, *APPS)
    async with central.engine.begin() as connection:
        return await app.read(connection, after)


def _read[Body](body: bytes, kind: type[Body]) -> Body:
    """Read what was sent. Raises Problem 400, or 422 where it says something that is not taken."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Problem(422, "not-taken", str(error)[:300]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "bad-request", str(error)[:300]) from error


def _convert(text: str, kind: Any) -> str:
    try:
        return str(msgspec.convert(text, kind))
    except msgspec.ValidationError as error:
        raise Problem(422, "not-taken", "expected 32 hex digits") from error
