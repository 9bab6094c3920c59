"""Stands for what delivers items or carries inquiries; it notes how it was run."""

from typing import Self


class Carrying:
    """Delivers so many at each run."""

    def __init__(self, delivered: int = 0) -> None:
        self.delivered = delivered
        self.ran: list[object] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run_once(self) -> int:
        """See `Forwarder`."""
        self.ran.append("once")
        return self.delivered

    def run(self, stop: object) -> None:
        """See `Forwarder`."""
        self.ran.append(stop)
