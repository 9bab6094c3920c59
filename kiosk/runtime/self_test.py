"""Looks at the kiosk as it is now and makes one health value of it: for the technician, for Prometheus, for central."""

import shutil
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import metadata

from sqlalchemy import func, select

from common.city.catalogue import Catalogue
from common.machine.stamp import Stamp, told_time
from kiosk.health import Health, Outbox
from kiosk.machine.power import PowerReading
from kiosk.maintenance.hardware.paper import left_m
from kiosk.peripherals.report import Device
from kiosk.peripherals.watch import DeviceWatch
from kiosk.records.results import read_moments, read_results
from kiosk.runtime.parts import OpenStore
from kiosk.settings.sections import KioskConfig
from kiosk.settings.settings import Settings
from offline_store.alarms import list_alarms
from offline_store.delivery.outbox import count_dead, count_waiting
from offline_store.disk import tables
from offline_store.printed.tallies import Tally, read_tallies
from offline_store.updates import update_of

_MOST_LEFT_OUT, _NAME_CHARACTERS, _WHY_CHARACTERS = 20, 60, 120


def health_of(
    config: KioskConfig, opened: OpenStore, watch: DeviceWatch, power: PowerReading, out_of_service: str | None
) -> Health:
    """Gather the kiosk's health. It reads the store, so it is called in a worker thread.

    Raises:
        StoreUnavailable: the store can't be read.
    """
    stamp, identity = opened.clock.now(), opened.store.identity
    tallied = read_tallies(opened.store)
    printer = watch.report(Device.PRINTER)
    return Health(
        version=software()["homs-kiosk"],
        kiosk=identity.kiosk,
        centre=identity.centre,
        at=stamp.unix_s,
        devices={report.device.value: report.state.value for report in watch.reports() if report.is_fitted},
        paper=printer.paper.value if printer.paper is not None else None,
        paper_left_m=_left_m(config, tallied) if printer.is_fitted else None,
        outbox=outbox_of(opened, stamp),
        clock=stamp.clock,
        disk_free_bytes=shutil.disk_usage(config.data_dir).free,
        power=power.state.value,
        charge_percent=power.charge_percent,
        out_of_service=out_of_service,
        alarms=[alarm.code for alarm in list_alarms(opened.store)],
        tallies={name: tally.total for name, tally in tallied.items()},
        prints=prints_of(opened),
        tests=read_results(config.data_dir),
        tested_at=read_moments(config.data_dir),
        software=software(),
        update=update_of("kiosk"),
    )


def left_out(settings: Settings, catalogue: Catalogue) -> dict[str, str]:
    """Name what central published and this kiosk can't use, with why; so many and so long as fit into a report."""
    named = {f"service {code}": why for code, why in catalogue.disabled.items()}
    named |= {f"setting {key}": why for key, why in settings.left_out.items()}
    return {name[:_NAME_CHARACTERS]: why[:_WHY_CHARACTERS] for name, why in list(named.items())[:_MOST_LEFT_OUT]}


def _left_m(config: KioskConfig, tallied: Mapping[str, Tally]) -> int | None:
    section = config.devices.printer
    return None if section is None else left_m(dict(tallied), section.roll_m)


def outbox_of(opened: OpenStore, stamp: Stamp) -> Outbox:
    """Return what waits for central, for how long, and how the last attempt went."""
    items, delivery = tables.items.c, tables.delivery.c
    with opened.store.read() as connection:
        oldest = connection.execute(
            select(items.boot_time_ns, items.boot_id, items.wall_time, items.clock)
            .where(items.state == "waiting")
            .order_by(items.row)
            .limit(1)
        ).one_or_none()
        went = connection.execute(select(delivery.last_success_at, delivery.last_error)).one_or_none()
        return Outbox(
            waiting=count_waiting(connection),
            dead=count_dead(connection),
            oldest_s=None if oldest is None else _age_s(stamp, *oldest),
            last_success_at=went.last_success_at if went else None,
            last_error=went.last_error if went else None,
        )


def _age_s(stamp: Stamp, boot_time_ns: int, boot_id: str, wall_time: str, clock: str) -> int | None:
    """Return an item's age: since boot no clock setting matters; beyond it both clocks must be trusted, else None."""
    if boot_id == stamp.boot_id:
        return (stamp.boot_time_ns - boot_time_ns) // 1_000_000_000
    if not (told_time(clock) and stamp.tells_time):
        return None
    return max(0, int((stamp.wall_time - datetime.fromisoformat(wall_time)).total_seconds()))


def prints_of(opened: OpenStore) -> dict[str, int]:
    """Count the print jobs by how they ended."""
    jobs = tables.print_jobs.c
    with opened.store.read() as connection:
        rows = connection.execute(select(jobs.state, func.count()).group_by(jobs.state)).all()
    return {state: int(count) for state, count in rows}


@cache
def software() -> dict[str, str]:
    """Name the versions that matter when something is asked from afar."""
    names = ("homs-kiosk", "kivy", "pillow", "sqlalchemy", "cryptography")
    return {name: metadata.version(name) for name in names} | {"sqlite": sqlite3.sqlite_version}
