"""`central backup` and `central bring-back`: a copy of all, tried, and all of a restore."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.backup import copies, restoring
from central.backup import head as newest
from central.backup import key as keys
from central.backup.errors import BackupError
from central.base import clock
from central.base.config import CentralConfig
from central.base.database.migration import REVISION
from central.base.tables.kept import backups
from central.commands.running import Call, run_act, run_in_transaction, shared
from central.keys.keys import KeyRing
from central.keys.private_file import write_private

SETTINGS = Path("/etc/central")
Key = Annotated[
    Path | None, typer.Option("--key", envvar="CENTRAL_BACKUP_KEY", help="The key from the safe; else central's own.")
]
app = typer.Typer(help="A copy of database, keys and settings, sealed and signed.", add_completion=False)


@app.callback(invoke_without_command=True)
@shared
def make(
    call: Call,
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Make a copy in this folder.")] = None,
    settings: Annotated[Path, typer.Option(help="The folder of settings.")] = SETTINGS,
) -> None:
    """Make a copy and delete those that the rule no longer keeps.

    It keeps all of the newest 24 hours, and the last of each of 14 days, 8 weeks and 12 months.
    """
    if context.invoked_subcommand is not None:
        return
    if to is None:
        raise typer.BadParameter("a folder is missing: central backup --to FOLDER", param_hint="--to")
    config = call.config()
    rows = run_in_transaction(config, lambda *_: restoring.count(config))
    made, manifest = copies.make(config, to.absolute(), settings, keys.read_or_make(config.keys_dir), rows)
    size, gone = copies.size(made), copies.prune(to.absolute())
    noted = insert(backups).values(made_at=clock.as_text(clock.now()), folder=str(made), bytes=size)
    run_in_transaction(config, lambda connection, _: connection.execute(noted))
    row = {"backup": str(made), "bytes": size, "deleted": gone, "left_out": manifest.left_out}
    left_out = f"; not readable, and not in it: {', '.join(manifest.left_out)}" if manifest.left_out else ""
    call.say(row, f"{made}: {size / 1e6:.1f} MB{left_out}")


@app.command()
@shared
def check(
    call: Call,
    folder: Annotated[Path, typer.Argument(help="A copy, or a folder of copies: the newest.")],
    key: Key = None,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Bring the scratch database to this version's tables: an update's trial.")
    ] = False,
) -> None:
    """Restore a copy into a scratch database, and say what is in it."""
    config = call.config()
    copy = copies.find(folder.absolute())
    own = _key(config, key)
    found = asyncio.run(restoring.check(config, copy, own, migrates=migrate))
    if migrate:  # central's own database may still be an older version's, which can't note it
        revision = copies.read(copy, own).revision
        said = f"{copy} was of revision {revision}, and can be brought to {REVISION}"
        call.say({"backup": str(copy), **found, "revision": revision, "own": REVISION}, said)
        return
    checked = update(backups).where(backups.c.folder == str(copy)).values(checked_at=clock.as_text(clock.now()))
    run_in_transaction(config, lambda connection, _: connection.execute(checked))
    said = f"{copy} can be restored: {found['kiosks']} kiosks and hubs, {found['items']} items"
    call.say({"backup": str(copy), **found}, said)


@app.command()
@shared
def head(call: Call) -> None:
    """Say what central took in last: while that stays, a copy lacks nothing. For central-update."""
    found = run_in_transaction(call.config(), lambda connection, _: newest.head(connection))
    call.say({"head": found, "revision": REVISION}, found)


@app.command("key")
@shared
def key_for_the_safe(
    call: Call,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to; then print it, and put it into the safe.")],
) -> None:
    """Write down what the safe gets: it opens every copy of this central, and can sign none."""
    config = call.config()
    write_private(out, keys.for_the_safe(keys.read_or_make(config.keys_dir)))
    call.say({"key": str(out)}, f"{out} opens every copy: print it, put it into the safe, delete the file")


@shared
def bring_back(
    call: Call,
    folder: Annotated[Path, typer.Argument(help="A copy, or a folder of copies: the newest.")],
    at: Annotated[str | None, typer.Option(help="The newest copy made by then, as 2026-11-25T03:00; UTC.")] = None,
    really: Annotated[bool, typer.Option("--really", help="What is here now may be replaced.")] = False,
    key: Key = None,
) -> None:
    """Bring a copy back, all of it: keys, database, migrations; kiosks are asked for what came since."""
    config = call.config()
    copy = copies.find(folder.absolute(), _moment(at))
    manifest = asyncio.run(restoring.bring_back(config, copy, _key(config, key), really=really))
    detail = {"backup": copy.name, "made_at": manifest.made_at}

    # A copy is noted when it has been made, so none holds itself: else the newest would seem to be the one before.
    values = {"made_at": manifest.made_at, "folder": str(copy), "bytes": copies.size(copy)}

    async def noted(connection: AsyncConnection, _: KeyRing) -> None:
        await connection.execute(insert(backups).values(**values, checked_at=clock.as_text(clock.now())))

    run_act(config, "brought-back", detail, noted)
    settings = config.data_dir / restoring.SETTINGS_BROUGHT
    said = f"{copy.name} is back; its settings lie in {settings}, for /etc/central; now start central"
    call.say({"backup": str(copy), "made_at": manifest.made_at, "settings": str(settings)}, said)


def _key(config: CentralConfig, told: Path | None) -> keys.BackupKey:
    return keys.read(told or config.keys_dir / keys.NAME)


def _moment(told: str | None) -> datetime | None:
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise BackupError(f"--at: found {told[:40]!r}, expected a moment such as 2026-11-25T03:00") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
