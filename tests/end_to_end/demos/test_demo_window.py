"""`kiosk demo` with a display: its window, what it tells the person before it, and their hands on the simulators."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from PIL import ImageGrab

from demo.display import fitting
from demo.processes import wait_until
from tests.end_to_end.conftest import BIN, run
from tests.end_to_end.demos.demo_run import processes_in

SCREEN_PX = (800, 900)


@pytest.fixture
def display() -> Iterator[str]:
    size = "x".join(map(str, SCREEN_PX))
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout
            yield ":" + server.stdout.readline().strip()
        finally:
            server.terminate()


def colours(display: str) -> int:
    return len(ImageGrab.grab(xdisplay=display).getcolors(1 << 20) or [])


@pytest.mark.timeout(240)
def test_a_person_at_the_window_hands_in_the_order_and_mends_the_printer(tmp_path: Path, display: str) -> None:
    keyboard, terminal = os.openpty()
    env = {name: value for name, value in os.environ.items() if name != "SDL_VIDEODRIVER"} | {"DISPLAY": display}
    with subprocess.Popen(
        [str(BIN / "kiosk"), "demo", "--fault", "printer.jammed"],
        cwd=tmp_path,
        stdin=terminal,
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    ) as running:
        try:
            assert running.stdout is not None
            told: dict[str, str] = {}
            for line in running.stdout:
                told[line.partition(":")[0]] = line.partition(": ")[2].strip()
                if "press Enter" in line:
                    break
            (folder,) = (tmp_path / "var" / "demo").iterdir()
            assert wait_until(lambda: colours(display) > 20, 20), "nothing is drawn"

            scan = {"data": told["an order code to hold to the scanner"], "countdown_seconds": 0}
            page = told["faults and scans by hand"]
            listed = ("outbox", "list", "--all", "--config", str(folder / "kiosk.toml"))

            def is_taken_when_held() -> bool:
                httpx2.post(f"{page}/api/v1/devices/scanner/scans", json=scan).raise_for_status()
                return wait_until(lambda: "order" in {row["kind"] for row in run("kiosk", *listed).rows}, 15)

            # What is held up while the kiosk still says that it starts is not read: hold it again, as people do.
            assert any(is_taken_when_held() for _ in range(4))

            os.write(keyboard, b"\n")
            assert next(running.stdout) == "printer.jammed: mended\n"
            running.send_signal(signal.SIGINT)
            rest = running.stdout.read()
        finally:
            running.kill()  # which does nothing to one that has ended
            os.close(keyboard)
            os.close(terminal)
    assert "Orders: accepted\nCalled at the counter: none\nApplied at central: 1 of 1\n" in rest
    assert processes_in(tmp_path) == []


def test_the_window_fits_on_the_display_with_what_a_desktop_puts_around_it() -> None:
    assert fitting((3840, 2160)) == (1080, 1920)
    width, height = fitting(SCREEN_PX)
    assert height + 120 <= SCREEN_PX[1]
    assert width / height == pytest.approx(1080 / 1920, abs=0.01)
