"""Which touches count: one finger, long enough to be meant, ended where it began.

Panels send more than fingers: drops, a sleeve, a dirty spot, a second finger. A touch shorter than
30 ms or jumping more than 40 mm counts for nothing; one that stays longer than 20 s is a dirty or broken panel and is
reported; other fingers count for nothing while the first is down. No Kivy: times and places are given in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

SHORTEST_S = 0.030
TAP_S = 0.055  # as short as fingers tap
STUCK_S = 20.0
JUMP_MM = 40.0

Verdict = Literal["ignored", "down", "held", "up", "dropped"]


@dataclass
class _Finger:
    key: object
    x: float
    y: float
    since_s: float
    waited_s: float  # so long it may have been down before the loop saw it
    dropped: bool = False


@dataclass
class TouchGate:
    """Judges the touches of one panel; `now` is a monotonic clock in seconds, places are in pixels."""

    px_per_mm: float
    now: Callable[[], float]
    on_stuck: Callable[[], None] = lambda: None
    since_last_look_s: Callable[[], float] = lambda: 0.0  # how long events had to wait for the loop to look at them
    _finger: _Finger | None = field(default=None, init=False)
    _stuck: set[object] = field(default_factory=set, init=False)

    def down(self, key: object, x: float, y: float) -> Verdict:
        """Judge a finger that comes down. A finger that has been down for too long no longer bars the others."""
        self.watch()
        if self._finger is not None:
            return "ignored"
        self._finger = _Finger(key, x, y, self.now(), self.since_last_look_s())
        return "down"

    def move(self, key: object, x: float, y: float) -> Verdict:
        """Judge a movement: a jump drops the touch."""
        finger = self._finger
        if finger is None or finger.key != key or finger.dropped:
            return "ignored"
        if abs(x - finger.x) > JUMP_MM * self.px_per_mm or abs(y - finger.y) > JUMP_MM * self.px_per_mm:
            finger.dropped = True
            return "dropped"
        finger.x, finger.y = x, y
        return "held"

    def up(self, key: object) -> Verdict:
        """Judge a finger that leaves: `up` is a touch that counts."""
        self._stuck.discard(key)
        finger = self._finger
        if finger is None or finger.key != key:
            return "ignored"
        self._finger = None
        seen_s = self.now() - finger.since_s
        # A late loop sees both ends of a real touch at once, or one soon after the other: where it may have been as
        # long as fingers tap, it counts.
        is_short = seen_s < SHORTEST_S and seen_s + finger.waited_s < TAP_S
        return "dropped" if finger.dropped or is_short else "up"

    def watch(self) -> Verdict:
        """Give up a finger that stays too long; report it once."""
        finger = self._finger
        if finger is None or self.now() - finger.since_s <= STUCK_S:
            return "ignored"
        self._finger = None
        if finger.key not in self._stuck:
            self._stuck.add(finger.key)
            self.on_stuck()
        return "dropped"


@dataclass
class CornerHold:
    """The technician's gesture: fingers in two opposite corners at once, held for 3 s."""

    corner_px: float
    width_px: float
    height_px: float
    now: Callable[[], float]
    hold_s: float = 3.0
    _corners: dict[object, int] = field(default_factory=dict, init=False)
    _since_s: float | None = field(default=None, init=False)

    def is_corner(self, x: float, y: float) -> bool:
        """Return whether a place lies in a corner."""
        sides = x < self.corner_px or x > self.width_px - self.corner_px
        return sides and (y < self.corner_px or y > self.height_px - self.corner_px)

    def down(self, key: object, x: float, y: float) -> None:
        """Note a finger that comes down in a corner."""
        right, top = x > self.width_px - self.corner_px, y > self.height_px - self.corner_px
        left, bottom = x < self.corner_px, y < self.corner_px
        if (left or right) and (top or bottom):
            self._corners[key] = (1 if right else 0) + (2 if top else 0)
            self._start()

    def up(self, key: object) -> None:
        """Note a finger that leaves."""
        self._corners.pop(key, None)
        self._start()

    def _start(self) -> None:
        held = set(self._corners.values())
        opposite = {0, 3} <= held or {1, 2} <= held
        self._since_s = (self._since_s or self.now()) if opposite else None

    def is_complete(self) -> bool:
        """Tell, once, that the gesture has been held long enough."""
        if self._since_s is None or self.now() - self._since_s < self.hold_s:
            return False
        self._since_s = None
        self._corners.clear()
        return True


@dataclass
class TwoFingerHold:
    """Two fingers held on the panel, away from its corners: what somebody does who can't see where the button is."""

    jump_px: float
    is_corner: Callable[[float, float], bool]
    now: Callable[[], float]
    hold_s: float = 1.5
    _fingers: dict[object, tuple[float, float]] = field(default_factory=dict, init=False)
    _since_s: float | None = field(default=None, init=False)

    def down(self, key: object, x: float, y: float) -> None:
        """Note a finger that comes down."""
        if self.is_corner(x, y):
            return
        self._fingers[key] = (x, y)
        self._since_s = self.now() if len(self._fingers) == 2 else None

    def move(self, key: object, x: float, y: float) -> None:
        """Note a movement: a finger that wanders holds nothing."""
        start = self._fingers.get(key)
        if start is not None and max(abs(x - start[0]), abs(y - start[1])) > self.jump_px:
            self._since_s = None

    def up(self, key: object) -> None:
        """Note a finger that leaves."""
        self._fingers.pop(key, None)
        self._since_s = None

    def is_complete(self) -> bool:
        """Tell, once, that they have been held long enough."""
        if self._since_s is None or self.now() - self._since_s < self.hold_s:
            return False
        self._since_s = None
        return True
