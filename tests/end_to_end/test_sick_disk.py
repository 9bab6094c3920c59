"""Disks that fill up or refuse writes while a citizen touches the real window: a plain screen, nothing half accepted.

The disks are file systems of their own, mounted for the test; without the right to mount these tests are skipped.
"""

from collections.abc import Callable

import pytest

from tests.end_to_end.conftest import KioskByCommand, Town
from tests.end_to_end.demos.hands import Hands
from tests.end_to_end.disks import small_disk, worn_disk

pytestmark = pytest.mark.timeout(180)
TILE = "tile:civil-affairs"
MOST_NUMBERS = 40


def take_number(hands: Hands) -> str:
    """Take a number by one touch, and go."""
    since = len(hands.said)
    hands.touch(TILE)
    number = hands.see("ticket", "screen_ticket", since=since)["number"]
    hands.touch("done")
    hands.see("start", since=since)
    return str(number)


def be_refused(hands: Hands, again: Callable[[], None] = lambda: None) -> str:
    """Touch services until a plain screen comes instead of a number, and go; the screen's name.

    The store may still have room of its own in its log, where a record is as durable as anywhere.
    """
    for _ in range(MOST_NUMBERS):
        again()
        since = len(hands.said)
        hands.touch(TILE)
        shown = str(hands.see("not_now", "out", "ticket", "screen_ticket", since=since)["shown"])
        if shown == "out":
            return shown
        hands.touch("done")
        hands.see("start", "out", since=since)
        if shown == "not_now":
            return shown
    raise AssertionError("numbers were given without end")


def numbers_of(kiosk: KioskByCommand) -> list[str]:
    return [row["number"] for row in kiosk.done("outbox", "list", "--all").rows if "number" in row]


def logged(town: Town) -> str:
    return (town.folder / "touched.log").read_text()


def test_a_disk_that_fills_up_in_service_gives_no_number_until_there_is_room(town: Town) -> None:
    with small_disk(town.folder / "disk", 6) as disk:
        kiosk = town.enrol("disk/one")
        with Hands(kiosk.settings, log=town.folder / "touched.log") as hands:
            hands.see("start")
            assert take_number(hands) == "A1001"
            assert be_refused(hands, disk.fill) in {"not_now", "out"}
            given = len(hands.numbers)
            disk.make_room()
            assert take_number(hands) == f"A1{given + 1:03}", "by itself, and no number was used up"
            hands.close()
        assert numbers_of(kiosk) == sorted(hands.numbers), "nothing half accepted"
        kiosk.done("forward", "--once")
    assert "Traceback" not in logged(town)


def test_a_disk_that_turns_read_only_in_service_loses_nothing_over_the_reboot(town: Town) -> None:
    with worn_disk(town.folder / "disk") as disk:
        kiosk = town.enrol("disk/one")
        with Hands(kiosk.settings, log=town.folder / "touched.log") as hands:
            hands.see("start")
            assert take_number(hands) == "A1001"
            disk.fail()
            assert be_refused(hands) in {"not_now", "out"}
            assert hands.numbers == {"A1001"}
            hands.kill()
        disk.repair()
        with Hands(kiosk.settings, log=town.folder / "touched.log") as hands:
            hands.see("start")
            assert take_number(hands) == "A1002"
            hands.close()
        assert numbers_of(kiosk) == ["A1001", "A1002"]
        kiosk.done("forward", "--once")
    assert "Traceback" not in logged(town)


def test_a_kiosk_that_starts_on_a_read_only_disk_serves_once_it_may_write(town: Town) -> None:
    with small_disk(town.folder / "disk", 16) as disk:
        kiosk = town.enrol("disk/one")
        assert kiosk.done("issue", "--service", "civil-affairs", "--no-print").row["number"] == "A1001"
        disk.make_read_only()
        with Hands(kiosk.settings, log=town.folder / "touched.log") as hands:
            hands.see("out")
            assert hands.numbers == set()
            disk.make_writable()
            hands.see("start", since=len(hands.said))
            assert take_number(hands) == "A1002"
            hands.close()
        assert numbers_of(kiosk) == ["A1001", "A1002"]
    assert "Traceback" not in logged(town)
