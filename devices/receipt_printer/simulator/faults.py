"""What can go wrong with a printer, as switches of its simulator, and how it then answers."""

from dataclasses import dataclass


@dataclass(slots=True)
class Faults:
    """Switches, read at each command.

    `cutter` is a jam; who clears it sets `waits_for_recovery` instead. `dies_at` is the received byte at which the
    power fails.
    """

    paper_out: bool = False
    near_end: bool = False
    cover_open: bool = False
    offline: bool = False
    cutter: bool = False
    waits_for_recovery: bool = False
    hot: bool = False
    broken: bool = False
    silent: bool = False
    dies_at: int | None = None
    out_after_rows: int | None = None

    @property
    def is_cutter_error(self) -> bool:
        """Whether the cutter is jammed, or was and the printer waits for DLE ENQ (the same, p. 87)."""
        return self.cutter or self.waits_for_recovery

    @property
    def blocks(self) -> bool:
        """Whether nothing is printed for now; the received bytes stay in the buffer."""
        return self.paper_out or self.cover_open or self.offline or self.is_cutter_error or self.broken or self.hot

    def real_time(self, number: int) -> bytes:
        """Answer DLE EOT 1 to 4 (Epson TM-T88III specification, p. 84)."""
        value = {
            1: 0x08 * self.blocks,
            2: 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * (self.is_cutter_error or self.broken),
            3: 0x08 * self.is_cutter_error | 0x20 * self.broken | 0x40 * self.hot,
            4: 0x0C * (self.near_end or self.paper_out) | 0x60 * self.paper_out,
        }[number]
        return bytes((0x12 | value,))

    def automatic(self) -> bytes:
        """Say the four bytes of automatic status (the same, p. 145)."""
        return bytes(
            (
                0x10 | 0x08 * self.blocks | 0x20 * self.cover_open,
                0x08 * self.is_cutter_error | 0x20 * self.broken | 0x40 * self.hot,
                0x03 * (self.near_end or self.paper_out) | 0x0C * self.paper_out,
                0x0F,
            )
        )
