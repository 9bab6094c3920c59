"""A printer whose power fails in mid-job, on a line that then says anything at all."""

import random

from devices.protocols import Printed
from tests.kit.printers import PAPER, Bench


def lying_printer_is_believed(chance: random.Random, number: int) -> bool:
    """The power fails before the cut, and afterwards the line says anything at all."""
    bench = Bench("epson-tm-t20iii" if number % 2 else "xprinter-xp80t", process_id=number % 2 == 1)
    if not bench.printer.status().can_print:
        return False
    bench.simulator.faults.dies_at = bench.simulator.received + 60 + chance.randrange(2500)
    tick = bench.simulator.tick

    def lie(now: float) -> bytes:
        said = tick(now)
        if bench.simulator.powered or chance.random() < 0.9:
            return said
        return chance.choice((b"\x12", b"\x00", b"\x03", b"\x14\x00\x00\x0f", b"\x12\x12\x12\x12", chance.randbytes(3)))

    bench.simulator.tick = lie  # type: ignore[method-assign]
    result = bench.printer.print(PAPER)
    return isinstance(result, Printed)
