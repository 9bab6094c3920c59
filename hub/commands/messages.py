"""The commands on messages to staff: what became of them, and one put in by hand."""

from typing import Annotated, Literal

import msgspec
import typer

from common.machine.console import emit
from common.machine.errors import CannotBeDone, ConfigError
from common.machine.options import accepts_json
from hub.commands.options import DEFAULT_CONFIG, Config
from hub.opened import opened


@accepts_json
def messages(config: Config = DEFAULT_CONFIG) -> None:
    """List the messages to staff of the last thirty days, oldest first; to whom is in none of them."""
    from common.messages import outbox
    from hub.log import tables

    with opened(config) as parts, parts.hub.store.read() as connection:
        rows = connection.execute(outbox.listing(tables.messages, None)).mappings().all()
    for row in rows:
        emit(dict(row))


@accepts_json
def say(
    text: Annotated[str, typer.Option(help="What it says, at most 70 letters.")],
    kind: Annotated[Literal["staff-alarm"], typer.Option(help="What kind of message.")] = "staff-alarm",
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Put a message to all of the staff who are told of alarms into the outbox: `hub forward` sends it."""
    import uuid

    from common.messages import outbox
    from common.messages.kind import fits
    from hub.delivery.enrolment import own_key
    from hub.log import tables
    from hub.messages import alarms
    from hub.messages.staff import NAME_SOMEBODY, NOBODY, StaffUnreadable, is_told, mark_of, staff_of

    if not text.strip() or not text.isprintable() or not fits(text):
        raise ConfigError("--text: expected one line of at most 70 letters, as one message holds")
    with opened(config) as parts, parts.hub.store.write() as connection:
        key, name = own_key(parts.config.data_dir), f"{alarms.SAID}/{uuid.uuid4()}"
        try:
            people = [one for one in staff_of(connection, key) if is_told(one, kind)]
        except StaffUnreadable as error:
            raise CannotBeDone(f"the list of staff does not open: {error}") from error
        if not people:
            raise CannotBeDone(f"{NOBODY}: {NAME_SOMEBODY}")
        now = parts.clock.now().wall_time
        made = [alarms.put(connection, name, mark_of(one.number, key), text, now) for one in people]
        listing = outbox.listing(tables.messages, None).where(tables.messages.c.id.in_(made))
        rows = connection.execute(listing).mappings().all()
    for row in rows:
        emit(dict(row))


@accepts_json
def modem(config: Config = DEFAULT_CONFIG) -> None:
    """Say what the modem is like: signal, operator, SIM, credit where known; or what `hub forward` last heard of it."""
    from common.messages.modem import device_of, said_by
    from common.messages.modem_note import last_said
    from common.messages.port import ChannelUnavailable

    with opened(config) as parts:
        folder = parts.config.data_dir
        section = parts.config.messages.kept_in(folder).modem
    if section is None:
        raise CannotBeDone("no modem is set up: [modem] in hub.toml")
    try:
        found = device_of(section)
    except ChannelUnavailable as error:  # the forwarder holds its port, or it is gone
        said = last_said(folder)
        if said is None:
            raise CannotBeDone(f"the modem can't be asked: {error}") from error
    else:
        try:
            said = said_by(found, found.credit() or None)
        finally:
            found.close()
    emit(msgspec.to_builtins(said))
