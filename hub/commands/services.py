"""The commands on services: what works in this centre now, said from the console."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from common.machine.console import emit, say
from common.machine.errors import CannotBeDone
from common.machine.options import Json, accepts_json
from hub.commands.options import DEFAULT_CONFIG, Config
from hub.opened import opened


@accepts_json
def services(config: Config = DEFAULT_CONFIG) -> None:
    """Say of each service whether it works, since when it does not, and whether today is likely."""
    from hub.services.now import services_now

    with opened(config) as parts, parts.hub.read() as look:
        found = services_now(look)
    for one in found:
        emit(msgspec.to_builtins(one))


def interrupt(
    service: Annotated[str, typer.Argument(help="The service's code.")],
    reason: Annotated[str, typer.Option(help="Why: the code of a published reason, such as registry-line.")],
    until: Annotated[str | None, typer.Option(help="When it is expected to work again, HH:MM.")] = None,
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Say that a service stands still; its tickets keep their places."""
    from common.protocol.field import TimeOfDay
    from hub.engine.centre import Interruption
    from hub.services.interrupting import CONSOLE
    from hub.services.interrupting import interrupt as stop

    try:
        at = msgspec.convert(until, TimeOfDay | None)
    except msgspec.ValidationError as error:
        raise CannotBeDone(f"--until {until}: expected a time of today such as 11:30") from error
    found = _of_service(config, lambda act: stop(act, service, Interruption(reason, CONSOLE, until=at)))
    say(msgspec.to_builtins(found), f"{service} stands still: {found.reason}", json=json)


def works_again(
    service: Annotated[str, typer.Argument(help="The service's code.")],
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Say that a service works again."""
    from hub.services.interrupting import CONSOLE
    from hub.services.interrupting import works_again as resume

    found = _of_service(config, lambda act: resume(act, service, CONSOLE))
    say(msgspec.to_builtins(found), f"{service} works", json=json)


def _of_service[T](config: Path, work: Callable[[Any], T]) -> T:
    """Do what is said of a service in one transaction of the hub that leads."""
    from hub.engine.refusal import Refused

    with opened(config) as parts:
        try:
            with parts.hub.act() as act:
                return work(act)
        except Refused as error:
            raise CannotBeDone(str(error)) from error
