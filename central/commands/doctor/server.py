"""Checks of the time that is signed, and of PostgreSQL: its clock, its copies, and whether the backup goes on."""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.database.transactions import is_postgres
from central.kiosks import signed_time
from central.offices.upkeep import copies
from common.machine.doctor.finding import Finding, ok, problem, warning

ARCHIVED_WITHIN: Final = timedelta(hours=1)


async def clocks(connection: AsyncConnection) -> Finding:
    """Whether this machine and the database's agree on the time."""
    before = clock.now()
    there = await connection.scalar(select(func.clock_timestamp()))
    apart_s = 0.0 if there is None else clock.seconds_outside(there, before, clock.now())
    why_not = clock.why_not(clock.now(), None, apart_s)
    if why_not is not None:
        return problem("clock", why_not, "chronyc tracking on both machines; kiosks get no time meanwhile")
    return ok("clock", "this machine and the database's agree")


async def last_word(connection: AsyncConnection) -> Finding:
    """Whether kiosks are told the time."""
    why_not = await signed_time.why_not(connection)
    if why_not is not None:
        return problem("time", f"kiosks are told none: {why_not}", "set the clock, or central time --confirm")
    return ok("time", "kiosks are told it")


async def replication(connection: AsyncConnection) -> Finding:
    """Whether a commit waits for a second machine, and whether one is there."""
    wanted = str(await connection.scalar(text("SHOW synchronous_standby_names")))
    waits = str(await connection.scalar(text("SHOW synchronous_commit")))
    connected = int(await connection.scalar(text("SELECT count(*) FROM pg_stat_replication")) or 0)
    if not wanted:
        return warning("replication", "one machine has everything", "see deploy/cluster for three")
    if waits not in ("on", "remote_apply"):
        todo = "take synchronous_commit back to on: what is acknowledged may be on one machine only"
        return problem("replication", f"synchronous_commit is {waits}", todo)
    if not connected:
        todo = "patronictl list: start a second machine; never cancel commits that wait"
        return problem("replication", "no replica is connected: commits wait", todo)
    if connected < 2:
        todo = "patronictl list: the next machine that fails stops central"
        return warning("replication", "one replica is connected", todo)
    return ok("replication", f"{connected} replicas are connected, and a commit waits for one")


async def backup(connection: AsyncConnection) -> Finding:
    """Whether a copy was made lately and tried; where PostgreSQL has an archive, whether that goes on."""
    if is_postgres(connection) and await connection.scalar(text("SHOW archive_mode")) != "off":
        return await _archive(connection)
    made_at = await copies.made_at(connection)
    todo = "systemctl status central-backup.timer central-backup; then systemctl start central-backup"
    if made_at is None:
        return warning("backup", "no copy was ever made", todo)
    said = f"the newest copy was made at {made_at:%Y-%m-%d %H:%M} UTC"
    if clock.now() - made_at > copies.DUE:
        return problem("backup", said, todo)
    if await copies.untried_since(connection) is not None:
        return warning("backup", f"{said}; none was tried lately", "central backup check /var/backups/central")
    return ok("backup", said)


async def _archive(connection: AsyncConnection) -> Finding:
    row = (await connection.execute(text("SELECT * FROM pg_stat_archiver"))).one()
    if row.last_failed_time is not None and (
        row.last_archived_time is None or row.last_failed_time > row.last_archived_time
    ):
        said = f"archiving has failed since {row.last_failed_time:%Y-%m-%d %H:%M} UTC"
        return problem("backup", said, "pgbackrest --stanza=central check")
    if row.last_archived_time is None or clock.now() - row.last_archived_time > ARCHIVED_WITHIN:
        said = "nothing was archived within the last hour"
        return warning("backup", said, "set archive_timeout to 300; pgbackrest --stanza=central check")
    return ok("backup", f"WAL was archived at {row.last_archived_time:%Y-%m-%d %H:%M} UTC")
