"""Runs the demo as on a machine without a display."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import psutil
import zxingcpp
from PIL import Image

from tests.end_to_end.conftest import BIN

DEMO_TIMEOUT_S = 200


def demo(folder: Path, *words: str) -> dict[str, Any]:
    """Run the demo to its end, and return its summary."""
    done = subprocess.run(
        [str(BIN / "kiosk"), "demo", "--json", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=DEMO_TIMEOUT_S,
        check=False,
        env=offscreen(),
    )
    assert done.returncode == 0, done.stderr
    assert processes_in(folder) == []
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def offscreen() -> dict[str, str]:
    """Return the environment of a machine without a display."""
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return env | {"SDL_VIDEODRIVER": "offscreen"}


def codes_on(path: str) -> list[str]:
    """Read the QR codes of a paper back, as staff would with a scanner."""
    with Image.open(path) as picture:
        return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]


def code_of(ticket: str) -> str:
    """Return the code on a ticket's paper where no public page is set up."""
    return f"SY1T:{ticket}"


def processes_in(folder: Path) -> list[psutil.Process]:
    """List the processes that were started for a demo in this folder and still live."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        if any(str(folder) in word for word in words) and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found
