"""`kiosk outbox`: what waits for central, what it refused, and what goes out once more or on a stick."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from common.machine.console import emit, say
from common.machine.errors import CannotBeDone
from common.machine.options import Json, accepts_json
from kiosk.commands.options import DEFAULT_CONFIG, Config
from kiosk.runtime.parts import open_store
from kiosk.settings.config import load

outbox = typer.Typer(no_args_is_help=True, help="What waits for central, and what central refused.")


@outbox.command("list")
@accepts_json
def outbox_list(
    config: Config = DEFAULT_CONFIG, all_: Annotated[bool, typer.Option("--all", help="Also what central has.")] = False
) -> None:
    """List what waits."""
    from offline_store.delivery.outbox import list_items

    with open_store(load(config)) as opened:
        _emit_items(list_items(opened.store, include_acknowledged=all_))


@outbox.command("dead")
@accepts_json
def outbox_dead(config: Config = DEFAULT_CONFIG) -> None:
    """List what central refused, and why."""
    from offline_store.delivery.outbox import dead_items

    with open_store(load(config)) as opened:
        _emit_items(dead_items(opened.store))


@outbox.command("retry")
def outbox_retry(
    id_: Annotated[str, typer.Argument(metavar="ID")], config: Config = DEFAULT_CONFIG, json: Json = False
) -> None:
    """Send a refused item once more."""
    from offline_store.delivery.outbox import retry

    with open_store(load(config)) as opened:
        retry(opened.store, id_)
    say({"id": id_, "state": "waiting"}, f"{id_} waits again", json=json)


@outbox.command("resend")
@accepts_json
def outbox_resend(
    since: Annotated[
        int | None, typer.Option(metavar="SEQ", min=1, help="Only from this seq on, of the epoch.")
    ] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Send once more what central has acknowledged; what it has it calls a duplicate."""
    from offline_store.delivery.resend import resend_since

    with open_store(load(config)) as opened:
        emit({"resent": resend_since(opened.store, since)})


@outbox.command("export")
def outbox_export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder, such as a stick's.")],
    config: Config = DEFAULT_CONFIG,
    json: Json = False,
) -> None:
    """Write what waits, signed, into a folder, for `central import`."""
    from kiosk.delivery.enrolment import signing_key
    from offline_store.delivery.export import export_backlog

    settings = load(config)
    if not folder.is_dir():
        raise CannotBeDone(f"{folder}: there is no such folder; is the stick mounted?")
    with open_store(settings) as opened:
        key_of = partial(signing_key, settings.data_dir)
        path, count = export_backlog(opened.store, folder, key_of, opened.clock.now())
    say({"file": str(path), "items": count}, f"{count} items are in {path}", json=json)


def _emit_items(rows: Iterable[Any]) -> None:
    for row in rows:
        shown = {"id": row.id, "seq": row.seq, "kind": row.kind, "state": row.state}
        if row.kind == "ticket":
            shown |= {"number": row.number, "business_day": row.business_day}
        if row.reason is not None:
            shown["reason"] = row.reason
        emit(shown)
