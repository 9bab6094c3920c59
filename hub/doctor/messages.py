"""Whether staff can be told of what stands: a channel, and somebody whom central has named."""

from common.machine.doctor.finding import Finding, ok, problem, warning
from common.messages.doctor import check_channels
from common.messages.modem_note import CLOSED, REFUSED, ModemSaid, is_well, last_said
from hub.delivery.enrolment import own_key
from hub.messages.alarms import texts_let_go
from hub.messages.staff import NAME_SOMEBODY, NOBODY, StaffUnreadable, staff_of
from hub.opened import OpenHub


def check_messages(parts: OpenHub) -> Finding:
    """Look at the channels that the settings name, and at the list of staff."""
    settings = parts.config.messages
    found = check_channels(settings)
    if found is not None:
        return found
    if not settings.names:
        return warning("messages", "no channel: staff is told of nothing", "[modem] or [http] in hub.toml")
    try:
        with parts.hub.store.read() as connection:
            people, let_go = staff_of(connection, own_key(parts.config.data_dir)), texts_let_go(connection)
    except StaffUnreadable as error:
        return problem("messages", f"the list of staff does not open: {error}", "hub forward --once, for a new one")
    if not people:
        return warning("messages", NOBODY, NAME_SOMEBODY)
    said = last_said(parts.config.data_dir) if settings.modem is not None else None
    if said is not None and not is_well(said):
        return _is_not_well(said)
    aside = f"; {let_go} texts that came in took no alarm" if let_go else ""
    return ok("messages", f"{len(people)} of the staff are told by {', '.join(settings.names)}{aside}")


def _is_not_well(said: ModemSaid) -> Finding:
    is_like = f"{said.device}, SIM {said.sim}" + (f", {said.detail}" if said.detail else "")
    if said.sim == CLOSED:
        left = "" if said.pin_tries_left is None else f"; wrong PINs that the card takes yet: {said.pin_tries_left}"
        refused = "the card refused the PIN of pin_file" if said.detail == REFUSED else "the card asks for its PIN"
        todo = (
            "put the right PIN into pin_file; if it is not tried: open the SIM in a telephone, remove modem-pin-tries"
        )
        return problem("messages", f"no text goes out: {refused}{left} (at {said.at})", todo)
    todo = "antenna, SIM, credit and cable; then hub modem"
    return problem("messages", f"the modem could not send at {said.at}: {is_like}", todo)
