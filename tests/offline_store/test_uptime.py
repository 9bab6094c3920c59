"""How the last run ended is told from what it left, and from what systemd, watchdog and updater say of it."""

import os
from pathlib import Path

import pytest

from offline_store import uptime
from offline_store.opening import open_store_in
from offline_store.printed.tallies import read_tallies
from offline_store.uptime import Ending, Gap, Signs, alive, begin, counted, end, signs_of
from tests.kit.clock import HandClock
from tests.kit.store import IDENTITY, MACHINE, stamp


def test_the_first_run_has_nothing_before_it(tmp_path: Path) -> None:
    assert begin(tmp_path / "running.json", boot_id="a", boottime_s=10, wall_s=1000) == Gap(Ending.FIRST)


@pytest.mark.parametrize(
    ("boot_id", "boottime_s", "wall_s", "gap"),
    [
        ("b", 20, 8200, Gap(Ending.POWER_CUT, 7140)),
        ("a", 90, 1080, Gap(Ending.CRASHED, 20)),
        # The wall clock went back over the cut: it was one all the same, of unknown length.
        ("b", 20, 5, Gap(Ending.POWER_CUT, None)),
        ("b", 20, 4_102_444_800, Gap(Ending.POWER_CUT, None)),
    ],
)
def test_a_gap_without_farewell_is_a_cut_or_a_crash(
    tmp_path: Path, boot_id: str, boottime_s: int, wall_s: int, gap: Gap
) -> None:
    trace = tmp_path / "running.json"
    begin(trace, boot_id="a", boottime_s=10, wall_s=1000)
    alive(trace, boot_id="a", boottime_s=70, wall_s=1060)
    assert begin(trace, boot_id=boot_id, boottime_s=boottime_s, wall_s=wall_s) == gap


def test_a_farewell_is_no_cut(tmp_path: Path) -> None:
    trace = tmp_path / "running.json"
    begin(trace, boot_id="a", boottime_s=10, wall_s=1000)
    end(trace, boot_id="a", boottime_s=20, wall_s=1010)
    assert begin(trace, boot_id="b", boottime_s=5, wall_s=1040) == Gap(Ending.STOPPED, 30)


@pytest.mark.parametrize("torn", [b"", b'{"boot_id":"a","boo', b"\xff\xfe", b"[]", b"[" * 100_000])
def test_a_torn_trace_is_no_obstacle(tmp_path: Path, torn: bytes) -> None:
    trace = tmp_path / "running.json"
    trace.write_bytes(torn)
    assert begin(trace, boot_id="b", boottime_s=5, wall_s=1040).ending is Ending.FIRST
    assert begin(trace, boot_id="b", boottime_s=9, wall_s=1044) == Gap(Ending.CRASHED, 4)


STAYED, CUT, STOPPED = ("a", False), ("b", False), ("b", True)


@pytest.mark.parametrize(
    ("how", "signs", "ending"),
    [
        (STAYED, Signs("watchdog"), Ending.HUNG),
        (STAYED, Signs("signal"), Ending.CRASHED),
        (CUT, Signs(was_reset=True), Ending.HUNG),
        (CUT, Signs("watchdog"), Ending.POWER_CUT),
        (STOPPED, Signs(updated_s=1500), Ending.UPDATED),
        (("a", True), Signs(updated_s=1500), Ending.STOPPED),  # the program alone: the restart is yet to come
        (STOPPED, Signs(updated_s=900), Ending.STOPPED),  # before that run: it was restarted for these already
        (STOPPED, Signs(updated_s=2500), Ending.STOPPED),
    ],
)
def test_what_others_say_of_an_end_counts(tmp_path: Path, how: tuple[str, bool], signs: Signs, ending: Ending) -> None:
    trace, (boot_id, has_stopped) = tmp_path / "running.json", how
    begin(trace, boot_id="a", boottime_s=10, wall_s=1000)
    (end if has_stopped else alive)(trace, boot_id="a", boottime_s=70, wall_s=2000)
    assert begin(trace, boot_id=boot_id, boottime_s=90, wall_s=2100, signs=signs).ending is ending


@pytest.mark.parametrize(("former", "ending"), [("0.9.0", Ending.UPDATED), ("", Ending.STOPPED)])
def test_a_stop_for_another_version_is_an_update(tmp_path: Path, former: str, ending: Ending) -> None:
    trace = tmp_path / "running.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uptime, "version", lambda _: former)  # none: a version that wrote none
        begin(trace, boot_id="a", boottime_s=10, wall_s=1000)
        alive(trace, boot_id="a", boottime_s=15, wall_s=1005)
        end(trace, boot_id="a", boottime_s=20, wall_s=1010)
    assert begin(trace, boot_id="a", boottime_s=30, wall_s=1020).ending is ending


def test_the_signs_lie_where_systemd_the_kernel_and_the_updater_leave_them(tmp_path: Path) -> None:
    data, watchdogs, root = (tmp_path / name for name in ("data", "watchdog", "lib"))
    assert signs_of("hub", data, watchdogs, root) == Signs()
    for folder in (data, watchdogs / "watchdog0", watchdogs / "watchdog1", root / "kiosk-update"):
        folder.mkdir(parents=True)
    (data / "ended").write_text("watchdog\n")
    (watchdogs / "watchdog0/bootstatus").write_text("0\n")
    (watchdogs / "watchdog1/bootstatus").write_text("32\n")
    (root / "kiosk-update/restart").touch()
    os.utime(root / "kiosk-update/restart", (1500, 1500))
    assert signs_of("hub", data, watchdogs, root) == Signs("watchdog", was_reset=True, updated_s=1500)
    (watchdogs / "watchdog1/bootstatus").write_text("odd")
    assert signs_of("kiosk", data, watchdogs, root) == Signs("", was_reset=False, updated_s=1500), "once"


def test_each_start_of_a_hub_is_counted_with_its_reason(tmp_path: Path) -> None:
    clock = HandClock()

    def tallied() -> dict[str, int]:
        return {name: tally.total for name, tally in read_tallies(store).items()}

    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        with counted(store, clock, "hub"):
            assert tallied() == {"restarts": 1}
        with pytest.raises(RuntimeError), counted(store, clock, "hub"):
            raise RuntimeError
        assert tallied() == {"restarts": 2}, "it was stopped before"
        (tmp_path / "ended").write_text("exit-code\n")
        with pytest.raises(RuntimeError), counted(store, clock, "hub"):
            raise RuntimeError
        (tmp_path / "ended").write_text("watchdog\n")
        with pytest.raises(RuntimeError), counted(store, clock, "hub"):
            raise RuntimeError
        clock.restart()
        with counted(store, clock, "hub"):
            assert tallied() == {"restarts": 5, "crashes": 1, "watchdogs": 1, "power_cuts": 1}
