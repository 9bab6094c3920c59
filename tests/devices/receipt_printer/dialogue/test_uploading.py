"""One picture's way into a printer, question by question; and what of it is on disk after each step."""

import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from devices.receipt_printer import commands
from devices.receipt_printer import profile as profiles
from devices.receipt_printer.dialogue.graphics import NV_WRITES_A_DAY, StoredGraphics, key_for, upload
from devices.receipt_printer.typeset.composition import Graphic, StoredKey
from devices.receipt_printer.typeset.typesetting import Picture

ONE, OTHER = Graphic(Picture(16, 2, b"\x01\x02\x03\x04")), Graphic(Picture(8, 1, b"\xff"))
NONE: frozenset[bytes] = frozenset()
KEY, NEXT = key_for(ONE.digest, NONE), key_for(ONE.digest, frozenset((key_for(ONE.digest, NONE),)))
BOTH = msgspec.structs.replace(
    profiles.load("epson-tm-t20iii"), nv_graphics=True, ram_graphics=True, nv_write_s=1.5, mechanical_s=7.0
)
RAM, FLASH = (msgspec.structs.replace(BOTH, nv_graphics=nv, ram_graphics=not nv) for nv in (False, True))
DAY = 86_400.0


class Link:
    """A printer's answers, and what it was asked and sent, in order."""

    def __init__(self, room: int | None = 68, flash: Any = NONE, ram: Any = NONE, *, lists_it: bool = True) -> None:
        self.room, self.keys = room, {True: flash, False: ram}
        self.lists_it = lists_it
        self.did: list[tuple[Any, ...]] = []
        self.on_write: Callable[[], None] = lambda: None

    def ask_room(self, *, lasting: bool, timeout_s: float) -> int | None:
        self.did.append(("room", lasting, timeout_s))
        return self.room

    def ask_keys(self, *, lasting: bool, timeout_s: float) -> frozenset[bytes] | None:
        self.did.append(("keys", lasting, timeout_s))
        return cast("frozenset[bytes] | None", self.keys[lasting])

    def write(self, data: bytes) -> None:
        self.did.append(("write", data))
        self.on_write()
        for lasting in (True, False):
            for key in (KEY, NEXT):
                if self.lists_it and data == define(key, lasting=lasting):
                    self.keys[lasting] = (self.keys[lasting] or NONE) | {key}

    def rest(self, seconds: float) -> None:
        self.did.append(("rest", seconds))


def define(key: bytes = KEY, *, lasting: bool = True) -> bytes:
    return commands.define_graphic(key, 16, 2, ONE.picture.data, lasting=lasting)


def send(link: Link, graphics: StoredGraphics, serial: str = "S1", profile: profiles.Profile = BOTH) -> bool:
    return upload(cast("Any", link), graphics, serial, ONE, profile, lambda count: count / 1000)


def on_disk(folder: Path) -> tuple[Any, Any]:
    told = json.loads((folder / "printer-graphics.json").read_text())
    return told["keys"], told["writes"]


def test_a_picture_goes_to_flash_by_these_steps_and_stands_for_nothing_before_it_is_listed(tmp_path: Path) -> None:
    graphics = StoredGraphics(tmp_path, lambda: 3 * DAY)
    link = Link()
    seen: list[Any] = []
    link.on_write = lambda: seen.append(on_disk(tmp_path))
    assert send(link, graphics) is True
    assert link.did == [
        ("room", True, 0.3), ("keys", True, 0.3), ("keys", False, 0.3), ("write", define()),
        ("rest", len(define()) / 1000 + 1.5), ("keys", True, 7.0),
    ]  # fmt: skip
    key = KEY.decode()
    assert seen == [({"S1": {key: ""}}, {"3": 1})], "reserved and counted before its first byte"
    assert on_disk(tmp_path) == ({"S1": {key: ONE.digest}}, {"3": 1})
    again = StoredGraphics(tmp_path, lambda: 3 * DAY)
    assert again.nv_writes_left() == NV_WRITES_A_DAY - 1
    assert again.usable("S1", frozenset((KEY,)), NONE) == {ONE.digest: StoredKey(KEY, lasting=True)}


@pytest.mark.parametrize(
    ("profile", "serial", "writes", "lasting"),
    [
        (BOTH, "S1", NV_WRITES_A_DAY - 1, True),
        (BOTH, "S1", NV_WRITES_A_DAY, False),
        (BOTH, "", 0, False),
        (RAM, "S1", 0, False),
        (FLASH, "S1", NV_WRITES_A_DAY - 1, True),
        (FLASH, "S1", NV_WRITES_A_DAY, None),
        (FLASH, "", 0, None),
    ],
)
def test_flash_is_written_where_it_may_be_and_ram_else(
    profile: profiles.Profile, serial: str, writes: int, lasting: bool | None
) -> None:
    graphics, link = StoredGraphics(), Link()
    for _ in range(writes):
        graphics.count_nv_write()
    assert send(link, graphics, serial, profile) is (lasting is not None)
    if lasting is None:
        assert link.did == []
        return
    asked = [("keys", memory, 0.3) for memory in (True, False) if profile.keeps(lasting=memory)]
    data = define(lasting=lasting)
    assert link.did == [
        ("room", lasting, 0.3), *asked, ("write", data),
        ("rest", len(data) / 1000 + (1.5 if lasting else 0.0)), ("keys", lasting, 7.0),
    ]  # fmt: skip
    assert graphics.nv_writes_left() == NV_WRITES_A_DAY - writes - lasting
    assert graphics.usable(serial, NONE, frozenset((KEY,))) == {ONE.digest: StoredKey(KEY, lasting=False)}


