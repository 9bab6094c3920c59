"""What is installed with a program is what it may import, and nothing that needs another program's libraries."""

import subprocess
import sys
from pathlib import Path

import pytest

from release.part import PARTS, Part

KIOSK, HUB, CENTRAL = PARTS
ROOT = Path(__file__).parents[2]


def test_a_kiosk_has_the_common_ground_without_its_web() -> None:
    for file in ("common/__init__.py", "common/protocol/envelope.py", "common/city/services.toml", "kiosk/app.py"):
        assert KIOSK.has(file), file
    for file in ("common/web/runner.py", "hub/serving.py", "central/__main__.py", "demo/town.py", "kiosks.py"):
        assert not KIOSK.has(file), file


@pytest.mark.parametrize(
    ("part", "rooms"),
    [(KIOSK, {"kiosk", "screens"}), (HUB, {"hub"}), (CENTRAL, {"central"})],
    ids=["kiosk", "hub", "central"],
)
def test_of_a_feature_each_has_its_own_rooms_and_what_is_for_all(part: Part, rooms: set[str]) -> None:
    for file in ("features/__init__.py", "features/odd/__init__.py", "features/odd/wire.py"):
        assert part.has(file), file
    owners = {room for room in ("kiosk", "screens", "hub", "central", "odd") if part.has(f"features/odd/{room}/a/b.po")}
    assert owners == rooms


def test_hub_and_central_have_all_of_it_and_central_no_store() -> None:
    assert HUB.has("common/web/runner.py")
    assert CENTRAL.has("common/web/runner.py")
    assert HUB.has("offline_store/opening.py")
    assert not CENTRAL.has("offline_store/opening.py")


@pytest.mark.parametrize("part", [HUB, CENTRAL], ids=lambda part: part.name)
def test_who_sends_by_a_modem_has_all_that_drives_one(part: Part) -> None:
    told = "import sys, common.messages.modem; print(*(getattr(one, '__file__', '') for one in sys.modules.values()))"
    run = subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=True, capture_output=True, text=True)
    loaded = {Path(one).relative_to(ROOT).as_posix() for one in run.stdout.split() if one.startswith(f"{ROOT}/")}
    ours = {one for one in loaded if one.split("/")[0] in ("common", "devices")}
    assert "devices/modem/driver.py" in ours
    assert [one for one in sorted(ours) if not part.has(one)] == []
    assert not part.has("devices/receipt_printer/opening.py")
    assert "\npyserial==" in (ROOT / part.lock).read_text()


def test_the_hubs_doctor_needs_no_modem() -> None:
    words = "import sys; sys.modules['devices'] = sys.modules['serial'] = None; import hub.doctor.messages"
    subprocess.run([sys.executable, "-c", words], cwd=ROOT, check=True)
