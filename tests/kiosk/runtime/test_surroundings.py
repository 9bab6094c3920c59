"""Out of service by hand ends by itself at the time that the public was told, once a trusted clock says so."""

import asyncio
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from sqlalchemy import insert
from structlog.testing import capture_logs

from common.machine.clock import SystemClock
from common.machine.stamp import rfc3339
from common.protocol.feed_message import CentreNames
from kiosk.app import show_marks
from kiosk.health import read_report
from kiosk.machine.power import PowerReading, PowerState, ServiceLevel
from kiosk.peripherals.watch import DeviceWatch
from kiosk.prompts.ui import OutReason
from kiosk.records.out_of_service import read_out_of_service
from kiosk.runtime import surroundings
from kiosk.runtime.parts import CurrentCatalogue, OpenStore, Parts, WindowSenses
from kiosk.runtime.surroundings import Surroundings
from kiosk.settings.settings import Settings
from offline_store.disk import tables
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.queue.word import HubWord, write_word
from screens.look.theme import Theme
from tests.kiosk.maintenance.scripted import Workshop


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.setattr(surroundings, "LOOK_S", 0.02)
    workshop = Workshop(tmp_path)
    yield workshop
    workshop.store.close()


async def until(is_so: object) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # type: ignore[operator]  # noqa: ASYNC110 (the situation changes by looking)
            await asyncio.sleep(0.01)


async def test_the_kiosk_serves_again_at_the_time_that_was_told_and_not_by_an_untrusted_clock(
    workshop: Workshop,
) -> None:
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    with DeviceWatch() as watch:
        around = Surroundings(Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None))
        looking = asyncio.create_task(around.look_after())
        data_dir = workshop.settings.config.data_dir
        around.show_out(OutReason.MAINTENANCE, workshop.clock.now().unix_s + 1800)
        assert around.situation.now.out is OutReason.MAINTENANCE
        await until(lambda: read_out_of_service(data_dir) is not None)
        workshop.clock.trust = "unknown"
        workshop.clock.pass_time(seconds=3600)
        await until(lambda: around.health().clock == "untrusted")
        assert around.situation.now.out is OutReason.MAINTENANCE
        workshop.clock.trust = "synced"
        await until(lambda: read_out_of_service(data_dir) is None)
        await until(lambda: not around.situation.now.out)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_a_day_that_the_hub_has_closed_is_over_until_the_next_one_also_where_the_hub_goes_silent(
    workshop: Workshop,
) -> None:
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    data_dir, clock = workshop.settings.config.data_dir, workshop.clock
    accept_ticket(workshop.store, TicketRequest("clearance", "B"), intention="a touch", stamp=clock.now())

    def hub_says(closed_day: str | None) -> None:
        stamp = clock.now()
        heard = {"boot_id": stamp.boot_id, "heard_boot_ns": stamp.boot_time_ns, "wall_time": stamp.text}
        write_word(data_dir, HubWord(hub="hub-1", term=1, closed_day=closed_day, **heard))  # type: ignore[arg-type]

    with DeviceWatch() as watch:
        around = Surroundings(Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None))
        looking = asyncio.create_task(around.look_after())
        for closed_day, is_over in (("2026-11-24", False), ("2026-11-26", True), (None, False), ("2026-11-25", True)):
            hub_says(closed_day)
            await until(lambda is_over=is_over: around.situation.now.is_day_over is is_over)
        clock.pass_time(hours=1)
        await until(lambda: around.health().at == clock.now().unix_s)
        assert around.situation.now.is_day_over
        clock.trust = "unknown"  # the next morning, after a night without power, for all that this machine knows
        await until(lambda: around.situation.now.out is OutReason.NO_DAY)
        clock.trust = "synced"
        await until(lambda: around.situation.now.out is None)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        # The screen starts again while the hub is off.
        around = Surroundings(Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None))
        looking = asyncio.create_task(around.look_after())
        await until(lambda: around.situation.now.is_day_over)
        clock.pass_time(days=1)
        await until(lambda: not around.situation.now.is_day_over)
        # A hub whose clock was days ahead says it last, and is off then: its day would be over here until that date.
        accept_ticket(workshop.store, TicketRequest("clearance", "B"), intention="the next day", stamp=clock.now())
        hub_says("2026-12-05")
        await until(lambda: around.situation.now.is_day_over)
        clock.pass_time(minutes=1)
        await until(lambda: not around.situation.now.is_day_over)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_what_is_said_of_service_in_the_last_moment_is_kept_too(workshop: Workshop) -> None:
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    with DeviceWatch() as watch:
        around = Surroundings(Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None))
        looking = asyncio.create_task(around.look_after())
        await until(lambda: around.health().version)
        around.show_out(OutReason.MAINTENANCE)
        looking.cancel()  # before anything that waits for it was run
        await asyncio.gather(looking, return_exceptions=True)
    kept = read_out_of_service(workshop.settings.config.data_dir)
    assert kept is not None
    assert kept.reason is OutReason.MAINTENANCE


async def test_citizens_are_served_where_the_port_of_the_numbers_is_taken(workshop: Workshop) -> None:
    toml = workshop.path / "kiosk.toml"
    with socket.socket() as taken, DeviceWatch() as watch:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        toml.write_text(f"{toml.read_text()}\n[metrics]\nport = {taken.getsockname()[1]}\n")
        opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
        around = Surroundings(Parts(Settings(toml), opened, CurrentCatalogue(workshop.store), watch, None))
        looking = asyncio.create_task(around.look_after())
        await until(lambda: looking.done() or around.health().version)
        assert not looking.done()
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


