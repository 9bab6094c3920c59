"""A jack's plug, as Linux tells of it: the switch of headphones among those of an input device."""

import fcntl
from pathlib import Path

import pytest

from devices.errors import DeviceUnavailable
from devices.switches.headset import HeadsetJack


@pytest.mark.parametrize(("switches", "is_in"), [(0b100, True), (0b011, False), (0b1_0000_0100, True), (0, False)])
def test_a_plug_is_the_third_switch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, switches: int, is_in: bool
) -> None:
    asked = []

    def ioctl(_file: int, request: int, into: bytearray) -> int:
        asked.append(request)
        into[:] = switches.to_bytes(len(into), "little")
        return 0

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    (tmp_path / "event5").touch()
    jack = HeadsetJack(str(tmp_path / "event5"))
    assert jack.is_turned() is is_in
    assert asked == [0x8008451B]  # EVIOCGSW(8) of linux/input.h
    jack.close()


def test_what_is_no_jack_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeviceUnavailable, match=r"event9.*cannot be opened"):
        HeadsetJack(str(tmp_path / "event9"))
    (tmp_path / "event5").touch()
    with pytest.raises(DeviceUnavailable, match="no jack to be felt"):
        HeadsetJack(str(tmp_path / "event5")).is_turned()
