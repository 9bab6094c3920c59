"""The command on the day that is served: it is closed from the console, as from the manager's page."""

import msgspec

from common.machine.console import say
from common.machine.errors import CannotBeDone
from common.machine.options import Json
from hub.commands.options import DEFAULT_CONFIG, Config
from hub.opened import opened


def close_day(config: Config = DEFAULT_CONFIG, json: Json = False) -> None:
    """Close the day that is served: nobody of it is called any more; before its time all who wait are carried over."""
    from common.protocol.queue.event import CARRIED
    from hub.engine.managing import close_day as close
    from hub.engine.refusal import Refused

    with opened(config) as parts:
        try:
            with parts.hub.act() as act:
                found = close(act)
                carried = sum(event.kind == CARRIED for event in act.recorded)
        except Refused as error:
            raise CannotBeDone(str(error)) from error
    sentence = f"the day {found.business_day} is closed; {carried} of those who waited come first on a later day"
    say(msgspec.to_builtins(found) | {"carried": carried}, sentence, json=json)