def test_a_centre_is_called_as_central_says_or_as_the_kiosk_brought(workshop: Workshop) -> None:
    catalogue = CurrentCatalogue(workshop.store)
    brought = catalogue().centre_names("homs-main")
    assert catalogue().centre_names("rastan") == {"ar": "rastan", "en": "rastan"}
    told = CentreNames({"rastan": {"ar": "الرستن", "en": "Rastan"}})
    row = {"kind": "centre-names", "body": msgspec.json.encode(told).decode(), "message_id": 1}
    with workshop.store.write() as connection:
        connection.execute(insert(tables.centre_records).values(row))
    assert catalogue.refresh()
    assert catalogue().centre_names("rastan") == {"ar": "الرستن", "en": "Rastan"}
    assert catalogue().centre_names("homs-main") == brought
    assert not catalogue.refresh()


async def test_what_central_published_and_this_kiosk_cannot_use_stands_in_its_health(workshop: Workshop) -> None:
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    with DeviceWatch() as watch:
        around = Surroundings(Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None))
        looking = asyncio.create_task(around.look_after())
        await until(lambda: around.health().version)
        assert around.health().left_out == {}
        with workshop.store.write() as connection:
            entries: list[dict[str, Any]] = [{"code": "plan-copy", "daily_quota": -1}, {"code": "new-one" * 20}]
            for position, entry in enumerate(entries):
                row = {"code": entry["code"], "position": position, "entry": json.dumps(entry)}
                connection.execute(insert(tables.catalogue).values(row))
            for key, value in (("kiosk.opens", '"25:00"'), ("central.url", '"https://elsewhere"')):
                connection.execute(insert(tables.settings).values(key=key, value=value))
        await until(lambda: len(around.health().left_out) == 4)
        left_out = around.health().left_out
        assert {name[:20].rstrip() for name in left_out} == {
            "service plan-copy", "service feed entry 2", "setting kiosk.opens", "setting central.url"
        }  # fmt: skip
        assert left_out["setting central.url"] == "not changeable"
        assert all(len(name) <= 60 and 0 < len(why) <= 120 for name, why in left_out.items())
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    report = read_report(workshop.settings.config.data_dir)
    assert report is not None
    assert report.left_out == left_out


async def test_groups_that_central_published_are_drawn_in_their_colours(workshop: Workshop) -> None:
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    panel = SimpleNamespace(theme=Theme())
    senses = WindowSenses(show_marks=lambda marks: show_marks(cast("Any", panel), marks))
    with DeviceWatch() as watch:
        parts = Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None)
        looking = asyncio.create_task(Surroundings(parts, panel=senses).look_after())
        await until(lambda: panel.theme.mark_of("A"))
        same = panel.theme
        with workshop.store.write() as connection:
            entry = '{"mark":{"colour":"#1B4585","sign":"cross"}}'
            connection.execute(insert(tables.catalogue).values(code="group:E", position=0, entry=entry))
        await until(lambda: panel.theme.mark_of("E"))
        assert panel.theme.mark_of("E").sign == "cross"
        assert panel.theme is not same
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_a_stop_that_cannot_be_asked_for_on_an_empty_battery_leaves_the_screen_in_service(
    workshop: Workshop, tmp_path: Path
) -> None:
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    with DeviceWatch() as watch, capture_logs() as logged:
        parts = Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None)
        around = Surroundings(parts, tmp_path / "gone")
        await around._power_changed(PowerReading(PowerState.LOW, 9, 120), ServiceLevel.STOPPING)
    said = {
        "event": "stop-not-asked",
        "detail": f"[Errno 2] No such file or directory: '{tmp_path}/gone/poweroff'"[:200],
    }
    assert [one for one in logged if one["log_level"] == "error"] == [{**said, "log_level": "error"}]
    assert around.situation.now.battery_minutes == 2


async def test_a_day_that_the_hub_has_closed_is_over_also_before_this_kiosk_has_given_a_number(
    workshop: Workshop,
) -> None:
    stamp, data_dir = workshop.clock.now(), workshop.settings.config.data_dir
    heard = {"boot_id": stamp.boot_id, "heard_boot_ns": stamp.boot_time_ns, "wall_time": stamp.text}
    write_word(data_dir, HubWord(hub="hub-1", term=1, closed_day="2026-11-24", **heard))  # type: ignore[arg-type]
    opened = OpenStore(workshop.store, cast("SystemClock", workshop.clock))
    with DeviceWatch() as watch:
        around = Surroundings(Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None))
        looking = asyncio.create_task(around.look_after())
        await until(lambda: around.health().at == workshop.clock.now().unix_s)
        assert not around.situation.now.is_day_over
        write_word(data_dir, HubWord(hub="hub-1", term=1, closed_day="2026-11-25", **heard))  # type: ignore[arg-type]
        await until(lambda: around.situation.now.is_day_over)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_what_the_hub_says_of_the_time_is_known_with_the_next_look(workshop: Workshop) -> None:
    clock = workshop.clock
    clock.trust = "restored"
    stamp, hall = clock.now(), clock.now().wall_time + timedelta(minutes=7)
    heard = {"boot_id": stamp.boot_id, "heard_boot_ns": stamp.boot_time_ns, "wall_time": stamp.text}
    word = HubWord(hub="hub-1", term=1, hall_time=rfc3339(hall), **heard)  # type: ignore[arg-type]
    write_word(workshop.settings.config.data_dir, word)
    opened = OpenStore(workshop.store, cast("SystemClock", clock))
    with DeviceWatch() as watch:
        around = Surroundings(Parts(workshop.settings, opened, CurrentCatalogue(workshop.store), watch, None))
        assert around.times() == (stamp.wall_time,)
        looking = asyncio.create_task(around.look_after())
        await until(lambda: around.times() == (hall,))
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
