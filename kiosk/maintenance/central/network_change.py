"""T8. Other addresses, typed on a number pad, tried for a minute, and undone unless kept."""

import asyncio
from functools import partial
from ipaddress import IPv4Address, IPv4Interface

import structlog

from kiosk.flows.ended import WentBack
from kiosk.machine.network.address import Addressing, AddressRefused, read_address, read_dns, read_gateway, read_own
from kiosk.machine.network.network_manager import NetworkManager, NetworkRefused, Profile, Trial
from kiosk.maintenance.central.delivery import failure, read_delivery
from kiosk.maintenance.prompts import Button, EnterAddress, KeepChange, Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import Text
from offline_store.delivery.delivery_status import request_try_now

_log = structlog.get_logger(__name__)
_PARTS = ("own", "prefix", "gateway", "dns")
_LOOK_S = 1.0
_TITLE = Text("maintenance.network.change")


async def change_addresses(session: Session, profiles: tuple[Profile, ...]) -> None:
    """Ask for the new addresses of one interface, try them, and keep them only when told to. Raises WentBack."""
    profile = profiles[0] if len(profiles) == 1 else await _choose(session, profiles)
    lines = (
        Line(Text("maintenance.network.dhcp"), tone=_mark(not profile.addressing.is_static), id="dhcp"),
        Line(Text("maintenance.network.static"), tone=_mark(profile.addressing.is_static), id="static"),
    )
    how = await session.ask(Panel("addressing", _TITLE, lines, note=Text("maintenance.network.change_note")))
    wanted = Addressing() if how == "dhcp" else await _type(session, profile.addressing)
    if wanted == profile.addressing:
        await session.tell("network_same", _TITLE.msgid, "maintenance.network.same")
    elif await _is_sure(session, profile, wanted):
        await _try_out(session, profile, wanted)


def _mark(is_so: bool) -> Tone:
    return Tone.GOOD if is_so else Tone.PLAIN


async def _choose(session: Session, profiles: tuple[Profile, ...]) -> Profile:
    by_name = {profile.interface: profile for profile in profiles}
    lines = tuple(Line(name, str(profile.addressing), id=name) for name, profile in by_name.items())
    return by_name[await session.ask(Panel("interface", _TITLE, lines))]


async def _type(session: Session, present: Addressing) -> Addressing:
    """Ask for the four parts, one a screen; Back goes one back, and out of the first one out."""
    typed = {
        "own": str(present.own.ip) if present.own else "",
        "prefix": str(present.own.network.prefixlen) if present.own else "24",
        "gateway": str(present.gateway or ""),
        "dns": str(present.dns[0]) if present.dns else "",
    }
    at, wrong = 0, None
    while True:
        part = _PARTS[at]
        may_be_empty = part in ("gateway", "dns")
        try:
            typed[part] = await session.ask(
                EnterAddress(part, at + 1, len(_PARTS), typed[part], wrong, may_be_empty=may_be_empty)
            )
        except WentBack:
            if at == 0:
                raise
            at, wrong = at - 1, None
            continue
        try:
            found = _read(typed, at)
        except AddressRefused as refused:
            wrong = Text(f"maintenance.address.wrong.{refused.why}")
            continue
        if at == len(_PARTS) - 1:
            return found
        at, wrong = at + 1, None


def _read(typed: dict[str, str], at: int) -> Addressing:
    """Read the parts up to this one. Raises AddressRefused: of the part that was typed last."""
    address = read_address(typed["own"])
    if at == 0:
        return Addressing(IPv4Interface(address))
    own = read_own(address, typed["prefix"])
    gateway: IPv4Address | None = read_gateway(own, typed["gateway"]) if at > 1 else None
    return Addressing(own, gateway, read_dns(typed["dns"]) if at > 2 else ())