@pytest.mark.parametrize(("room", "is_sent"), [(67, False), (68, True), (None, True), (0, False)])
def test_a_picture_needs_room_for_its_dots_and_64_bytes_and_where_none_is_told_it_is_tried(
    room: int | None, is_sent: bool
) -> None:
    link = Link(room)
    assert send(link, StoredGraphics()) is is_sent
    assert any(did[0] == "write" for did in link.did) is is_sent


@pytest.mark.parametrize(("flash", "ram", "is_sent"), [(None, NONE, False), (NONE, None, True)])
def test_without_the_list_of_its_own_memory_nothing_is_sent(flash: Any, ram: Any, is_sent: bool) -> None:
    link, graphics = Link(flash=flash, ram=ram), StoredGraphics()
    assert send(link, graphics) is is_sent
    assert any(did[0] == "write" for did in link.did) is is_sent
    assert graphics.nv_writes_left() == NV_WRITES_A_DAY - is_sent


@pytest.mark.parametrize("memory", ["flash", "ram"])
def test_a_key_that_either_memory_holds_is_not_taken(memory: str) -> None:
    link = Link(**{memory: frozenset((KEY,))})  # type: ignore[arg-type]
    assert send(link, StoredGraphics())
    assert ("write", define(NEXT)) in link.did


def test_a_picture_that_is_not_listed_afterwards_is_forgotten_and_its_write_counted(tmp_path: Path) -> None:
    graphics = StoredGraphics(tmp_path, lambda: 3 * DAY)
    for flash in (NONE, frozenset((b"zz",))):
        assert send(Link(flash=flash, lists_it=False), graphics) is False
    assert on_disk(tmp_path) == ({"S1": {}}, {"3": 2})


def test_what_the_index_says_is_on_disk_after_each_change(tmp_path: Path) -> None:
    now = [0.0]
    graphics = StoredGraphics(tmp_path / "new" / "folder", lambda: now[0])
    folder = tmp_path / "new" / "folder"
    one, other = (graphics.reserve("S1", each, NONE).decode() for each in (ONE, OTHER))
    assert on_disk(folder) == ({"S1": {one: "", other: ""}}, {})
    graphics.confirm("S1", other.encode(), OTHER)
    assert on_disk(folder) == ({"S1": {one: "", other: OTHER.digest}}, {})
    assert graphics.usable("S1", frozenset((one.encode(), other.encode(), b"??")), NONE) == {
        OTHER.digest: StoredKey(other.encode(), lasting=True)
    }
    graphics.release("S1", one.encode())
    assert on_disk(folder) == ({"S1": {other: OTHER.digest}}, {})
    before = (folder / "printer-graphics.json").stat().st_ino
    graphics.release("S1", one.encode())
    graphics.release("S2", one.encode())
    assert (folder / "printer-graphics.json").stat().st_ino == before, "what changes nothing writes nothing"
    graphics.count_nv_write()
    now[0] = DAY - 1
    graphics.count_nv_write()
    assert on_disk(folder)[1] == {"0": 2}
    now[0] = DAY
    assert graphics.nv_writes_left() == NV_WRITES_A_DAY
    now[0] = -1.0  # a clock that lost its battery
    graphics.count_nv_write()
    assert on_disk(folder)[1] == {"0": 2, "-1": 1}


def test_days_are_kept_for_more_than_a_year_and_the_oldest_goes_first() -> None:
    now = [0.0]
    graphics = StoredGraphics(None, lambda: now[0])
    for day in range(402):
        now[0] = day * DAY
        graphics.count_nv_write()
    left = []
    for day in range(4):
        now[0] = day * DAY
        left.append(graphics.nv_writes_left())
    assert left == [10, 10, 9, 9]
    for _ in range(12):
        graphics.count_nv_write()
    assert graphics.nv_writes_left() == 0


def test_a_write_is_synced_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(number: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file")
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    StoredGraphics(tmp_path).count_nv_write()
    assert synced == ["file", "folder"]
    assert [path.name for path in tmp_path.iterdir()] == ["printer-graphics.json"]


def test_keys_are_two_printable_characters_over_their_whole_range() -> None:
    keys = [key_for(f"{number:064x}", NONE) for number in range(2000)]
    assert {len(key) for key in keys} == {2}
    assert [(min(place), max(place)) for place in zip(*keys, strict=True)] == [(0x21, 0x7E)] * 2
    assert key_for(ONE.digest, NONE) == KEY == key_for(replace(ONE).digest, frozenset((NEXT,)))
