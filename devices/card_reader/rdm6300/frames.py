"""Bytes of an RDM6300 -> tags. Pure: no port, no clock.

`02` + 10 hexadecimal digits (version and 4-byte number) + 2 digits of checksum + `03`, 14 bytes; some modules put CR LF
before the `03`. The checksum is the XOR of the five bytes on most modules and their sum modulo 256 on some: the tag
`2E00AF0EC9` is sent with B4, its sum, by one (lomassubedi/rfid_attendance), where the XOR would be 46.
"""

import re
from functools import reduce
from operator import xor
from typing import Literal, NamedTuple

type TagCheck = Literal["xor", "sum"]

_FRAME = re.compile(rb"\x02([0-9A-Fa-f]{10})([0-9A-Fa-f]{2})(?:\r\n)?\x03")
_LONGEST = 16  # bytes of a frame with CR LF


class Tag(NamedTuple):
    """An EM4100 tag: version byte and 4-byte number."""

    identifier: bytes


class TagAssembler:
    """Puts frames together from reads of any size. `bad_checksums` counts frames whose checksum is wrong."""

    def __init__(self, check: TagCheck = "xor") -> None:
        self._check = check
        self._buffer = b""
        self.bad_checksums = 0

    def feed(self, data: bytes) -> list[Tag]:
        """Take what was read and return the tags that it completes."""
        self._buffer += data
        tags: list[Tag] = []
        done = 0
        for found in _FRAME.finditer(self._buffer):
            identifier, check = bytes.fromhex(found[1].decode()), int(found[2], 16)
            if check == checksum(identifier, self._check):
                tags.append(Tag(identifier))
            else:
                self.bad_checksums += 1
            done = found.end()
        # Only what may still become a frame is kept: from the last STX, and no more than a frame is long.
        rest = self._buffer[max(done, len(self._buffer) - _LONGEST) :]
        start = rest.rfind(b"\x02")
        self._buffer = rest[start:] if start >= 0 else b""
        return tags

    def reset(self) -> None:
        """Forget what has not ended."""
        self._buffer = b""


def checksum(identifier: bytes, check: TagCheck) -> int:
    """Return the checksum of a tag's five bytes."""
    return sum(identifier) & 0xFF if check == "sum" else reduce(xor, identifier)
