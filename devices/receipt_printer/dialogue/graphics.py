"""Which pictures the printer keeps: a memory of keys, checked against the printer's own list before each use.

A key has only two characters, so it cannot say what it stands for; this index does, on disk, apart for each printer by
its serial number. A key that the printer lists and the index does not know is left alone and never used: an old picture
is never printed for a new text.
"""

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from devices.receipt_printer import commands
from devices.receipt_printer.dialogue.link import PrinterLink
from devices.receipt_printer.profile import Profile
from devices.receipt_printer.typeset.composition import Graphic, StoredKey

# "10 times or less a day" (Epson TM-T88V technical reference guide, p. 22: about 100,000 rewrites in all).
NV_WRITES_A_DAY = 10

_DAYS_KEPT = 400
# What a printer keeps beside a picture's dots.
_OVERHEAD = 64
# How long a list of keys, or the free room, may take to come.
ANSWER_S = 0.3


# Stands in the index for the digest of a picture that is on its way: what the printer has of it may be a part.
_ON_ITS_WAY = ""


type _Day = Annotated[str, Meta(pattern=r"^-?[0-9]{1,12}$")]


class _Index(msgspec.Struct):
    """What is on disk: printer serial -> key -> digest, and day -> NV writes.

    `check`: SHA-256 of the rest, for a turned bit of a key would have another picture printed.
    """

    keys: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)
    writes: dict[_Day, Annotated[int, Meta(ge=0)]] = msgspec.field(default_factory=dict)
    check: str = ""

    def digest(self) -> str:
        """Return what `check` has to be."""
        return hashlib.sha256(msgspec.json.encode((self.keys, self.writes), order="sorted")).hexdigest()


class StoredGraphics:
    """The index of one kiosk's printers, in `folder`; without a folder nothing outlives the process.

    `wall_time` gives seconds of the wall clock, for the day of a write only.
    """

    def __init__(self, folder: Path | None = None, wall_time: Callable[[], float] = time.time) -> None:
        self._path = folder / "printer-graphics.json" if folder else None
        self._wall_time = wall_time
        self._index = self._load()

    def usable(self, serial: str, nv_keys: frozenset[bytes], ram_keys: frozenset[bytes]) -> dict[str, StoredKey]:
        """Return digest -> key for what the printer holds now and the index knows.

        The flash of a printer that names no serial may have been written by another kiosk: it is not used.
        """
        known = self._index.keys.get(serial, {})
        found: dict[str, StoredKey] = {}
        for present, lasting in ((ram_keys, False), (nv_keys if serial else frozenset[bytes](), True)):
            for key in present:
                digest = known.get(key.decode("ascii", "replace"))
                if digest:
                    found[digest] = StoredKey(key, lasting)
        return found

    def reserve(self, serial: str, graphic: Graphic, present: frozenset[bytes]) -> bytes:
        """Return a key for a graphic, on disk before the upload begins. Keys in `present` are never taken again.

        It stands for nothing until `confirm`: after a crash in mid-upload the printer takes the bytes that follow for
        the rest of the picture, and then lists the key.
        """
        known = self._index.keys.setdefault(serial, {})
        for key in _candidates(graphic.digest):
            text = key.decode("ascii")
            if key not in present and known.get(text) in (None, graphic.digest):
                known[text] = _ON_ITS_WAY
                self._save()
                return key
        raise AssertionError("more graphics than keys")

    def confirm(self, serial: str, key: bytes, graphic: Graphic) -> None:
        """Let a reserved key stand for its graphic: all of it went out, and the printer lists it."""
        self._index.keys[serial][key.decode("ascii")] = graphic.digest
        self._save()

    def release(self, serial: str, key: bytes) -> None:
        """Forget a key whose picture the printer no longer holds."""
        if self._index.keys.get(serial, {}).pop(key.decode("ascii"), None) is not None:
            self._save()

    def nv_writes_left(self) -> int:
        """Return how many pictures may still be written to flash today."""
        return max(0, NV_WRITES_A_DAY - self._index.writes.get(self._day(), 0))

    def count_nv_write(self) -> None:
        """Count one write to flash, on disk before it happens. A clock set back counts on where it was that day."""
        day = self._day()
        self._index.writes[day] = self._index.writes.get(day, 0) + 1
        for old in sorted(self._index.writes, key=int)[:-_DAYS_KEPT]:
            del self._index.writes[old]
        self._save()

    def _day(self) -> str:
        return str(int(self._wall_time() // 86400))

    def _load(self) -> _Index:
        if self._path is None:
            return _Index()
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            try:
                found = msgspec.json.decode(self._path.read_bytes(), type=_Index)
            except FileNotFoundError:
                return _Index()
            if found.check == found.digest():
                return found
        # What the printer holds is then unknown to us and simply not used. Nor is it known how often its flash was
        # written today: it may have had all its writes, so it gets none, and its RAM serves until tomorrow.
        return _Index(writes={self._day(): NV_WRITES_A_DAY})

    def _save(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        with new.open("wb") as file:
            file.write(msgspec.json.encode(msgspec.structs.replace(self._index, check=self._index.digest())))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        # Without the folder's sync a cut may take the name back, and a write of today is not counted.
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def upload(
    link: PrinterLink,
    graphics: StoredGraphics,
    serial: str,
    graphic: Graphic,
    profile: Profile,
    seconds: Callable[[int], float],
) -> bool:
    """Send one picture to the printer's flash, or to its RAM when flash has had its writes for today.

    False when it has no room, or does not list the picture afterwards. `seconds` says how long bytes take on the wire.

    Raises:
        DeviceUnavailable: the port went away; the printer may be left within a half-sent picture.
    """
    picture = graphic.picture
    lasting = profile.nv_graphics and serial != "" and graphics.nv_writes_left() > 0
    if not lasting and not profile.ram_graphics:
        return False
    room = link.ask_room(lasting=lasting, timeout_s=ANSWER_S)
    if room is not None and room < len(picture.data) + _OVERHEAD:
        return False
    present: frozenset[bytes] = frozenset()
    for memory in (True, False):
        keys = link.ask_keys(lasting=memory, timeout_s=ANSWER_S) if profile.keeps(lasting=memory) else None
        if keys is None and memory is lasting:
            return False
        present |= keys or frozenset()
    # One key stands for one picture, whichever memory it is in.
    key = graphics.reserve(serial, graphic, present)
    if lasting:
        graphics.count_nv_write()
    data = commands.define_graphic(key, picture.width, picture.rows, picture.data, lasting=lasting)
    link.write(data)
    # While flash is written the printer may be sent nothing, real-time commands included (Citizen CT-S280, p. 170).
    link.rest(seconds(len(data)) + (profile.nv_write_s if lasting else 0.0))
    if key not in (link.ask_keys(lasting=lasting, timeout_s=profile.mechanical_s) or frozenset()):
        graphics.release(serial, key)
        return False
    graphics.confirm(serial, key, graphic)
    return True


def key_for(digest: str, taken: frozenset[bytes]) -> bytes:
    """Return the first key for a content that is not taken."""
    return next(key for key in _candidates(digest) if key not in taken)


def _candidates(digest: str) -> Iterator[bytes]:
    """Yield keys of two characters 21..7E, the same ones for the same content."""
    for attempt in range(4096):
        first, second = hashlib.sha256(f"{digest}:{attempt}".encode("ascii")).digest()[:2]
        yield bytes((0x21 + first % 94, 0x21 + second % 94))
