"""Roll-outs in the database: which version is on its way, who was told, and telling the next by the feed."""

import re
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import FEED_LOCK, lock
from central.base.tables.received import health
from central.base.tables.told import rollout_kiosks, rollouts
from central.feed import Audience, append
from central.kiosks.contacts import in_service
from central.kiosks.machine import Machine
from central.kiosks.rollout.plan import Standing, Step, Went, next_step, went
from common.protocol.feed_message import release_of

VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.+~]{0,60}")
SETTING_VERSION, SETTING_FROM = "update.version", "update.from"
_KEY: Final = "update"  # a message of its own in a kiosk's snapshot, beside its other settings
RUNNING, STOPPED, DONE = "running", "stopped", "done"
BY_HAND: Final = "stopped by hand"
Role = Literal["kiosk", "hub"]
UNTENDED_AFTER: Final = timedelta(minutes=30)  # the timer looks each ten minutes
ANSWERS_WITHIN: Final = timedelta(hours=30)  # one that was told installs it in the next night, and says so


class Hitch(Struct, frozen=True):
    """Why a roll-out needs somebody. `kind`: stopped, waiting, or untended by its timer.

    `about`: the machine at which it stopped, whose own words are `why`, or some of those for which it waits.
    """

    kind: Literal["stopped", "waiting", "untended"]
    version: str
    since: str
    why: str = ""
    about: list[Machine] = []


class RolloutRefused(ValueError):
    """A roll-out that can't be; the text says what was found and what would be right."""


async def start(
    connection: AsyncConnection, version: str, first: int, due_from: datetime | None, *, role: Role = "kiosk"
) -> None:
    """Begin a roll-out; the first machines are told at once.

    Args:
        connection: the transaction.
        version: what they should have.
        first: how many are told at the beginning.
        due_from: the earliest time at which one installs it; now where None.
        role: whether kiosks or hubs are meant.

    Raises:
        RolloutRefused: no version, or another roll-out is on its way.
    """
    if not VERSION.fullmatch(version):
        raise RolloutRefused(f"VERSION: found {version[:60]!r}, expected one such as 1.2.0")
    await lock(connection, FEED_LOCK)
    running = await _newest(connection)
    if running is not None and running.state == RUNNING:
        raise RolloutRefused(f"{running.version} is on its way: `central rollout stop` first")
    now = clock.now()
    values = {"version": version, "role": role, "first": first, "state": RUNNING}
    times = {"due_from": clock.as_text(due_from or now), "started_at": clock.as_text(now)}
    await connection.execute(insert(rollouts).values(**values, **times))
    await advance(connection)


async def advance(connection: AsyncConnection, *, go_on: bool = False) -> Step:
    """Take the next step of the roll-out that is on its way; may be called as often as one likes."""
    await lock(connection, FEED_LOCK)
    rollout = await _newest(connection)
    if rollout is None or rollout.state != RUNNING:
        return Step()
    looked = {"looked_at": clock.as_text(clock.now())}
    await connection.execute(update(rollouts).where(rollouts.c.id == rollout.id).values(looked))
    stands = await standings(connection)
    step = next_step(stands, rollout.first, go_on=go_on, one_a_centre=rollout.role == "hub")
    if step.stop is not None:
        await _end(connection, rollout, STOPPED, step.stop)
    elif step.over:
        await _end(connection, rollout, DONE, None)
    for kiosk in step.tell:
        await _tell(connection, kiosk, {SETTING_VERSION: rollout.version, SETTING_FROM: rollout.due_from})
        told = {"rollout": rollout.id, "kiosk": kiosk, "told_at": clock.as_text(clock.now())}
        await connection.execute(insert(rollout_kiosks).values(told))
    return step


async def stop(connection: AsyncConnection, why: str) -> str:
    """Stop the roll-out: those that have not installed it yet are told to stay; return its version.

    Raises:
        RolloutRefused: none is on its way.
    """
    await lock(connection, FEED_LOCK)
    rollout = await _newest(connection)
    if rollout is None or rollout.state != RUNNING:
        raise RolloutRefused("no roll-out is on its way")
    await _end(connection, rollout, STOPPED, why)
    return str(rollout.version)


