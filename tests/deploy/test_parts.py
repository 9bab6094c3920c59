"""What is installed with a program is what it may import, and nothing that needs another program's libraries."""

from release.part import PARTS

KIOSK, HUB, CENTRAL = PARTS


def test_a_kiosk_has_the_common_ground_without_its_web() -> None:
    for file in ("common/__init__.py", "common/protocol/envelope.py", "common/city/services.toml", "kiosk/app.py"):
        assert KIOSK.has(file), file
    for file in ("common/web/runner.py", "hub/serving.py", "central/__main__.py", "demo/town.py", "kiosks.py"):
        assert not KIOSK.has(file), file


def test_hub_and_central_have_all_of_it_and_central_no_store() -> None:
    assert HUB.has("common/web/runner.py")
    assert CENTRAL.has("common/web/runner.py")
    assert HUB.has("offline_store/opening.py")
    assert not CENTRAL.has("offline_store/opening.py")
