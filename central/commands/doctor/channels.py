"""Whether a message to citizens has a way out, and a payment a way in."""

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import CentralConfig
from central.messages import app
from central.payments import settings
from common.machine.doctor.finding import Finding, ok, problem, skipped, warning
from common.machine.errors import ConfigError
from common.messages.doctor import check_channels


def payments(config: CentralConfig) -> Finding:
    """Look whether payments may start, as far as the file says."""
    if config.payments is None:
        return skipped("payments", "CENTRAL_PAYMENTS names no file: nothing can be paid by telephone")
    try:
        found = settings.load(config.payments)
    except ConfigError as error:
        return problem("payments", str(error), "mend the file, then restart central")
    if found.why_not is not None:
        return problem("payments", found.why_not, "mend it, then restart central: until then nothing can be paid")
    return ok("payments", f"by {', '.join(found.payers) or 'nobody'}, for {', '.join(found.billers) or 'nobody'}")


async def channels(connection: AsyncConnection, config: CentralConfig) -> Finding:
    """Look at the channels that the settings name, and at the app's."""
    listeners = [one.name for one in await app.listeners(connection)]
    found = check_channels(config.messages)
    if found is not None:
        return found
    names = [*config.messages.names, *(f"the app by {name}" for name in listeners)]
    if not names:
        todo = "central system give NAME --may order-states, or CENTRAL_MESSAGES with [http] or [modem]"
        return warning("messages", "no channel: what is to be told to citizens is dropped when its time is over", todo)
    return ok("messages", f"they go out by {', '.join(names)}")