async def standings(connection: AsyncConnection) -> list[Standing]:
    """Return how each in service of those that the newest roll-out is for stands towards it.

    Not of one that runs a newer version, from a stick or since before central was set back: it takes no older one.
    """
    rollout = await _newest(connection)
    if rollout is None:
        return []
    told = await _told(connection, rollout.id)
    reports = {row.kiosk: row.report for row in await connection.execute(select(health.c.kiosk, health.c.report))}
    found = []
    for one in sorted(await in_service(connection), key=lambda machine: machine.id):
        if one.role == rollout.role:
            report: dict[str, Any] | None = msgspec.json.decode(reports.get(one.id, "null"))
            if release_of(str((report or {}).get("version"))) > release_of(rollout.version):
                continue
            state, why = went(report, rollout.version, told=one.id in told)
            is_quiet = one.is_silent(clock.now())
            found.append(Standing(one.id, one.centre, state, is_quiet, why, one.name, leads=one.led_at is not None))
    return found


async def hitch(connection: AsyncConnection) -> Hitch | None:
    """Return why the newest roll-out needs somebody; None where it goes on, is over, or was stopped by hand."""
    rollout = await _newest(connection)
    if rollout is None or rollout.state == DONE or rollout.why == BY_HAND:
        return None
    looked_at = rollout.looked_at or rollout.started_at
    if rollout.state == STOPPED:
        failed = [one for one in await standings(connection) if one.went is Went.FAILED][:1]
        why = failed[0].why if failed else rollout.why or ""
        return Hitch("stopped", rollout.version, looked_at, why, await _machines(connection, failed))
    latest = clock.as_text(clock.now() - ANSWERS_WITHIN)
    due = {kiosk: max(told_at, rollout.due_from) for kiosk, told_at in (await _told(connection, rollout.id)).items()}
    late = [one for one in await standings(connection) if one.went is Went.WAITING and due[one.kiosk] < latest]
    if late:
        since = min(due[one.kiosk] for one in late)
        return Hitch("waiting", rollout.version, since, about=await _machines(connection, late[:5]))
    if looked_at < clock.as_text(clock.now() - UNTENDED_AFTER):
        return Hitch("untended", rollout.version, looked_at)
    return None


async def _machines(connection: AsyncConnection, standing: list[Standing]) -> list[Machine]:
    known = {one.id: one for one in await in_service(connection)}
    return [known[one.kiosk] for one in standing]


async def described(connection: AsyncConnection) -> dict[str, Any] | None:
    """Return the newest roll-out in a row: version, state, for whom it is, and how many of them stand how."""
    rollout = await _newest(connection)
    if rollout is None:
        return None
    counts = dict.fromkeys(Went, 0)
    for one in await standings(connection):
        counts[one.went] += 1
    numbers = {state.value: count for state, count in counts.items()}
    row = {"version": rollout.version, "state": rollout.state, "from": rollout.due_from, "why": rollout.why}
    return row | {"first": rollout.first, "for": rollout.role} | numbers


async def _newest(connection: AsyncConnection) -> Row[Any] | None:
    return (await connection.execute(select(rollouts).order_by(rollouts.c.id.desc()).limit(1))).one_or_none()


async def _told(connection: AsyncConnection, rollout: int) -> dict[str, str]:
    """Return who was told, and when."""
    rows = await connection.execute(select(rollout_kiosks).where(rollout_kiosks.c.rollout == rollout))
    return {row.kiosk: row.told_at for row in rows}


async def _end(connection: AsyncConnection, rollout: Row[Any], state: str, why: str | None) -> None:
    if state == STOPPED:
        there = {one.kiosk: one.went for one in await standings(connection)}
        for kiosk in await _told(connection, rollout.id):
            if there.get(kiosk) is not Went.DONE:
                await _tell(connection, kiosk, {SETTING_VERSION: None, SETTING_FROM: None})
    ended = {"state": state, "why": why, "looked_at": clock.as_text(clock.now())}
    await connection.execute(update(rollouts).where(rollouts.c.id == rollout.id).values(ended))


async def _tell(connection: AsyncConnection, kiosk: str, settings: dict[str, str | None]) -> None:
    await append(connection, "settings", settings, key=_KEY, audience=Audience(kiosk=kiosk))
