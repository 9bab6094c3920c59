"""T8. The network as it is, whether central answers and what fails; and, for a manager, other addresses."""

import asyncio
from dataclasses import dataclass

from kiosk.flows.ended import WentBack
from kiosk.machine.network.address import Addressing
from kiosk.machine.network.link import Link
from kiosk.machine.network.network_manager import NetworkRefused, Profile
from kiosk.maintenance.central.central_try import try_now
from kiosk.maintenance.central.network_change import change_addresses
from kiosk.maintenance.prompts import Button, Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import OFFERED, Availability, Text

_TITLE = Text("maintenance.place.network")
_REFRESH_S = 5.0  # a cable that is put in shows by itself


@dataclass(frozen=True, slots=True)
class Seen:
    """The network at one look. `profiles` None: NetworkManager has no part in this machine's network."""

    links: tuple[Link, ...]
    name_servers: tuple[str, ...]
    profiles: tuple[Profile, ...] | None


async def network(session: Session) -> None:
    """Show cable, addresses and the way to central; try it, or change the addresses, on touch."""
    tools = session.tools
    while True:
        seen = await asyncio.to_thread(look, session)
        central = Line(Text("maintenance.topic.central"), tools.settings.config.central.url)
        buttons = (
            Button("try", Text("maintenance.network.try")),
            Button("change", Text("maintenance.network.change"), _may_change(session, seen)),
        )
        note = None if seen.profiles is not None else Text("maintenance.network.set_elsewhere")
        panel = Panel("network", _TITLE, (*lines_of(seen), central), buttons, note)
        try:
            answer = await session.ask(panel, within_s=_REFRESH_S)
        except TimeoutError:
            continue
        try:
            if answer == "try":
                await try_now(session, _TITLE)
            elif answer == "change" and seen.profiles:
                await change_addresses(session, seen.profiles)
        except WentBack:
            continue


def look(session: Session) -> Seen:
    """Look at kernel and NetworkManager; in a worker thread."""
    links, servers = session.tools.links()
    manager = session.tools.network_manager
    profiles = None
    if manager is not None and manager.is_running():
        try:
            profiles = tuple(manager.profiles())
        except NetworkRefused:
            profiles = ()
    return Seen(tuple(links), tuple(servers), profiles)


def lines_of(seen: Seen) -> list[Line]:
    """Return how each interface is: cable, addresses, who gave them, gateway; and the name servers."""
    if not seen.links:
        return [Line(Text("maintenance.network.no_interface"), tone=Tone.BAD)]
    set_as = {profile.interface: profile.addressing for profile in seen.profiles or ()}
    found: list[Line] = []
    for link in seen.links:
        found.append(_interface(link))
        if link.addresses:
            origin = _origin(set_as.get(link.interface))
            address = Text("maintenance.network.address", {"interface": link.interface})
            found.append(Line(address, ", ".join(link.addresses), note=origin))
            gateway = Text("maintenance.network.gateway", {"interface": link.interface})
            found.append(Line(gateway, link.gateway or Text("maintenance.none")))
        elif link.has_carrier:
            found.append(Line(Text("maintenance.network.no_address"), tone=Tone.BAD))
    found.append(Line(Text("maintenance.network.dns"), ", ".join(seen.name_servers) or Text("maintenance.none")))
    return found


def _interface(link: Link) -> Line:
    kind = "wifi" if link.is_wifi else "wired"
    word = Text(f"maintenance.network.{kind}_{'up' if link.has_carrier else 'down'}")
    return Line(link.interface, word, Tone.GOOD if link.has_carrier else Tone.BAD)


def _origin(addressing: Addressing | None) -> Text | None:
    if addressing is None:
        return None
    return Text("maintenance.network.static" if addressing.is_static else "maintenance.network.dhcp")


def _may_change(session: Session, seen: Seen) -> Availability:
    if seen.profiles is None:
        return Availability(False, Text("maintenance.network.no_manager"))
    if session.who.role != "manager":
        return Availability(False, Text("maintenance.managers_only"))
    return OFFERED if seen.profiles else Availability(False, Text("maintenance.network.nothing_up"))
