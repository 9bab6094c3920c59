"""A crowd that logs in at one instant, and one laptop on the hall's network: within the limits of the unit."""

import contextlib
import re
import resource
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.hub.commands.processes import Central, HubPlace, Page, central, enrolled_hub

UNIT = Path(__file__).parents[3] / "deploy/systemd/hub.service"
MIB = 1024 * 1024
pytestmark = pytest.mark.timeout(180)


def allowed_mib(setting: str) -> int:
    """What the unit allows of memory."""
    (found,) = re.findall(rf"^{setting}=(\d+)M$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    return int(found)


def peak_mib(process: subprocess.Popen[str]) -> int:
    """The most memory that a process has had."""
    (found,) = re.findall(r"^VmHWM:\s+(\d+) kB$", Path(f"/proc/{process.pid}/status").read_text(), re.MULTILINE)
    return int(found) // 1024


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Central, HubPlace]]:
    with central(tmp_path) as there:
        yield there, enrolled_hub(tmp_path / "hub", there)


def test_eight_right_pins_at_one_instant_and_twelve_wrong_ones_stay_within_the_units_memory(
    place: tuple[Central, HubPlace],
) -> None:
    there, hub = place
    pins = [there.pin(f"clerk {number}") for number in range(1, 9)]
    hub.command("forward", "--once")
    with hub.serving() as process, ThreadPoolExecutor(20) as crowd:
        known = Page(hub.url, 8, pins[7])
        known.press("open")

        def log_in(pin: str, counter: int) -> int:
            return httpx2.post(f"{hub.url}/v1/sessions", json={"pin": pin, "counter": counter}, timeout=60).status_code

        right = [crowd.submit(log_in, pin, number) for number, pin in enumerate(pins[:7], 1)]
        wrong = [crowd.submit(log_in, f"{90 + number}000000", 1) for number in range(9)]
        assert known.press("next").status_code == 200  # while all the others are judged
        assert [one.result() for one in right] == [201] * 7
        assert {one.result() for one in wrong} <= {401, 429}
        assert peak_mib(process) < allowed_mib("MemoryHigh")
        known.close()


def test_a_laptop_that_says_no_end_of_a_header_or_nothing_at_all_stops_no_counter(
    place: tuple[Central, HubPlace],
) -> None:
    there, hub = place
    pin = there.pin("رنا")
    hub.command("forward", "--once")
    with hub.serving() as process, contextlib.ExitStack() as idle:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (256, 256))
        page = Page(hub.url, 1, pin)
        page.press("open")
        host, port = hub.url.removeprefix("http://").split(":")
        endless = idle.enter_context(socket.create_connection((host, int(port)), timeout=30))
        endless.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
        with pytest.raises(ConnectionError):
            endless.sendall(b"x" * (100 * MIB))
        assert peak_mib(process) < allowed_mib("MemoryHigh")
        for _ in range(600):
            with contextlib.suppress(OSError):
                idle.enter_context(socket.create_connection((host, int(port)), timeout=5))
        assert page.press("next").status_code == 200
        page.close()
    assert (hub.folder / "serve.log").stat().st_size < 100_000
