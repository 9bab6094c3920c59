"""What a doctor asks of channels without opening one: a port that another process holds is not touched."""

import stat
from pathlib import Path

from common.machine.doctor.finding import Finding, problem
from common.machine.errors import ConfigError
from common.messages.channels import opener
from common.messages.settings import MessagesSettings


def check_channels(settings: MessagesSettings) -> Finding | None:
    """Return what is wrong with the channels that are set up; None where nothing is."""
    for name in settings.names:
        try:
            opener(name)
        except ConfigError as error:
            return problem("messages", str(error), "unpack the channel's package, or take its section out")
    secrets = [settings.http and settings.http.token_file, settings.modem and settings.modem.pin_file]
    for path in (Path(one) for one in secrets if one):
        try:
            mode = path.stat().st_mode
        except OSError as error:
            return problem("messages", f"{path} cannot be read: {error.strerror}", "put the secret there, mode 0600")
        if stat.S_IMODE(mode) & 0o077:
            return problem("messages", f"others may read {path}", f"chmod 0600 {path}")
    return None
