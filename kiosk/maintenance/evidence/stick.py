"""A USB stick for exports: it is written, never read, and nothing on it is ever run (mounted noexec by systemd)."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from common.machine.durable_file import replace_file, sync
from common.machine.stamp import Stamp
from kiosk.health import Health
from kiosk.prompts.ui import OFFERED, Availability, Text
from kiosk.settings.settings import Setting

_ROOM_BYTES = 64_000_000


def stick_offered(stick: Path, is_in: Callable[[Path], bool]) -> Availability:
    """Return whether something can be written on a stick now; `is_in` tells whether there is one."""
    if not is_in(stick):
        return Availability(False, Text("maintenance.stick.none"))
    if not os.access(stick, os.W_OK) or shutil.disk_usage(stick).free < _ROOM_BYTES:
        return Availability(False, Text("maintenance.stick.full"))
    return OFFERED


def export_health(stick: Path, logs: Path, settings: list[Setting], health: Health, stamp: Stamp) -> Path:
    """Write logs, settings and health into a folder of their own; nothing personal is in any of them.

    The whole appears under its name only once it is on the stick, synced, so that one pulled out too early shows none.

    Raises:
        OSError: the stick is full, gone or won't be written.
    """
    kiosk = f"kiosk-{health.kiosk or 'unenrolled'}"
    name = f"{kiosk}-{stamp.wall_time:%Y%m%d-%H%M%S}"
    building = stick / f".{name}"
    for torn in stick.glob(f".{kiosk}-*"):  # a power cut left it, or a stick pulled out
        shutil.rmtree(torn, ignore_errors=True)
    (building / "logs").mkdir(parents=True)
    for path in sorted(logs.glob("*.log*")):
        try:
            found, content = path.name, path.read_bytes()
        except OSError as error:  # the disk that is to be examined: what it still gives is wanted all the more
            found, content = f"{path.name}.unreadable", f"{error.strerror}\n".encode()
        replace_file(building / "logs" / found, content)
    shown = {setting.key: {"value": setting.value, "origin": setting.origin.value} for setting in settings}
    replace_file(building / "settings.json", json.dumps(shown, ensure_ascii=False, indent=1).encode())
    replace_file(building / "health.json", msgspec.json.format(msgspec.json.encode(health)))
    building.rename(stick / name)
    sync(stick)
    return stick / name
