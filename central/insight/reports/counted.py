"""What was counted of a centre over some days. All of it adds up, so that a month is the sum of its days.

Times are kept one by one, in whole seconds: the median of a month can't be had from the medians of its days.
"""

from statistics import quantiles
from typing import Final

from msgspec import Struct

_COUNTS: Final = (
    "by_day",
    "by_hour",
    "ends",
    "priority",
    "ranges",
    "words",
    "orders",
    "papers",
    "unserved_by_half_hour",
    "claims",
)


class Served(Struct, omit_defaults=True):
    """What was measured of one service, in whole seconds."""

    visitors: int = 0
    documents: int = 0
    waits_s: list[int] = []
    service_s: list[int] = []
    missed: int = 0
    asked: int = 0
    """Visits whose visitor was asked how it went."""

    def add(self, other: "Served") -> None:
        """Take what was counted elsewhere into this."""
        self.visitors += other.visitors
        self.documents += other.documents
        self.waits_s += other.waits_s
        self.service_s += other.service_s
        self.missed += other.missed
        self.asked += other.asked


class Counted(Struct, kw_only=True, omit_defaults=True):
    """What a centre did.

    Attributes:
        by_day: numbers given a business day.
        by_hour: numbers given by the hour of the day, in the centre's time; without those of a clock that tells none.
        ends: how visits ended, `open` for those of which no end was told; their sum is `issued`.
        waits_without_cuts_s: the same waits less the minutes in which the hub stood still.
        wrong_clocks: waits that no clock explains, left out of all times.
        ranges: `told`, `held`, and `too_little`: who waited longer than the range said.
        words: `sure`, who was told that he is called that day, and `sure_called` among them; `uncalled`, who went home
            without, and `warned` among them, on arrival.
        orders: orders taken at kiosks by outcome.
        papers: what became of papers: `printed`, `not_printed`, `unknown`, and `copies` among them.
        cut_s: for how long the centre's hub stood still.
        waits_by_half_hour: seconds until the last call, by the half hour (`HH:MM`) in which a number was given.
        unserved_by_half_hour: the numbers of the same that were never called, though they waited to the end.
        waiting_by_half_hour: how many waited in the middle of it, a figure a day.
        claims: appointments and numbers from afar, as `booked_arrived`, `booked_missed`, and the same of `afar`.
        waits_by_claim: seconds until the last call of `booked`, from their time on, of `afar`, and of all `others`.
    """

    issued: int = 0
    by_day: dict[str, int] = {}
    by_hour: dict[int, int] = {}
    ends: dict[str, int] = {}
    services: dict[str, Served] = {}
    waits_s: list[int] = []
    waits_without_cuts_s: list[int] = []
    service_s: list[int] = []
    wrong_clocks: int = 0
    priority: dict[str, int] = {}
    priority_waits_s: list[int] = []
    ranges: dict[str, int] = {}
    words: dict[str, int] = {}
    orders: dict[str, int] = {}
    papers: dict[str, int] = {}
    cut_s: int = 0
    waits_by_half_hour: dict[str, list[int]] = {}
    unserved_by_half_hour: dict[str, int] = {}
    waiting_by_half_hour: dict[str, list[int]] = {}
    claims: dict[str, int] = {}
    waits_by_claim: dict[str, list[int]] = {}

    def add(self, other: "Counted") -> None:
        """Take what was counted elsewhere into this."""
        self.issued += other.issued
        self.wrong_clocks += other.wrong_clocks
        self.cut_s += other.cut_s
        for name in ("waits_s", "waits_without_cuts_s", "service_s", "priority_waits_s"):
            getattr(self, name).extend(getattr(other, name))
        for name in _COUNTS:
            counts = getattr(self, name)
            for key, n in getattr(other, name).items():
                more(counts, key, n)
        for name in ("waits_by_half_hour", "waiting_by_half_hour", "waits_by_claim"):
            lists = getattr(self, name)
            for half_hour, values in getattr(other, name).items():
                lists.setdefault(half_hour, []).extend(values)
        for code, served in other.services.items():
            self.of_service(code).add(served)

    def of_service(self, code: str) -> Served:
        """What was measured of a service, to be added to."""
        return self.services.setdefault(code, Served())


def more[Key](counts: dict[Key, int], key: Key, n: int = 1) -> None:
    """Count one more, or `n`; what is never counted has no entry."""
    if n:
        counts[key] = counts.get(key, 0) + n


def median(values: list[int]) -> int | None:
    """Return the middle one, None of none."""
    return _percentile(values, 50)


def p90(values: list[int]) -> int | None:
    """Return what nine of ten stay below, None of none."""
    return _percentile(values, 90)


def _percentile(values: list[int], percent: int) -> int | None:
    if len(values) < 2:
        return values[0] if values else None
    return round(quantiles(values, n=100, method="inclusive")[percent - 1])