async def _is_sure(session: Session, profile: Profile, wanted: Addressing) -> bool:
    lines = (
        Line(Text("maintenance.network.before"), _shown(profile.addressing)),
        Line(Text("maintenance.network.after"), _shown(wanted), Tone.ATTENTION),
        *_beside(profile.interface, wanted),
    )
    buttons = (Button("try", Text("maintenance.network.try_out"), is_grave=True),)
    note = Text("maintenance.keep_note", {"n": session.tools.revert_s})
    return await session.ask(Panel("network_sure", _TITLE, lines, buttons, note)) == "try"


def _shown(addressing: Addressing) -> Text | str:
    return Text("maintenance.network.dhcp") if addressing.own is None else str(addressing.own)


def _beside(interface: str, wanted: Addressing) -> tuple[Line, ...]:
    """Return gateway and name server as they will be; DHCP brings its own."""
    if not wanted.is_static:
        return ()
    none = Text("maintenance.none")
    gateway = Text("maintenance.network.gateway", {"interface": interface})
    servers = ", ".join(map(str, wanted.dns))
    return (Line(gateway, str(wanted.gateway or "") or none), Line(Text("maintenance.network.dns"), servers or none))


async def _try_out(session: Session, profile: Profile, wanted: Addressing) -> None:
    """Put the addresses in force, and keep or undo them. NetworkManager undoes them by itself should this never end."""
    tools, manager = session.tools, session.tools.network_manager
    assert manager is not None  # noqa: S101 (else there are no profiles)
    detail = {"interface": profile.interface, "before": str(profile.addressing), "after": str(wanted)}
    await session.record("network-changed", **detail)
    try:
        trial = await session.work(
            "maintenance.network.trying", partial(manager.try_out, profile, wanted, tools.revert_s)
        )
    except NetworkRefused as refused:
        await session.record("network-undone", **detail, why=refused.why)
        _log.warning("network-not-changed", why=refused.why, detail=refused.detail)
        await session.tell("network_refused", _TITLE.msgid, f"maintenance.network.refused.{refused.why}")
        return
    if not await _keep_or_undo(session, manager, trial, detail):
        await session.tell("network_undone", _TITLE.msgid, "maintenance.network.undone")


async def _keep_or_undo(session: Session, manager: NetworkManager, trial: Trial, detail: dict[str, str]) -> bool:
    """Ask until the minute is over; say whether the change was kept. Whatever ends the asking undoes it."""
    is_kept = False
    try:
        if await _is_to_stay(session):
            await session.work("maintenance.network.trying", partial(manager.keep, trial))
            is_kept = True
            await session.record("network-kept", **detail)
    except (WentBack, NetworkRefused) as why:
        _log.warning("network-change-not-kept", why=str(why)[:200])
    finally:
        if not is_kept:
            await _undo(session, manager, trial, detail)
    return is_kept


async def _undo(session: Session, manager: NetworkManager, trial: Trial, detail: dict[str, str]) -> None:
    try:
        await asyncio.to_thread(manager.undo, trial)
    except NetworkRefused as refused:
        _log.warning("network-undone-by-itself", why=refused.why)
    await session.record("network-undone", **detail)


async def _is_to_stay(session: Session) -> bool:
    """Ask whether to keep the change, saying meanwhile whether central answers; False when the time is over."""
    tools, loop = session.tools, asyncio.get_running_loop()
    ends = loop.time() + tools.revert_s
    before = await asyncio.to_thread(read_delivery, tools.store)
    await asyncio.to_thread(request_try_now, tools.store)
    while (left := ends - loop.time()) > 0:
        now = await asyncio.to_thread(read_delivery, tools.store)
        effect = Text("maintenance.network.asking")
        if now != before:  # not by its moment: a network that works again may set the clock back
            effect = Text("maintenance.network.answers") if now.error is None else failure(now.error)[0]
        prompt = KeepChange(_TITLE, max(1, round(left)), effect)
        try:
            return await session.ask(prompt, within_s=min(left, _LOOK_S)) == "keep"
        except TimeoutError:
            continue
    return False
