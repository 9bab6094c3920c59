"""How long a printer's line is listened to: in short steps while it rests, and never for ever while it babbles."""

from devices.receipt_printer.dialogue.link import PrinterLink
from tests.devices.fake_transport import FakeTransport


class Listened(FakeTransport):
    """Notes for how long each read may wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def read(self, size: int, timeout_s: float) -> bytes:
        self.waits.append(round(timeout_s, 6))
        return super().read(size, timeout_s)


def test_while_it_rests_it_listens_a_tenth_of_a_second_at_a_time_to_the_end() -> None:
    line = Listened()
    PrinterLink(line, line.clock).rest(0.25)
    assert line.waits == [0.1, 0.1, 0.05]
    assert line.sent == []
    line.waits.clear()
    PrinterLink(line, line.clock).rest(0.0)
    assert line.waits == []


def test_what_lies_there_unasked_is_taken_sixteen_times_at_most() -> None:
    line = Listened()
    link = PrinterLink(line, line.clock)
    line.incoming.extend([b"\x12"] * 3)
    link.drain()
    assert line.waits == [0.0] * 4
    line.waits.clear()
    line.incoming.extend([b"\x12"] * 40)
    link.drain()
    assert line.waits == [0.0] * 16


def test_a_job_goes_out_in_kilobytes_and_what_comes_meanwhile_is_taken() -> None:
    line = Listened()
    link = PrinterLink(line, line.clock)
    link.write(b"x" * 2049)
    assert [len(sent) for sent in line.sent] == [1024, 1024, 1]
    assert line.waits == [0.0] * 3
