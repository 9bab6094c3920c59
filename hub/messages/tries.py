"""How often a number's texts name an alarm that it was not told of: senders can be forged, and two digits are few.

Counted by this process alone: what it holds up is somebody who goes through the ninety, not who mistypes one.
"""

from collections import OrderedDict
from typing import Final

AN_HOUR: Final = 5
_HOUR_S: Final = 3600.0
_MOST_NUMBERS: Final = 1000


class Tries:
    """The wrong tries of the last hour, by the mark of their number."""

    def __init__(self) -> None:
        """Begin with none."""
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    def are_left(self, person: str, now_s: float) -> bool:
        """Return whether this number may try again now; `now_s`: of a clock that only runs on."""
        return len(self._of_the_hour(person, now_s)) < AN_HOUR

    def note(self, person: str, now_s: float) -> None:
        """Count one that was wrong."""
        self._wrong[person] = [*self._of_the_hour(person, now_s), now_s]
        self._wrong.move_to_end(person)
        if len(self._wrong) > _MOST_NUMBERS:
            self._wrong.popitem(last=False)

    def _of_the_hour(self, person: str, now_s: float) -> list[float]:
        return [at for at in self._wrong.get(person, []) if now_s - at < _HOUR_S]
