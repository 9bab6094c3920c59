"""The end of the chain once more, in a file of its own: a store that lost commits is found out when it is opened.

SQLite plays a WAL in as far as it goes and says nothing of what was cut off behind; a WAL that is gone is no WAL. So a
disk that lost the last commits (a repair by fsck, a drive that only said that it had written) gave the last numbers
again. The second head is written before each commit and synced beside it: what was shown is never ahead of it.
"""

import os
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, Self

from sqlalchemy import Connection

from common.machine.durable_file import PRIVATE, sync

FILE = "store.head"
_SLOT = 4096
_SLOTS = 2
_LINE = 256
_FORETOLD = "second-head"
_FORM = "store-head-1"


class SecondHead(NamedTuple):
    """Where a commit was about to bring the chain.

    Attributes:
        epoch: the chain's.
        seq: the end behind that commit.
        before: the end ahead of it. Who has seen anything of this commit knows it to be on disk; a commit that the
            power cut may end at `before` instead.
    """

    epoch: str
    seq: int
    before: int


class SecondHeadFile:
    """The file, open: two places written in turn, so that a torn one leaves the other."""

    def __init__(self, descriptor: int) -> None:
        """Take an open file; use `open_in`."""
        self._descriptor = descriptor
        self._syncing = ThreadPoolExecutor(1, thread_name_prefix="second-head")

    @classmethod
    def open_in(cls, data_dir: Path) -> Self:
        """Open the file of a store, made whole where there is none. Raises OSError."""
        path = data_dir / FILE
        is_new = not path.exists()
        opened = cls(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE))
        if is_new:
            os.posix_fallocate(opened._descriptor, 0, _SLOT * _SLOTS)  # later syncs then have no size to write
            sync(path)
            sync(data_dir)
        return opened

    def write(self, head: SecondHead) -> Future[None]:
        """Write what a commit is about to do, within its transaction; give the sync under way.

        Raises OSError, as the sync does.
        """
        text = f"{_FORM} {head.epoch} {head.seq} {head.before}"
        line = f"{text} {zlib.crc32(text.encode())}\n".encode().ljust(_LINE)
        os.pwrite(self._descriptor, line, head.seq % _SLOTS * _SLOT)
        return self._syncing.submit(os.fdatasync, self._descriptor)

    def close(self) -> None:
        """Close the file; what is under way ends first. Closing twice does no harm."""
        self._syncing.shutdown()
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def foretell(connection: Connection, epoch: str, before: int) -> None:
    """Note that this transaction brings the chain one item on from `before`."""
    known: SecondHead | None = connection.info.get(_FORETOLD)
    first = known.before if known is not None and known.epoch == epoch else before
    connection.info[_FORETOLD] = SecondHead(epoch, before + 1, first)


def foretold(connection: Connection) -> SecondHead | None:
    """Return where this transaction will bring the chain, None where nowhere; and forget it."""
    head: SecondHead | None = connection.info.pop(_FORETOLD, None)
    return head


def read_second_head(data_dir: Path) -> SecondHead | None:
    """Return the later of what both places hold, or None where neither reads. Raises OSError."""
    path = data_dir / FILE
    data = path.read_bytes() if path.exists() else b""
    heads = [_head(data[at : at + _LINE]) for at in range(0, _SLOT * _SLOTS, _SLOT)]
    return max((head for head in heads if head is not None), key=lambda head: head.seq, default=None)


def forget_second_head(data_dir: Path) -> None:
    """Take away what another chain's end was, before a new one stands here. Raises OSError."""
    (data_dir / FILE).unlink(missing_ok=True)


def _head(raw: bytes) -> SecondHead | None:
    parts = raw.decode("ascii", "replace").split()
    if len(parts) != 5 or parts[0] != _FORM or parts[4] != str(zlib.crc32(" ".join(parts[:4]).encode())):
        return None
    return SecondHead(parts[1], int(parts[2]), int(parts[3]))
