"""`central diagnose`: a kiosk's log of the last day, without anybody at the kiosk."""

from typing import Annotated

import msgspec
import typer

from central.commands.running import Call, run_act, run_in_transaction, shared
from central.kiosks import diagnosis
from common.machine.console import emit
from common.machine.errors import CannotBeDone


def add_to(app: typer.Typer) -> None:
    """Put this command into central's command line."""
    app.command()(diagnose)


@shared
def diagnose(
    call: Call,
    kiosk: str,
    answer: Annotated[bool, typer.Option("--answer", help="Ask nothing; list what it answered, a line each.")] = False,
) -> None:
    """Ask a kiosk for its log of the last day, without anything personal, and say whether it has answered."""
    config = call.config()
    if not answer:
        asked = run_act(
            config, "log-asked-for", {"kiosk": kiosk}, lambda connection, _: diagnosis.ask(connection, kiosk)
        )
        sentence = f"{kiosk} was asked at {asked.asked_at}; `central diagnose {kiosk} --answer` lists what it says"
        call.say(asked.as_dict(), sentence)
        return
    found = run_in_transaction(config, lambda connection, _: diagnosis.read(connection, kiosk))
    if found is None:
        raise CannotBeDone(f"nothing was asked of {kiosk!r}: `central diagnose KIOSK` asks")
    if found.answered_at is None:
        raise CannotBeDone(f"{kiosk} was asked at {found.asked_at} and has not answered yet")
    if found.is_gone:
        raise CannotBeDone(f"{kiosk} answered at {found.answered_at}; a rule of retention has deleted what it said")
    emit(found.as_dict())
    for line in found.lines:
        emit(msgspec.to_builtins(line))
