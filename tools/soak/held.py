"""What a process holds, by kind: its threads and its open descriptors, and what is left of them after a while.

Everything must be as it was but two kinds, which fill up to a bound of the program as rushes need them and then stay:
the workers of `kiosk.app` and the files of the store's connections.
"""

import contextlib
import re
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from kiosk.app import WORKERS
from offline_store.disk.database import CONNECTIONS, DATABASE

TTY = "tty"
BOUNDS = {DATABASE: CONNECTIONS, f"{DATABASE}-wal": CONNECTIONS, "thread worker": WORKERS}


def held() -> Counter[str]:
    """Count the descriptors and threads of this process by kind: `socket`, `tty`, `store.db`, `thread worker`…"""
    return Counter([*_descriptors(), *_threads()])


def left_behind(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, str]:
    """Name the kinds of which there are more than before, or more than their bound, as `{"socket": "3, were 2"}`."""
    return {
        kind: f"{number}, were {before.get(kind, 0)}"
        for kind, number in sorted(after.items())
        if number > BOUNDS.get(kind, before.get(kind, 0))
    }


def _descriptors() -> list[str]:
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile, as that of this listing
            found.append(_kind(str(descriptor.readlink())))
    return found


def _kind(target: str) -> str:
    """Return what a descriptor leads to, not to which of them: `socket` of `socket:[4711]`."""
    if re.fullmatch(r"/dev/pts/\d+", target):  # in a container the master is /dev/pts/ptmx
        return TTY
    return re.sub(r":\[\d+\]$", "", target.rsplit("/", 1)[-1])


def _threads() -> list[str]:
    named = {thread.native_id: thread.name for thread in threading.enumerate()}
    found = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            name = named.get(int(task.name)) or (task / "comm").read_text().strip()
            found.append(f"thread {re.sub(r'[-_ :$]*\d+$', '', name)}")
    return found
