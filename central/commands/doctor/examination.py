"""All checks in the order in which a person mends things: machine, database, schema, keys, what was overlooked."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import opened_engine
from central.base.database.migration import REVISION, SchemaTooNewError, SchemaTooOldError, check_revision
from central.base.database.transactions import is_postgres, reading
from central.base.database.whole import of_no_use
from central.commands.doctor import answering, machine, running, server
from central.commands.doctor.channels import channels, payments
from central.keys import key_chain, sharing
from central.keys.key_file import KeyFileError
from central.keys.keys import KeyMissingError, KeyRing
from central.kiosks.stolen_pins import find_stolen_pins
from central.offices.retention import rules
from central.offices.retention.kinds import kinds
from central.offices.upkeep import machines, needs
from central.offices.upkeep.todo import by_urgency
from central.server.api import health, metrics
from common.machine.doctor.finding import Finding, ok, problem, skipped, warning

_MOST: Final = 20


async def examine(config: CentralConfig, certificate: Path) -> AsyncIterator[Finding]:
    """Look at everything, one finding after the other as it is made; nothing is changed."""
    yield machine.disk(config)
    yield machine.key_folder(config)
    yield machine.certificate(certificate, clock.now())
    yield running.public_url(config, certificate)
    yield machine.authority_key(certificate)
    yield machine.authority(config, clock.now())
    here = running.Machine()
    for finding in running.services(here):
        yield finding
    if here.has_service:  # elsewhere the address is another machine's
        yield answering.address(config, certificate, clock.now())
    try:
        async with opened_engine(config.database_url) as engine, reading(engine) as connection:
            async for finding in _of_database(connection, config):
                yield finding
    except (SQLAlchemyError, OSError) as error:
        todo = "systemctl status patroni (or postgresql) and haproxy; the address in CENTRAL_DATABASE"
        yield problem("database", f"it cannot be used ({type(error).__name__})", todo)


async def _of_database(connection: AsyncConnection, config: CentralConfig) -> AsyncIterator[Finding]:
    yield ok("database", "it answers")
    try:
        await check_revision(connection)
    except (SchemaTooOldError, SchemaTooNewError) as error:
        yield problem("schema", str(error), "central migrate" if "migrate`" in str(error) else "")
        return
    unused = ", ".join(await connection.run_sync(of_no_use))
    stay = f"; these tables stay, though nothing that is installed uses them: {unused}" if unused else ""
    yield ok("schema", f"it is of revision {REVISION}{stay}")
    yield await _keys(connection, config)
    yield await server.last_word(connection)
    if is_postgres(connection):
        yield await server.clocks(connection)
        yield await server.replication(connection)
    else:
        yield skipped("replication", "SQLite is one machine's own file")
    yield await server.backup(connection)
    yield await _retention(connection)
    yield await channels(connection, config)
    yield payments(config)
    async for finding in _machines(connection):
        yield finding
    yield await _rollout(connection)
    for one in await find_stolen_pins(connection):
        who = ", ".join(one.names[:10])
        text = f"{one.machine} of {one.centre} was revoked, and its disk holds hashes of these PINs: {who}"
        todo = f"central {one.kind} NAME --centre {one.centre} --role ROLE for each, unless you have that disk"
        yield warning("pins", text, todo)
    demo = await health.demo_keys(connection)
    for text in health.warnings(demo, await metrics.conditions(connection)):
        told = problem if "demo key" in text else warning
        yield told("service", text, "see the sentence itself")
    if not demo:
        yield ok("demo keys", "none is published")


async def _retention(connection: AsyncConnection) -> Finding:
    days = await rules.read(connection)
    lacking = [kind for kind, one in kinds().items() if one.unruled == "problem" and kind not in days]
    if lacking:
        todo = f"central retention set {lacking[0]} DAYS, as the city's rules for personal data say"
        return problem("retention", f"kept for ever, for no rule says how long: {', '.join(lacking)}", todo)
    late = await rules.late(connection)
    if late:
        said = ", ".join(f"{kind} (last kept {at})" for kind, at in late.items())
        todo = "systemctl status central-retention.timer central-retention; then systemctl start central-retention"
        return problem("retention", f"what is over its time was not deleted: {said}", todo)
    if "items" not in days:
        found = "what citizens sealed into items is kept for ever, unopened"
        return warning("retention", found, "central retention set items DAYS")
    return ok("retention", ", ".join(f"{kind} is kept {kept} days" for kind, kept in days.items()))


async def _machines(connection: AsyncConnection) -> AsyncIterator[Finding]:
    found = by_urgency(await machines.ill(connection))
    for one in found[:_MOST]:
        row = one.row("en")
        yield warning("machines", f"{row['where']}: {row['what']}", str(row["do"]))
    if len(found) > _MOST:
        yield warning("machines", f"and {len(found) - _MOST} more", "central needs names them all, and since when")
    if not found:
        yield ok("machines", "every kiosk and hub in service is heard, and says that it is well")


async def _rollout(connection: AsyncConnection) -> Finding:
    for one in await needs.stuck(connection):
        row = one.row("en")
        return warning("roll-out", str(row["what"]), str(row["do"]))
    return ok("roll-out", "none is stopped or waits for somebody")


async def _keys(connection: AsyncConnection, config: CentralConfig) -> Finding:
    ring = KeyRing(config.keys_dir)
    try:
        if not await key_chain.has_keys(connection):
            return problem("keys", "the database knows none", "central migrate")
        await sharing.check(connection, ring)
    except (KeyFileError, KeyMissingError) as error:
        return problem("keys", str(error), "without it no kiosk is answered and no order opened")
    return ok("keys", "this machine's key file opens every key of the database")
