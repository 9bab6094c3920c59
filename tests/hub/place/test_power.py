"""On battery is a machine whose battery runs down while nothing feeds it, and no other."""

from pathlib import Path

import pytest

from hub.place.power import is_on_battery

Supply = dict[str, str]
MAINS: Supply = {"type": "Mains", "online": "1"}
UNPLUGGED: Supply = {"type": "Mains", "online": "0"}
RUNS_DOWN: Supply = {"type": "Battery", "status": "Discharging", "scope": "System"}
CHARGES: Supply = {"type": "Battery", "status": "Charging"}


def supplies(folder: Path, *told: Supply) -> Path:
    """Make the folder as the kernel does, a supply a folder, a word a file."""
    for number, supply in enumerate(told):
        (folder / f"supply{number}").mkdir()
        for name, word in supply.items():
            (folder / f"supply{number}" / name).write_text(f"{word}\n", "ascii")
    return folder


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], False),
        ([MAINS], False),
        ([UNPLUGGED], False),
        ([RUNS_DOWN], True),
        ([UNPLUGGED, RUNS_DOWN], True),
        ([{"type": "USB", "online": "0"}, {"type": "UPS", "status": "Discharging"}], True),
        ([MAINS, RUNS_DOWN], False),
        ([{"type": "USB", "online": "2"}, RUNS_DOWN], False),
        ([UNPLUGGED, CHARGES], False),
        ([UNPLUGGED, {"type": "Battery", "status": "Unknown"}], False),
        ([UNPLUGGED, {"type": "Battery"}], False),
        ([RUNS_DOWN | {"scope": "Device"}], False),
        ([{}], False),
    ],
)
def test_what_linux_says_of_supplies(tmp_path: Path, told: list[Supply], expected: bool) -> None:
    assert is_on_battery(supplies(tmp_path, *told)) is expected


def test_a_machine_without_supplies_is_not_on_battery(tmp_path: Path) -> None:
    assert not is_on_battery(tmp_path / "class" / "power_supply")
