"""Machines that need somebody: silent ones, and those that say of themselves what is wrong."""

from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock, hub_word
from central.base.tables.people import muted
from central.base.tables.received import waiting_lists
from central.kiosks import contacts, history
from central.kiosks.machine import SILENT_AFTER, Machine, is_mute
from central.kiosks.state import STOPPED, KioskState, read_state, symptoms_of
from central.offices.upkeep.todo import Todo


async def ill(connection: AsyncConnection) -> list[Todo]:
    """Name each machine that needs somebody, and for what; those that somebody is working on are left out."""
    now = clock.now()
    working = set(await connection.scalars(select(muted.c.kiosk).where(muted.c.until > clock.as_text(now))))
    machines = [one for one in await contacts.in_service(connection) if one.id not in working]
    found: list[Todo] = []
    for _, ones in groupby(machines, key=lambda one: one.centre):
        found += _silent_of_centre(list(ones), now)
    heard = [one for one in machines if not one.is_silent(now)]
    found += await _boards(connection, {one.id: one for one in heard if one.role == "hub"}, now)
    for one in heard:
        found += await _symptoms(connection, one, now)
    return found


async def _boards(connection: AsyncConnection, hubs: dict[str, Machine], now: datetime) -> list[Todo]:
    """Name the boards that the hubs that lead have not heard."""
    silent: list[Todo] = []
    for row in await connection.execute(select(waiting_lists).where(waiting_lists.c.hub.in_(hubs))):
        said_at = datetime.fromisoformat(row.at)
        board_s = hub_word.read(row.list).board_silent_s
        board_at = None if board_s is None else said_at - timedelta(seconds=board_s)
        # A hub that no longer leads says nothing of a board: the one that leads does.
        if board_at is not None and now - said_at <= SILENT_AFTER < now - board_at:
            silent.append(Todo(kind="board-silent", since=clock.as_text(board_at), machine=hubs[row.hub]))
    return silent


async def _symptoms(connection: AsyncConnection, machine: Machine, now: datetime) -> list[Todo]:
    """Name what is wrong with a machine by its own last word, or that a kiosk has none."""
    state = read_state(machine.report)
    said_at = machine.reported_at if state.says_how_it_is else None
    is_stopped = state.out_of_service == STOPPED  # which is said once, by another process than says the rest
    if machine.role == "kiosk" and not is_stopped and is_mute(said_at or machine.enrolled_at, now):
        return [Todo(kind="kiosk-mute", machine=machine, since=said_at)]
    return [
        Todo(
            kind=f"{machine.role}-{one.name}",
            machine=machine,
            since=await history.since(connection, machine.id, one),
            said=_words_of(one.name, state),
            detail=_detail_of(one.name, state),
            count=state.waiting if one.name == "backlog" else None,
        )
        for one in symptoms_of(state, machine.role)
    ]


def _detail_of(symptom: str, state: KioskState) -> dict[str, str]:
    match symptom:
        case "board":
            return {"boards": ", ".join(state.boards_lack)}
        case "stick":
            return {"version": state.version}
        case _:
            return {}


def _words_of(symptom: str, state: KioskState) -> list[tuple[str, str]]:
    match symptom:
        case "closed":
            return [("out", state.out_of_service or "")]
        case "paper":
            return [("paper", state.paper or "")]
        case "device":
            return [("device", name) for name in state.failing]
        case "alarm":
            return [("alarm", code) for code in dict.fromkeys([*state.alarms, *["dead-letters"] * bool(state.dead)])]
        case "updates":
            return [("lacks", state.update_lacks or "")]
        case "board":
            return [("lacks", lack) for lack in dict.fromkeys(state.boards_lack.values())]
        case "left-out":
            return [("left-out", name) for name in state.left_out]
        case _:
            return []


def _silent_of_centre(machines: list[Machine], now: datetime) -> list[Todo]:
    """Name each silent machine of a centre; where none is heard it is the centre's power or line, and one thing."""
    silent = [one for one in machines if one.is_silent(now)]
    if len(silent) > 1 and silent == machines:
        last = max(machines, key=lambda one: one.heard_at or "")
        return [Todo(kind="centre-silent", since=last.heard_at, machine=last, count=len(machines))]
    return [Todo(kind=f"{one.role}-silent", since=one.heard_at, machine=one) for one in silent]
