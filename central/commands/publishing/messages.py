"""The commands on messages to citizens: what became of them, and one put in by hand."""

from typing import Annotated, Any, Literal

import msgspec
import typer
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.messages import SYSTEM, told
from central.commands.running import Call, list_rows, run_act, shared
from central.intake.orders import order_states
from central.keys.keys import KeyRing
from central.levels.reconciling import BY_HAND, row_of
from central.messages import orders
from central.messages.orders import OrderReady
from common.machine.console import emit
from common.machine.errors import ConfigError
from common.messages import outbox
from common.messages.kind import State
from common.protocol.feed_message import OrderState
from common.protocol.field import OrderId


def add_to(app: typer.Typer) -> None:
    """Put these commands into central's command line."""
    app.command()(messages)
    app.command()(say)


@shared
def messages(call: Call, state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None) -> None:
    """List the messages to citizens, oldest first, one JSON object a line; to whom is in none of them."""
    list_rows(call.config(), outbox.listing(told, state).where(told.c.subject != SYSTEM))


@shared
def say(
    call: Call,
    kind: Annotated[Literal["order-ready"], typer.Option(help="What kind of message.")],
    order: Annotated[str, typer.Option(help="The order's id, 32 hex digits.")],
) -> None:
    """Put a message into the outbox by hand: `central serve` sends it."""
    try:
        msgspec.convert(order, OrderId)
    except msgspec.ValidationError as error:
        raise ConfigError(f"--order: found {order[:40]!r}, expected 32 hex digits") from error

    async def make(connection: AsyncConnection, _: KeyRing) -> dict[str, Any]:
        state = await order_states.newest(connection, order) or OrderState(order, "ready")
        now = clock.now()
        level = await orders.level_of(connection, state, f"{BY_HAND}{clock.as_text(now)}", now)
        row = row_of(OrderReady.name, OrderReady.subject, level, now)
        await connection.execute(insert(told).values(row))
        found = await connection.execute(outbox.listing(told, None).where(told.c.id == row["id"]))
        return dict(found.mappings().one())

    emit(run_act(call.config(), "message-made", {"kind": kind}, make))
