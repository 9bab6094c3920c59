"""Whether a message to citizens has a way out."""

from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.config import CentralConfig
from central.messages import app
from common.machine.doctor.finding import Finding, ok, warning
from common.messages.doctor import check_channels


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
