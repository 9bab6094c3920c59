"""`central interrupt`, `works-again` and `now`: what works in the centres, said and seen from here."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from central.commands.running import Call, run, run_act, shared
from central.insight.centres.now import centres_now
from central.insight.centres.reading import CentresReader
from central.keys.keys import KeyRing
from central.publishing import service_orders
from common.machine.console import emit
from common.machine.errors import CannotBeDone

Service = Annotated[str, typer.Argument(help="The service's code.")]
Only = Annotated[list[str] | None, typer.Option("--centre", help="Only in this centre; may be said several times.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands into central's command line."""
    app.command()(interrupt)
    app.command("works-again")(works_again)
    app.command()(now)


@shared
def interrupt(
    call: Call,
    service: Service,
    reason: Annotated[str, typer.Option(help="Why: the code of a reason, such as registry-line.")],
    centre: Only = None,
) -> None:
    """Say that a service stands still, in some centres or in all. A manager may end it in his own."""
    told = run_act(
        call.config(),
        "service-interrupted",
        {"service": service, "reason": reason, "centres": ", ".join(centre or ()) or None},
        lambda connection, _: service_orders.interrupt(connection, service, reason, centre or ()),
    )
    known = "all of them were told so before; where a manager has let it work since: works-again, then once more"
    sentence = f"{_are_told(told)}: {reason}" if told else known
    call.say({"service": service, "state": "interrupted", "centres": told}, sentence)


@shared
def works_again(call: Call, service: Service, centre: Only = None) -> None:
    """Take back that a service stands still; what a centre has said itself stays."""
    told = run_act(
        call.config(),
        "service-resumed",
        {"service": service, "centres": ", ".join(centre or ()) or None},
        lambda connection, _: service_orders.works_again(connection, service, centre or ()),
    )
    call.say({"service": service, "state": "working", "centres": told}, _are_told(told))


@shared
def now(call: Call, centre: Annotated[str | None, typer.Option(help="Only this centre.")] = None) -> None:
    """List what every centre is like now, one JSON object a line, as `GET /v1/centres` tells it."""

    async def read(engine: AsyncEngine, _: KeyRing) -> None:
        known = await CentresReader(engine).read(0)
        lines = [one for one in centres_now(known).centres if centre in (None, one.centre)]
        if centre is not None and not lines:
            raise CannotBeDone(f"--centre: found {centre[:60]!r}; `central centres --json` lists those that there are")
        for one in lines:
            emit(msgspec.to_builtins(one))

    run(call.config(), read)


def _are_told(centres: Sequence[str]) -> str:
    return "1 centre is told" if len(centres) == 1 else f"{len(centres)} centres are told"
