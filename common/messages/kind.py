"""The kinds of messages: how long each is of use, and whether it may be said twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, get_args

Kind = Literal["order-ready", "claim-tomorrow", "claim-off", "near", "works-again", "staff-alarm", "staff-need"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
State = Literal["waiting", "handed", "delivered", "failed", "dropped", "unknown"]
"""waiting -> handed -> delivered | failed; unknown: nobody knows whether it was sent; dropped: its life was over."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Of one kind.

    `life` is None where it is of use until the moment that it is about. `at_most_once`: said twice it would mislead, so
    one whose handing was interrupted is `unknown` and stays so; the others are said again. `at_night`: also outside the
    hours in which citizens are written to.
    """

    life: timedelta | None
    at_most_once: bool
    at_night: bool = False


RULES: Final[Mapping[Kind, Rule]] = {
    "order-ready": Rule(timedelta(days=7), at_most_once=False),
    "claim-tomorrow": Rule(None, at_most_once=True),
    "claim-off": Rule(None, at_most_once=False),
    "near": Rule(timedelta(minutes=5), at_most_once=True, at_night=True),
    "works-again": Rule(timedelta(minutes=30), at_most_once=True),
    "staff-alarm": Rule(timedelta(hours=1), at_most_once=True, at_night=True),
    "staff-need": Rule(timedelta(days=7), at_most_once=False),
}
Alarm = Literal[
    "kiosk-silent",
    "paper-out",
    "on-battery",
    "printer-cutter",
    "follower-gone",
    "certificate-ending",
    "interruption-long",
    "no-internet",
]
"""What a hub's staff is told of, besides what somebody says by hand."""
ALARMS: Final[tuple[Alarm, ...]] = get_args(Alarm)
NEAR_BEFORE: Final = 5
"""How many are still before somebody who asked to be told."""
LONGEST: Final = 70
"""Letters of one text in UCS-2: a longer one is sent, and paid, as two."""


def fits(text: str) -> bool:
    """Return whether a text goes out as one."""
    return len(text.encode("utf-16-be")) <= 2 * LONGEST
