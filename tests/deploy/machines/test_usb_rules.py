"""The rules for what is plugged in, read as udev reads them, and the script that takes a driver away."""

import re
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[3] / "deploy"
RULES = (DEPLOY / "hardening/udev/71-kiosk-usb.rules").read_text(encoding="utf-8")
_WORD = re.compile(r'([A-Z_]+(?:\{[^}]*\})?)(==|!=|\+=|=)"([^"]*)"')
REFUSED = 'ATTR{authorized}="0"'
DRIVER_TAKEN = 'RUN+="/usr/lib/kiosk/usb-refuse %p"'


def done_to(device: dict[str, str], allowed: str = "") -> list[str]:
    """What the rules do to a device; `allowed` is a file that is there."""
    device = {"ACTION": "add", "SUBSYSTEMS": "usb"} | device
    lines = [line for line in RULES.splitlines() if line and not line.startswith("#")]
    done: list[str] = []
    awaited = None
    for words in map(_WORD.findall, lines):
        told = {key: value for key, op, value in words if op == "="}
        if awaited is not None and told.get("LABEL") != awaited:
            continue
        awaited = None
        if all(_holds(device, allowed, *word) for word in words):
            awaited = told.get("GOTO")
            done += [
                f'{key}{op}"{value}"'
                for key, op, value in words
                if op in ("=", "+=") and key.startswith(("ATTR", "RUN"))
            ]
    return done


def _holds(device: dict[str, str], allowed: str, key: str, op: str, value: str) -> bool:
    if op in ("=", "+="):
        return True
    found = value == allowed if key == "TEST" else fnmatchcase(device.get(key, ""), value)
    return found is (op == "==")


def interface(kind: str) -> dict[str, str]:
    parts = dict(zip(("Class", "SubClass", "Protocol"), kind.split("/"), strict=True))
    told = {f"ATTR{{bInterface{name}}}": value for name, value in parts.items()}
    return {"SUBSYSTEM": "usb", "ENV{DEVTYPE}": "usb_interface"} | told


KEYBOARD = {"SUBSYSTEM": "input", "KERNEL": "input7", "ENV{ID_INPUT_KEYBOARD}": "1"}
ADAPTER = {"SUBSYSTEM": "net", "KERNEL": "eth1"}


@pytest.mark.parametrize(
    ("kind", "is_refused"),
    [
        ("03/01/01", True),  # a keyboard that says so
        ("03/00/00", False),  # a touch panel, or a keyboard that doesn't
        ("02/06/00", True),
        ("02/0d/00", True),
        ("02/02/ff", True),
        ("e0/01/03", True),
        ("ef/04/01", True),
        ("02/02/01", False),  # a scanner in serial mode
        ("ff/ff/00", False),  # Realtek's: told by what its driver makes
        ("08/06/50", False),  # a stick
    ],
)
def test_an_interface_is_refused_by_what_it_says_of_itself(kind: str, is_refused: bool) -> None:
    assert done_to(interface(kind)) == ([REFUSED] if is_refused else [])


@pytest.mark.parametrize(("device", "allowed"), [(KEYBOARD, "keyboard"), (ADAPTER, "network")])
def test_whatever_a_driver_makes_a_keyboard_or_an_adapter_of_loses_it(device: dict[str, str], allowed: str) -> None:
    assert done_to(device) == [DRIVER_TAKEN]
    assert done_to(device, f"/etc/kiosk/usb-{allowed}-allowed") == []
    assert done_to(device | {"SUBSYSTEMS": "pci"}) == [], "what is built in stays"
    assert done_to(device | {"ACTION": "change"}) == []


def test_no_rule_asks_that_no_parent_is_something() -> None:
    """To udev SUBSYSTEMS!="usb" is true of every device that has any other parent too: of all."""
    assert not re.search(r"(SUBSYSTEMS|KERNELS|DRIVERS|ATTRS\{\w+\})!=", RULES)


def test_a_touch_panel_and_the_events_of_a_device_stay() -> None:
    assert done_to({"SUBSYSTEM": "input", "KERNEL": "input3", "ENV{ID_INPUT_TOUCHSCREEN}": "1"}) == []
    assert done_to(KEYBOARD | {"KERNEL": "event7"}) == [], "once for each device"


def test_the_driver_is_taken_from_the_interface_that_it_came_by(tmp_path: Path) -> None:
    device = "/devices/pci0/usb1/1-2/1-2:1.1/0003:1/input/input7"
    (tmp_path / device.lstrip("/")).mkdir(parents=True)
    for number in (0, 1):
        folder = tmp_path / f"devices/pci0/usb1/1-2/1-2:1.{number}"
        folder.mkdir(exist_ok=True)
        (folder / "bInterfaceNumber").write_text(f"0{number}\n")
        (folder / "authorized").write_text("1\n")
    (tmp_path / "devices/pci0/usb1/1-2/authorized").write_text("1\n")

    def refuse(path: str) -> int:
        environment = {"SYS": str(tmp_path), "PATH": "/usr/bin:/bin"}
        return subprocess.run(
            [DEPLOY / "usb-refuse", path], env=environment, capture_output=True, check=False
        ).returncode

    assert refuse(device) == 0
    kept = {path.parent.name: path.read_text().strip() for path in tmp_path.rglob("authorized")}
    assert kept == {"1-2": "1", "1-2:1.0": "1", "1-2:1.1": "0"}
    assert refuse("/devices/pci0/eth0") == 1
