"""What the hub last said, from the forwarder's process to the one with the screen: a small file, written whole.

It is worth something for seconds only, so it is not synced; its reader asks how old it is by the time since boot,
which no clock setting moves.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from common.machine.stamp import UNTRUSTED, Stamp, told_time
from common.protocol.queue.call import FRESH_S, HelpState, Prospect, QueueCall, TakenTicket, TicketsAnswer

FILE: Final = "queue.json"
_MAX_BYTES: Final = 256 * 1024
_KEPT_TICKETS: Final = 200


class HubWord(Struct, frozen=True, kw_only=True):
    """The hub's last answer. `heard_boot_ns` is CLOCK_BOOTTIME when it came; `wall_time` the same moment, RFC 3339.

    `queue` says by service what a ticket taken now would meet; `tickets` what holds for each of the latest tickets;
    `closed_day` is the last day of which nobody is called any more; `clock`: how far `wall_time` is to be trusted.
    `hall_time`: the hub's own time at that moment, where its clock tells any.
    `is_refused`: numbers of this kiosk are in no queue of the hub, which so says nothing of them.
    """

    hub: str
    term: int
    boot_id: str
    heard_boot_ns: int
    wall_time: str
    queue: dict[str, Prospect] = {}
    tickets: dict[str, TakenTicket] = {}
    calls: list[QueueCall] = []
    help: dict[str, HelpState] = {}
    closed_day: str | None = None
    clock: str = UNTRUSTED
    hall_time: str | None = None
    is_refused: bool = False

    def is_fresh(self, boot_id: str, boot_time_s: float) -> bool:
        """Return whether this may be shown as how things are now."""
        age_s = boot_time_s - self.heard_boot_ns / 1e9
        return self.boot_id == boot_id and 0 <= age_s <= FRESH_S

    def age_s(self, now: Stamp) -> float | None:
        """Return how long ago it was heard; None where no clock tells."""
        if self.boot_id == now.boot_id:
            return (now.boot_time_ns - self.heard_boot_ns) / 1e9
        if not (told_time(self.clock) and now.tells_time):
            return None
        return (now.wall_time - datetime.fromisoformat(self.wall_time)).total_seconds()


def word_of(hub: str, answer: TicketsAnswer, stamp: Stamp, former: HubWord | None, *, is_refused: bool) -> HubWord:
    """Return what a hub said just now; of tickets what the same hub said before stays, where it says nothing newer."""
    return HubWord(
        hub=hub,
        term=answer.term,
        boot_id=stamp.boot_id,
        heard_boot_ns=stamp.boot_time_ns,
        wall_time=stamp.text,
        queue=answer.queue,
        tickets=latest(former.tickets if former is not None and former.hub == hub else {}, answer.taken),
        calls=answer.calls,
        help={one.id: one for one in answer.help},
        closed_day=answer.closed_day,
        clock=stamp.clock,
        hall_time=answer.now,
        is_refused=is_refused,
    )


def write_word(data_dir: Path, word: HubWord) -> None:
    """Put the word where the screen's process reads it. Raises OSError."""
    path = data_dir / FILE
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(word))
    fresh.replace(path)


def read_word(data_dir: Path) -> HubWord | None:
    """Return what the hub last said, None where nothing is there or nothing can be read of it."""
    path = data_dir / FILE
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None
        return msgspec.json.decode(path.read_bytes(), type=HubWord)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def latest(tickets: dict[str, TakenTicket], told: list[TakenTicket]) -> dict[str, TakenTicket]:
    """Return what is known of the latest tickets, the newest word last."""
    merged = {**tickets}
    for one in told:
        merged.pop(one.id, None)
        merged[one.id] = one
    return dict(list(merged.items())[-_KEPT_TICKETS:])
